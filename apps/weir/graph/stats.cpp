#include <algorithm>
#include <cstdint>
#include <functional>
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
#include "graph/algorithms/fans.hpp"
#include "graph/algorithms/flows.hpp"
#include "graph/algorithms/triangles.hpp"

namespace weir::app {

namespace {

using graph::vertex_id;

struct stats_options {
  graph_input_options input;
  std::size_t top = 10;
  answer_format format = answer_format::text;
};

struct graph_stats {
  std::size_t edges = 0;
  std::size_t vertices = 0;
  std::size_t pairs = 0;
  std::size_t self_loops = 0;
  std::size_t components = 0;
  std::size_t largest = 0;
  std::uint64_t triangles = 0;
  std::int64_t weight = 0;
  std::string first;
  std::string last;
  graph::flows flows;
  graph::fans fans;
  std::vector<vertex_id> busiest;  // by edges, those with the most
};

std::uint64_t edges_of(const graph::flow& of) { return of.in_degree + of.out_degree; }

graph_stats stats_of(const named_graph& g, std::size_t top) {
  graph_stats s;
  s.edges = g.edges.edge_count();
  s.flows.recompute(g.edges);
  s.fans.recompute(g.edges);
  s.pairs = s.fans.pairs().size();
  for (const graph::edge& e : g.edges.edges()) {
    if (s.first.empty()) s.first = time_text(e.at);
    if (e.from == e.to) ++s.self_loops;
    s.weight = static_cast<std::int64_t>(static_cast<std::uint64_t>(s.weight) + static_cast<std::uint64_t>(e.weight));
    s.last = time_text(e.at);
  }
  const auto parts = components_of(g.edges);
  s.components = parts.size();
  s.largest = parts.empty() ? 0 : parts.front().size();
  for (const auto& part : parts) s.busiest.insert(s.busiest.end(), part.begin(), part.end());
  s.vertices = s.busiest.size();
  const auto busier = [&](vertex_id a, vertex_id b) {
    const auto of_a = edges_of(s.flows[a]);
    const auto of_b = edges_of(s.flows[b]);
    return of_a != of_b ? of_a > of_b : a < b;
  };
  const auto shown = std::min(top, s.busiest.size());
  std::ranges::partial_sort(s.busiest, s.busiest.begin() + static_cast<std::ptrdiff_t>(shown), busier);
  s.busiest.resize(shown);
  graph::triangles triangles;
  triangles.recompute(g.edges);
  s.triangles = triangles.count();
  return s;
}

std::string busiest_text(const graph_stats& s, const named_graph& g) {
  std::vector<std::string> header{"vertex", "edges in", "out", "from", "to"};
  if (g.has_weights) header.insert(header.end(), {"weight in", "out"});
  text_table table(header);
  for (const vertex_id v : s.busiest) {
    const auto& flow = s.flows[v];
    std::vector<std::string> row{fitted(g.name(v), 40), grouped(flow.in_degree), grouped(flow.out_degree),
                                 grouped(s.fans[v].in), grouped(s.fans[v].out)};
    if (g.has_weights) {
      row.push_back(grouped_weight(flow.in_flow, g.digits));
      row.push_back(grouped_weight(flow.out_flow, g.digits));
    }
    table.add(std::move(row));
  }
  return table.text();
}

std::string as_text(const graph_stats& s, const named_graph& g) {
  if (s.edges == 0) return "no edges\n";
  std::string text = fmt::format("{:<14}{:>15}  {} to {}\n", "edges", grouped(s.edges), s.first, s.last);
  const auto line = [&text](std::string_view what, const std::string& number) {
    text += fmt::format("{:<14}{:>15}\n", what, number);
  };
  line("vertices", grouped(s.vertices));
  line("pairs", grouped(s.pairs));
  line("self loops", grouped(s.self_loops));
  line("components", grouped(s.components));
  line("  the largest", grouped(s.largest));
  line("triangles", grouped(s.triangles));
  if (g.has_weights) line("weight", grouped_weight(s.weight, g.digits));
  if (!s.busiest.empty()) text += "\nwith the most edges\n" + busiest_text(s, g);
  return text;
}

std::string as_json(const graph_stats& s, const named_graph& g) {
  nlohmann::ordered_json json{{"edges", s.edges},
                              {"first", s.first},
                              {"last", s.last},
                              {"vertices", s.vertices},
                              {"pairs", s.pairs},
                              {"self_loops", s.self_loops},
                              {"components", s.components},
                              {"largest_component", s.largest},
                              {"triangles", s.triangles}};
  if (g.has_weights) json["weight"] = weight_text(s.weight, g.digits);
  json["busiest"] = nlohmann::ordered_json::array();
  for (const vertex_id v : s.busiest) {
    const auto& flow = s.flows[v];
    json["busiest"].push_back({{"vertex", g.name(v)},
                               {"in_degree", flow.in_degree},
                               {"out_degree", flow.out_degree},
                               {"fan_in", s.fans[v].in},
                               {"fan_out", s.fans[v].out},
                               {"in_flow", weight_text(flow.in_flow, g.digits)},
                               {"out_flow", weight_text(flow.out_flow, g.digits)}});
  }
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

exit_code graph_stats_verb(const stats_options& options) {
  const auto g = read_graph(options.input);
  const auto found = stats_of(g, options.top);
  print_answer(options.format == answer_format::json ? as_json(found, g) : as_text(found, g));
  return exit_code::done;
}

}  // namespace

void add_graph_stats(CLI::App& graph, exit_code& result) {
  auto* verb =
      graph.add_subcommand("stats", "How large the graph is, how it hangs together, and who has the most edges");
  auto options = std::make_shared<stats_options>();  // lives as long as the callback that CLI11 keeps
  add_graph_input(*verb, options->input);
  verb->add_option("--top", options->top, "So many vertices with the most edges")->capture_default_str();
  add_answer_format(*verb, options->format, false);
  verb->footer("weir graph stats transfers.csv.gz --from sourceNodeId --to targetNodeId --at time --unit 1h");
  verb->callback([options, &result] { result = graph_stats_verb(*options); });
}

}  // namespace weir::app
