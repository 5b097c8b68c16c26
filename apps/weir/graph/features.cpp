#include "graph/features/transaction_features.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "apps/weir/graph/edge_input.hpp"
#include "apps/weir/graph/feature_files.hpp"
#include "apps/weir/graph/named_graph.hpp"
#include "apps/weir/graph/verbs.hpp"
#include "apps/weir/summary.hpp"

namespace weir::app {

namespace {

struct feature_flags {
  graph_input_options input;
  std::string degree;
  std::string fan;
  std::string flow;
  std::string scatter_gather;
  std::string gather_scatter;
  std::string temporal_cycles;
  std::string simple_cycles;
  std::size_t cycle_length = 6;
  std::size_t steps_max = 10'000;
  std::string format = "csv";
  std::string out = "-";
  bool columns = false;
};

/// A group's window: its own, none ("off"), or the one of all.
std::optional<std::int64_t> window_of(const std::string& flag, const std::string& text,
                                      std::optional<stream::duration> of_all) {
  if (text == "off") return std::nullopt;
  if (!text.empty()) return duration_of(flag, text).count();
  return of_all ? std::optional(of_all->count()) : std::nullopt;
}

graph::feature_options options_of(const feature_flags& flags, std::optional<stream::duration> keep) {
  return {.degree_us = window_of("--degree", flags.degree, keep),
          .fan_us = window_of("--fan", flags.fan, keep),
          .flow_us = window_of("--flow", flags.flow, keep),
          .scatter_gather_us = window_of("--scatter-gather", flags.scatter_gather, keep),
          .gather_scatter_us = window_of("--gather-scatter", flags.gather_scatter, keep),
          .temporal_cycles_us = window_of("--temporal-cycles", flags.temporal_cycles, keep),
          .simple_cycles_us = window_of("--simple-cycles", flags.simple_cycles, std::nullopt),
          .temporal_length_max = flags.cycle_length,
          .simple_length_max = flags.cycle_length,
          .steps_max = flags.steps_max};
}

bool any_window(const graph::feature_options& o) {
  return o.degree_us || o.fan_us || o.flow_us || o.scatter_gather_us || o.gather_scatter_us || o.temporal_cycles_us ||
         o.simple_cycles_us;
}

std::string columns_text(const graph::feature_table& table) {
  std::string text;
  for (const auto& column : table.columns()) text += fmt::format("{:<24} {}\n", column.name, column.meaning);
  return text;
}

/// Searches that ended at their limit, of one batch.
std::uint64_t truncated_in(const graph::feature_table& table) {
  std::uint64_t searches = 0;
  const auto& last = table.columns().back();
  for (const auto n : std::get<std::vector<std::int64_t>>(last.values)) searches += static_cast<std::uint64_t>(n);
  return searches;
}

/// From the input to the output, batch by batch. Says how many searches were truncated.
template <class Output>
std::uint64_t write_all(edge_input& input, graph::transaction_features& features, Output& out) {
  std::vector<graph::edge_event> edges;
  std::uint64_t truncated = 0;
  while (input.next(edges)) {
    const auto& table = features.apply(edges);
    truncated += truncated_in(table);
    if constexpr (requires { out.write(edges, table, input.names()); }) {
      if (!out.write(edges, table, input.names())) break;
    } else {
      out.write(edges, table);
    }
  }
  return truncated;
}

/// Of the groups that the flags ask for, or of all.
exit_code show_columns(const feature_flags& flags) {
  auto options = options_of(flags, std::nullopt);
  if (!any_window(options)) {
    options = options_of(flags, stream::duration{1});
    options.simple_cycles_us = 1;
  }
  print_answer(columns_text(graph::transaction_features(options).table()));
  return exit_code::done;
}

exit_code graph_features_verb(const feature_flags& flags) {
  if (flags.columns) return show_columns(flags);
  if (flags.format == "columns" && flags.out == "-") {
    throw failure(exit_code::usage, "--format columns: say which folder, as in -o features");
  }
  edge_input input(flags.input);
  const auto options = options_of(flags, input.keep());
  if (!any_window(options)) {
    throw failure(exit_code::usage, "say over which window, as in --keep 30d, or a group's own, as in --fan 1d");
  }
  graph::transaction_features features(options);
  std::uint64_t truncated = 0;
  if (flags.format == "csv") {
    feature_csv out(flags.out, features.table(), input.digits());
    truncated = write_all(input, features, out);
    out.close();
  } else {
    feature_folder out(flags.out, features.table(), input.digits());
    truncated = write_all(input, features, out);
    out.close(features.table(), input.names());
  }
  input.report();
  if (truncated > 0) {
    fmt::print(stderr, "{} searches ended at --steps-max: see the column truncated\n", grouped(truncated));
  }
  return exit_code::done;
}

void add_windows(CLI::App& verb, feature_flags& flags) {
  const auto add = [&verb](const char* name, std::string& text, const char* what) {
    verb.add_option(name, text, what)->type_name("DURATION|off");
  };
  add("--degree", flags.degree, "Edges of both ends, over this window; --keep if left out, as the next ones");
  add("--fan", flags.fan, "Distinct counterparts of both ends");
  add("--flow", flags.flow, "Sum, mean, min, max, std, skew and kurtosis of the weights of both ends");
  add("--scatter-gather", flags.scatter_gather, "Over how many middlemen a source reached the target");
  add("--gather-scatter", flags.gather_scatter, "By how many the source was paid, and then paid as many");
  add("--temporal-cycles", flags.temporal_cycles, "Cycles that the transaction closes, by length");
  add("--simple-cycles", flags.simple_cycles, "Cycles in any order of time, by length; off if left out");
  verb.add_option("--cycle-length", flags.cycle_length, "Edges of a cycle at most")
      ->check(CLI::Range(2, 64))
      ->capture_default_str();
}

}  // namespace

void add_graph_features(CLI::App& graph, exit_code& result) {
  auto* verb = graph.add_subcommand("features", "Features of every transaction, for a model");
  auto flags = std::make_shared<feature_flags>();  // lives as long as the callback that CLI11 keeps
  add_graph_input(*verb, flags->input);
  add_windows(*verb, *flags);
  verb->add_option("--steps-max", flags->steps_max, "Edges that one search looks at, at most; then it is truncated")
      ->capture_default_str();
  verb->add_option("--format", flags->format, "csv, or columns: a folder with a file for each, as NumPy reads it")
      ->check(CLI::IsMember({"csv", "columns"}))
      ->capture_default_str();
  verb->add_option("-o,--out", flags->out, "The file to write, or the folder; - is standard output")
      ->type_name("PATH")
      ->capture_default_str();
  verb->add_flag("--columns", flags->columns, "Say what each column means, and nothing else");
  verb->footer("weir graph features transfers.csv --keep 30d --temporal-cycles 10d -o features.csv");
  verb->callback([flags, &result] { result = graph_features_verb(*flags); });
}

}  // namespace weir::app
