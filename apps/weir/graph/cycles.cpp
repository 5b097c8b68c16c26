#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "apps/weir/graph/named_graph.hpp"
#include "apps/weir/graph/verbs.hpp"
#include "apps/weir/summary.hpp"
#include "apps/weir/text_table.hpp"
#include "graph/algorithms/temporal_cycles.hpp"

namespace weir::app {

namespace {

struct cycles_options {
  graph_input_options input;
  std::string within;
  std::size_t length_min = 2;
  std::size_t length_max = 6;
  bool in_order = false;
  std::size_t steps_max = 1'000'000;
  std::size_t top = 10;
  answer_format format = answer_format::text;
};

struct found_cycles {
  std::map<std::size_t, std::uint64_t> by_length;
  std::vector<std::vector<graph::edge>> shown;  // in the order in which they close
  std::uint64_t count = 0;
  std::uint64_t truncated = 0;  // searches
};

graph::cycle_options search_options(const cycles_options& options) {
  if (options.within.empty() && options.input.keep.empty()) {
    throw failure(exit_code::usage, "say --within: how long after the first edge the last may be, as in --within 10d");
  }
  if (options.length_min > options.length_max) {
    throw failure(exit_code::usage, "--length-min is more than --length-max");
  }
  const bool own = !options.within.empty();
  return {
      .length_min = options.length_min,
      .length_max = options.length_max,
      .within_us = (own ? duration_of("--within", options.within) : duration_of("--keep", options.input.keep)).count(),
      .in_order = options.in_order,
      .steps_max = options.steps_max};
}

/// All cycles of the window, by the edge that closes each.
found_cycles find_all(const graph::store& g, const graph::cycle_options& options, std::size_t most) {
  found_cycles found;
  const auto keep = [&](graph::cycle_view cycle) {
    ++found.by_length[cycle.size()];
    if (found.count++ >= most) return true;
    auto& edges = found.shown.emplace_back();
    for (const auto& step : cycle) edges.push_back(g.edge_of(step.edge));
    return true;
  };
  for (const graph::edge& last : g.edges()) {
    if (graph::find_cycles(g, last, options, keep).truncated) ++found.truncated;
  }
  return found;
}

std::string path_text(const std::vector<graph::edge>& cycle, const named_graph& g) {
  std::string text;
  for (const auto& e : cycle) text += g.name(e.from) + " -> ";
  return text + g.name(cycle.back().to);
}

std::string as_text(const found_cycles& found, const named_graph& g) {
  std::string text = fmt::format("{} cycle{}\n", grouped(found.count), found.count == 1 ? "" : "s");
  if (found.count > 0) {
    text_table lengths({"edges", "cycles"});
    for (const auto& [length, count] : found.by_length) lengths.add({std::to_string(length), grouped(count)});
    text += lengths.text();
  }
  for (const auto& cycle : found.shown) {
    text += fmt::format("\n{}\n", path_text(cycle, g));
    for (const auto& e : cycle) {
      text += fmt::format("  {}  {}\n", time_text(e.at), g.has_weights ? grouped_weight(e.weight, g.digits) : "");
    }
  }
  if (found.shown.size() < found.count) {
    text += fmt::format("\nand {} more: --top\n", grouped(found.count - found.shown.size()));
  }
  if (found.truncated > 0) {
    text += fmt::format("{} searches ended at --steps-max: there may be more\n", grouped(found.truncated));
  }
  return text;
}

std::string as_csv(const found_cycles& found, const named_graph& g) {
  std::string text = "cycle,step,from,to,at,weight\n";
  for (std::size_t i = 0; i < found.shown.size(); ++i) {
    for (std::size_t step = 0; step < found.shown[i].size(); ++step) {
      const auto& e = found.shown[i][step];
      text += fmt::format("{},{},{},{},{},{}\n", i + 1, step + 1, csv_text(g.name(e.from)), csv_text(g.name(e.to)),
                          time_text(e.at), g.has_weights ? weight_text(e.weight, g.digits) : "");
    }
  }
  return text;
}

std::string as_json(const found_cycles& found, const named_graph& g) {
  nlohmann::ordered_json json{{"count", found.count}, {"truncated", found.truncated}};
  auto& lengths = json["by_length"] = nlohmann::ordered_json::object();
  for (const auto& [length, count] : found.by_length) lengths[std::to_string(length)] = count;
  auto& cycles = json["cycles"] = nlohmann::ordered_json::array();
  for (const auto& cycle : found.shown) {
    auto edges = nlohmann::ordered_json::array();
    for (const auto& e : cycle) {
      nlohmann::ordered_json edge{{"from", g.name(e.from)}, {"to", g.name(e.to)}, {"at", time_text(e.at)}};
      if (g.has_weights) edge["weight"] = weight_text(e.weight, g.digits);
      edges.push_back(std::move(edge));
    }
    cycles.push_back(std::move(edges));
  }
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

exit_code graph_cycles_verb(const cycles_options& options) {
  const auto search = search_options(options);
  const auto g = read_graph(options.input);
  const bool text = options.format == answer_format::text;
  const auto found = find_all(g.edges, search, text ? options.top : std::size_t(-1));
  if (!text && found.truncated > 0) {
    fmt::print(stderr, "{} searches ended at --steps-max: there may be more\n", grouped(found.truncated));
  }
  switch (options.format) {
    case answer_format::text: print_answer(as_text(found, g)); break;
    case answer_format::json: print_answer(as_json(found, g)); break;
    case answer_format::csv: print_answer(as_csv(found, g)); break;
  }
  return exit_code::done;
}

}  // namespace

void add_graph_cycles(CLI::App& graph, exit_code& result) {
  auto* verb = graph.add_subcommand("cycles", "Money that comes back: temporal cycles, along which times increase");
  auto options = std::make_shared<cycles_options>();  // lives as long as the callback that CLI11 keeps
  add_graph_input(*verb, options->input);
  verb->add_option("--within", options->within, "From the first edge to the last at most; --keep if left out")
      ->type_name("DURATION");
  verb->add_option("--length-min", options->length_min, "Edges of a cycle at least")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  verb->add_option("--length-max", options->length_max, "Edges at most")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  verb->add_flag("--in-order", options->in_order, "Take edges of equal time in the order in which they come");
  verb->add_option("--steps-max", options->steps_max, "Edges that the search from one edge looks at, at most")
      ->capture_default_str();
  verb->add_option("--top", options->top, "So many are shown as text; json and csv have all")->capture_default_str();
  add_answer_format(*verb, options->format);
  verb->footer("weir graph cycles transfers.csv.gz --at time --unit 1h --within 10h");
  verb->callback([options, &result] { result = graph_cycles_verb(*options); });
}

}  // namespace weir::app
