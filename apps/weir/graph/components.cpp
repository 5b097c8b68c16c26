#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "apps/weir/graph/components_of.hpp"
#include "apps/weir/graph/named_graph.hpp"
#include "apps/weir/graph/verbs.hpp"
#include "apps/weir/summary.hpp"
#include "apps/weir/text_table.hpp"

namespace weir::app {

namespace {

using graph::vertex_id;
using parts = std::vector<std::vector<vertex_id>>;

constexpr std::size_t members_shown = 4;

struct components_options {
  graph_input_options input;
  std::string of;
  std::size_t top = 20;
  answer_format format = answer_format::text;
};

std::size_t edges_in(const named_graph& g, const std::vector<vertex_id>& part) {
  std::size_t edges = 0;
  for (const vertex_id v : part) edges += g.edges.out_degree(v);
  return edges;
}

std::string members_text(const named_graph& g, const std::vector<vertex_id>& part) {
  std::string text;
  for (std::size_t i = 0; i < std::min(part.size(), members_shown); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", fitted(g.name(part[i]), 24));
  }
  return part.size() > members_shown ? text + ", …" : text;
}

std::string as_text(const parts& all, const named_graph& g, std::size_t top) {
  std::size_t vertices = 0;
  for (const auto& part : all) vertices += part.size();
  auto text = fmt::format("{} component{} of {} vertices\n", grouped(all.size()), all.size() == 1 ? "" : "s",
                          grouped(vertices));
  if (all.empty()) return text;
  text_table table({"component", "vertices", "edges", "of"}, {3});
  for (std::size_t i = 0; i < std::min(all.size(), top); ++i) {
    table.add({std::to_string(i + 1), grouped(all[i].size()), grouped(edges_in(g, all[i])), members_text(g, all[i])});
  }
  text += table.text();
  if (all.size() > top) text += fmt::format("  and {} more: --top\n", grouped(all.size() - top));
  return text;
}

std::string as_csv(const parts& all, const named_graph& g) {
  std::string text = "vertex,component,size\n";
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const vertex_id v : all[i]) text += fmt::format("{},{},{}\n", csv_text(g.name(v)), i + 1, all[i].size());
  }
  return text;
}

std::string as_json(const parts& all, const named_graph& g) {
  auto json = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < all.size(); ++i) {
    nlohmann::ordered_json members = nlohmann::ordered_json::array();
    for (const vertex_id v : all[i]) members.push_back(g.name(v));
    json.push_back({{"component", i + 1},
                    {"size", all[i].size()},
                    {"edges", edges_in(g, all[i])},
                    {"vertices", std::move(members)}});
  }
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

/// The members of the component of a vertex.
std::string members_of(const parts& all, const named_graph& g, const components_options& options) {
  const auto v = g.names.find_or_fail("--of", options.of);
  const auto has = [v](const auto& part) { return std::ranges::find(part, v) != part.end(); };
  const auto found = std::ranges::find_if(all, has);
  if (found == all.end()) return fmt::format("{} has no edge in the window\n", options.of);
  if (options.format == answer_format::csv) return as_csv({*found}, g);
  if (options.format == answer_format::json) return as_json({*found}, g);
  std::string text = fmt::format("{} vertices, {} edges\n", grouped(found->size()), grouped(edges_in(g, *found)));
  for (const vertex_id member : *found) text += fmt::format("  {}\n", fitted(g.name(member), 100));
  return text;
}

exit_code graph_components_verb(const components_options& options) {
  const auto g = read_graph(options.input);
  const auto all = components_of(g.edges);
  if (!options.of.empty()) {
    print_answer(members_of(all, g, options));
  } else if (options.format == answer_format::csv) {
    print_answer(as_csv(all, g));
  } else {
    print_answer(options.format == answer_format::json ? as_json(all, g) : as_text(all, g, options.top));
  }
  return exit_code::done;
}

}  // namespace

void add_graph_components(CLI::App& graph, exit_code& result) {
  auto* verb = graph.add_subcommand("components", "Who is connected to whom, whatever the direction of the edges");
  auto options = std::make_shared<components_options>();  // lives as long as the callback that CLI11 keeps
  add_graph_input(*verb, options->input);
  verb->add_option("--of", options->of, "Only the component of this vertex, all of it")->type_name("VERTEX");
  verb->add_option("--top", options->top, "So many, the largest first")->capture_default_str();
  add_answer_format(*verb, options->format);
  verb->footer("weir graph components transfers.csv --keep 30d --format csv");
  verb->callback([options, &result] { result = graph_components_verb(*options); });
}

}  // namespace weir::app
