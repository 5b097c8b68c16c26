#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cep/limits.hpp"
#include "rules/program.hpp"
#include "stream/record_format.hpp"
#include "stream/time.hpp"

namespace weir::app {

/// [source.NAME]: where events come from and how their records are spelled.
struct source_config {
  std::string name;
  std::string path;                             // "-" is standard input
  std::optional<stream::record_syntax> syntax;  // none: by the path's ending
  std::string event;                            // the event type of every record; empty: each record names its own …
  std::string event_field = "event";            // … in this field
  std::string time_field = "at";
  stream::duration time_unit = std::chrono::milliseconds{1};
  std::map<std::string, std::string> renamed;                           // event field -> the record's name for it
  std::optional<stream::duration> lateness = stream::duration::zero();  // none: "all"
  bool follow = false;                                                  // wait for a file to grow
  std::optional<stream::duration> idle;  // silent for so long, it no longer holds the watermark back
};

/// Alerts as lines of JSON in a file; "-" is standard output.
struct jsonl_sink_config {
  std::string path;
  bool append = false;  // keep what an earlier run wrote
  bool shadow = false;  // also the alerts of shadow rules
};

/// Alerts as coloured lines for people, on standard output.
struct console_sink_config {
  bool shadow = false;
};

/// Alerts published over ZeroMQ.
struct zmq_sink_config {
  std::string endpoint;
  int queue_messages_max = 100'000;  // for each subscriber
  stream::duration wait_subscriber{};
};

using sink_config = std::variant<jsonl_sink_config, console_sink_config, zmq_sink_config>;

inline constexpr auto default_set_aside_path = "set-aside.ndjson";

/// [limits]: what a run takes at most.
struct limits_config {
  std::optional<std::uint64_t> memory_bytes;         // of the process: at this limit the run ends
  cep::state_limits each_rule;                       // of every rule …
  std::map<std::string, cep::state_limits> rules{};  // … that has none of its own: [limits.rules.NAME]

  /// What the rule may hold.
  cep::state_limits of(const std::string& rule) const;
};

inline constexpr std::int64_t state_limit_max = 1'000'000'000;

/// Gives the rules their limits.
void set_limits(rules::program& rules, const limits_config& limits);
/// What is wrong where limits are named for rules that there are not, one a line; else empty.
std::string find_limits_of_no_rule(const rules::program& rules, const limits_config& limits);
/// A limit's policy by its name.
std::optional<cep::limit_policy> limit_policy_of(std::string_view name);

/// So many that match, at most.
inline constexpr std::size_t threads_max = 64;
/// Cores that this process may use.
std::size_t cores();

/// All that a run is told: what `weir.toml` says, the command's flags laid over it.
struct config {
  std::vector<std::string> rules;
  std::size_t batch_rows = 4096;
  stream::duration batch_time = std::chrono::milliseconds{10};
  std::size_t threads = cores();
  limits_config limits;
  std::map<std::string, std::string> params;
  std::vector<source_config> sources;  // in the order of the file: it decides between events of one time
  std::vector<sink_config> sinks;
  std::string set_aside_path = default_set_aside_path;
};

/// Reads `weir.toml`. Paths in it are relative to its folder. The error is every finding of the file, one a line:
/// `weir.toml:7: unknown key "latness"; did you mean "lateness"?`.
std::expected<config, std::string> load_config(const std::string& path);

/// ndjson or csv by the path's ending (".csv", ".ndjson", ".jsonl", ".json", each also with ".gz").
std::optional<stream::record_syntax> syntax_by_name(std::string_view path);

/// An event's name, or a field's: a letter or '_', then letters, digits and '_'.
bool is_identifier(std::string_view text);

}  // namespace weir::app
