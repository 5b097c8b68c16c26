#include "apps/weir/graph/input_options.hpp"

#include <fmt/format.h>

#include "apps/weir/exit_code.hpp"
#include "apps/weir/rule_files.hpp"
#include "stream/format/scalar.hpp"

namespace weir::app {

namespace {

void add_columns(CLI::App& verb, graph_input_options& options) {
  verb.add_option("--from", options.from, "The field or column that an edge leaves; a column's number without a header")
      ->type_name("FIELD");
  verb.add_option("--to", options.to, "The one that it goes to")->type_name("FIELD");
  verb.add_option("--at", options.at, "Its time: RFC 3339, or a number of units since 1970")->type_name("FIELD");
  verb.add_option("--weight", options.weight, "Its weight, an amount say; without, edges have none")
      ->type_name("FIELD");
  verb.add_option("--unit", options.unit, "What a number for a time counts (1ms)")->type_name("DURATION");
  verb.add_option("--digits", options.digits, "Digits behind the point that weights keep; finer ones are rounded")
      ->check(CLI::Range(0, 8))
      ->capture_default_str();
}

void add_rules(CLI::App& verb, graph_input_options& options) {
  verb.add_option("--rules", options.rules, "A rule file, for its `graph`, or for the event that FILE holds")
      ->type_name("RULES");
  add_param_option(verb, options.params);
  verb.add_option("--graph", options.graph, "Which of its graphs; may be left out where there is one only")
      ->type_name("NAME");
  verb.add_option("--event", options.event, "Which of its events, with --from and --to, instead of a graph")
      ->type_name("NAME");
  verb.add_option("-c,--config", options.config_path, "weir.toml, for rules, params and sources; flags override it")
      ->type_name("FILE");
}

}  // namespace

void add_graph_input(CLI::App& verb, graph_input_options& options) {
  verb.add_option("FILE", options.files,
                  "Edges: csv with a header or without, or parted by tabs or blanks; or events: csv, ndjson.\n"
                  "Also .gz; - is standard input");
  add_columns(verb, options);
  add_rules(verb, options);
  verb.add_option("--keep", options.keep, "The window: edges that are older are forgotten; without, none is")
      ->type_name("DURATION");
  verb.add_option("--as-of", options.as_of, "The graph as it was at this time")->type_name("TIME");
  verb.add_option("--lateness", options.lateness,
                  "How far behind others an edge may come in the file; without, the file is put in order as a whole")
      ->type_name("DURATION");
  verb.add_option("--set-aside", options.set_aside,
                  "Where the records go that cannot be read; without, they are counted")
      ->type_name("FILE");
}

stream::duration duration_of(const std::string& flag, const std::string& text) {
  const auto read = stream::parse_duration(text);
  if (read) return *read;
  throw failure(exit_code::usage, fmt::format("{}: \"{}\" is not a duration such as 30d", flag, text));
}

stream::timestamp moment_of(const std::string& flag, const std::string& text, stream::duration unit) {
  if (const auto at = stream::read_time({stream::scalar_kind::untyped, text}, unit)) return *at;
  throw failure(exit_code::usage,
                fmt::format("{}: \"{}\" is not a time such as 2024-05-01T08:09:00Z, nor a number of {} since 1970",
                            flag, text, stream::to_text(unit)));
}

}  // namespace weir::app
