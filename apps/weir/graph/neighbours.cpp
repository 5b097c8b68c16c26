#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "apps/weir/graph/named_graph.hpp"
#include "apps/weir/graph/neighbourhood.hpp"
#include "apps/weir/graph/verbs.hpp"
#include "apps/weir/summary.hpp"
#include "apps/weir/text_table.hpp"

namespace weir::app {

namespace {

using graph::vertex_id;

struct neighbours_options {
  graph_input_options input;
  std::string of;
  std::uint32_t hops = 1;
  std::size_t top = 50;
  answer_format format = answer_format::text;
};

/// One line of the answer: a vertex that is so many hops away, and its edges with the one before it.
struct reached {
  std::uint32_t hops = 0;
  vertex_id from{};  // who is nearer
  counterpart to;
};

/// Who is near, level by level: each vertex once, with the first of the nearer ones that has an edge with it.
std::vector<reached> reach(const graph::store& g, vertex_id start, std::uint32_t hops) {
  std::vector<bool> met(g.vertex_count());
  met[static_cast<std::size_t>(start)] = true;
  std::vector<reached> all;
  std::vector<vertex_id> level{start};
  for (std::uint32_t hop = 1; hop <= hops && !level.empty(); ++hop) {
    std::vector<vertex_id> next;
    for (const vertex_id v : level) {
      for (const counterpart& other : counterparts_of(g, v)) {
        if (met[static_cast<std::size_t>(other.vertex)]) continue;
        met[static_cast<std::size_t>(other.vertex)] = true;
        next.push_back(other.vertex);
        all.push_back({.hops = hop, .from = v, .to = other});
      }
    }
    level = std::move(next);
  }
  return all;
}

std::string as_text(const std::vector<reached>& all, const named_graph& g, const neighbours_options& options) {
  if (all.empty()) return fmt::format("{} has no neighbour in the window\n", options.of);
  std::vector<std::string> header{"vertex", "hops", "of", "edges to it", "from it"};
  if (g.has_weights) header.insert(header.end(), {"weight to it", "from it"});
  header.insert(header.end(), {"first", "last"});
  text_table table(header, {2});
  for (std::size_t i = 0; i < std::min(all.size(), options.top); ++i) {
    const auto& [hops, from, to] = all[i];
    std::vector<std::string> row{fitted(g.name(to.vertex), 40), std::to_string(hops), fitted(g.name(from), 24),
                                 grouped(to.sent), grouped(to.received)};
    if (g.has_weights) {
      row.push_back(grouped_weight(to.sent_weight, g.digits));
      row.push_back(grouped_weight(to.received_weight, g.digits));
    }
    row.push_back(time_text(to.first));
    row.push_back(time_text(to.last));
    table.add(std::move(row));
  }
  auto text = table.text();
  if (all.size() > options.top) text += fmt::format("  and {} more: --top\n", grouped(all.size() - options.top));
  return text;
}

std::string as_csv(const std::vector<reached>& all, const named_graph& g) {
  std::string text = "vertex,hops,of,edges_to,edges_from,weight_to,weight_from,first,last\n";
  for (const auto& [hops, from, to] : all) {
    text += fmt::format("{},{},{},{},{},{},{},{},{}\n", csv_text(g.name(to.vertex)), hops, csv_text(g.name(from)),
                        to.sent, to.received, weight_text(to.sent_weight, g.digits),
                        weight_text(to.received_weight, g.digits), time_text(to.first), time_text(to.last));
  }
  return text;
}

std::string as_json(const std::vector<reached>& all, const named_graph& g) {
  auto json = nlohmann::ordered_json::array();
  for (const auto& [hops, from, to] : all) {
    json.push_back({{"vertex", g.name(to.vertex)},
                    {"hops", hops},
                    {"of", g.name(from)},
                    {"edges_to", to.sent},
                    {"edges_from", to.received},
                    {"weight_to", weight_text(to.sent_weight, g.digits)},
                    {"weight_from", weight_text(to.received_weight, g.digits)},
                    {"first", time_text(to.first)},
                    {"last", time_text(to.last)}});
  }
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

exit_code graph_neighbours_verb(const neighbours_options& options) {
  const auto g = read_graph(options.input);
  const auto all = reach(g.edges, g.names.find_or_fail("--of", options.of), options.hops);
  switch (options.format) {
    case answer_format::text: print_answer(as_text(all, g, options)); break;
    case answer_format::json: print_answer(as_json(all, g)); break;
    case answer_format::csv: print_answer(as_csv(all, g)); break;
  }
  return exit_code::done;
}

}  // namespace

void add_graph_neighbours(CLI::App& graph, exit_code& result) {
  auto* verb = graph.add_subcommand("neighbours", "Whom a vertex has edges with, and what these are together");
  auto options = std::make_shared<neighbours_options>();  // lives as long as the callback that CLI11 keeps
  add_graph_input(*verb, options->input);
  verb->add_option("--of", options->of, "The vertex")->type_name("VERTEX")->required();
  verb->add_option("--hops", options->hops, "How far, in edges of any direction")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  verb->add_option("--top", options->top, "So many are shown as text; json and csv have all")->capture_default_str();
  add_answer_format(*verb, options->format);
  verb->footer("weir graph neighbours transfers.csv --of 4711 --hops 2 --keep 30d");
  verb->callback([options, &result] { result = graph_neighbours_verb(*options); });
}

}  // namespace weir::app
