#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "apps/weir/graph/named_graph.hpp"
#include "apps/weir/graph/verbs.hpp"
#include "apps/weir/text_table.hpp"
#include "graph/algorithms/page_rank.hpp"

namespace weir::app {

namespace {

using graph::vertex_id;

struct pagerank_options {
  graph_input_options input;
  std::vector<std::string> seeds;
  double damping = 0.85;
  double error_max = 1e-6;
  std::size_t top = 20;
  answer_format format = answer_format::text;
};

struct ranked {
  std::vector<vertex_id> order;  // the greatest rank first
  graph::page_rank ranks;
};

graph::page_rank_options rank_options(const pagerank_options& options, const named_graph& g) {
  graph::page_rank_options chosen{.damping = options.damping, .error_max = options.error_max};
  for (const auto& seed : options.seeds) chosen.seeds.push_back(g.names.find_or_fail("--seed", seed));
  return chosen;
}

/// Vertices with an edge. Ranks that are equal are in the order in which the vertices were met.
ranked rank(const named_graph& g, const pagerank_options& options) {
  ranked found{.order = {}, .ranks = graph::page_rank(rank_options(options, g))};
  found.ranks.recompute(g.edges);
  for (std::uint32_t i = 0; i < g.edges.vertex_count(); ++i) {
    const vertex_id v{i};
    if (g.edges.out_degree(v) + g.edges.in_degree(v) > 0) found.order.push_back(v);
  }
  std::ranges::stable_sort(found.order, [&](vertex_id a, vertex_id b) { return found.ranks[a] > found.ranks[b]; });
  return found;
}

std::string as_text(const ranked& found, const named_graph& g, std::size_t top) {
  text_table table({"vertex", "rank"});
  for (std::size_t i = 0; i < std::min(found.order.size(), top); ++i) {
    table.add({fitted(g.name(found.order[i]), 60), fmt::format("{:.6g}", found.ranks[found.order[i]])});
  }
  return table.text() + fmt::format("all errors together are at most {:.2g} of all ranks\n", found.ranks.error_bound());
}

std::string as_csv(const ranked& found, const named_graph& g) {
  std::string text = "vertex,rank\n";
  for (const vertex_id v : found.order) text += fmt::format("{},{:.9g}\n", csv_text(g.name(v)), found.ranks[v]);
  return text;
}

std::string as_json(const ranked& found, const named_graph& g) {
  nlohmann::ordered_json json{{"error_bound", found.ranks.error_bound()}};
  auto& ranks = json["ranks"] = nlohmann::ordered_json::array();
  for (const vertex_id v : found.order) ranks.push_back({{"vertex", g.name(v)}, {"rank", found.ranks[v]}});
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

exit_code graph_pagerank_verb(const pagerank_options& options) {
  const auto g = read_graph(options.input);
  const auto found = rank(g, options);
  switch (options.format) {
    case answer_format::text: print_answer(as_text(found, g, options.top)); break;
    case answer_format::json: print_answer(as_json(found, g)); break;
    case answer_format::csv: print_answer(as_csv(found, g)); break;
  }
  return exit_code::done;
}

}  // namespace

void add_graph_pagerank(CLI::App& graph, exit_code& result) {
  auto* verb = graph.add_subcommand("pagerank", "PageRank, or the risk that comes from known bad accounts");
  auto options = std::make_shared<pagerank_options>();  // lives as long as the callback that CLI11 keeps
  add_graph_input(*verb, options->input);
  verb->add_option("--seed", options->seeds, "Ranks start here (personalised), and not everywhere; may be given again")
      ->type_name("VERTEX")
      ->allow_extra_args(false);
  verb->add_option("--damping", options->damping, "The share of a rank that goes on along edges")
      ->check(CLI::Range(0.0, 0.999))
      ->capture_default_str();
  verb->add_option("--error-max", options->error_max, "All errors together, as a share of all ranks")
      ->check(CLI::Range(1e-12, 1.0))
      ->capture_default_str();
  verb->add_option("--top", options->top, "So many of the greatest, as text")->capture_default_str();
  add_answer_format(*verb, options->format);
  verb->footer("weir graph pagerank transfers.csv --keep 30d --seed 4711");
  verb->callback([options, &result] { result = graph_pagerank_verb(*options); });
}

}  // namespace weir::app
