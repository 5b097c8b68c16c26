#include "apps/weir/config.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "apps/weir/toml_section.hpp"
#include "rules/diagnostic.hpp"

namespace weir::app {

namespace {

using folder = std::filesystem::path;

const std::vector<std::string> limit_policies{"evict", "refuse", "stop"};  // in the order of cep::limit_policy

std::string in_folder(const folder& base, const std::string& path) {
  return path == "-" ? path : (base / path).lexically_normal().string();
}

/// A choice among names; nothing, and a finding, when it is none of them.
std::optional<std::string> choice(toml_section& section, std::string_view key, const std::vector<std::string>& names) {
  auto value = section.text(key);
  if (!value || std::ranges::find(names, *value) != names.end()) return value;
  const auto near = rules::nearest(*value, names);
  const auto hint = near.empty() ? fmt::format("; it is one of {}", fmt::join(names, ", "))
                                 : fmt::format("; did you mean \"{}\"?", near);
  section.wrong(key, fmt::format("cannot be \"{}\"{}", *value, hint));
  return {};
}

/// The tables of [source] or [sink], in the order of the file; toml++ keeps them by name.
std::vector<std::pair<std::string, const toml::table*>> named_tables(toml_section& top, std::string_view key) {
  std::vector<std::pair<std::string, const toml::table*>> found;
  const auto* all = top.table(key);
  if (all == nullptr) return found;
  for (const auto& [name, node] : *all) {
    if (node.is_table()) {
      found.emplace_back(std::string(name.str()), node.as_table());
    } else {
      top.findings().add(node, fmt::format("{0}.{1} must be a table: [{0}.{1}]", key, name.str()));
    }
  }
  const auto line = [](const auto& entry) { return std::pair(entry.second->source().begin.line, entry.first); };
  std::ranges::sort(found, {}, line);
  return found;
}

void read_event(toml_section& section, source_config& source) {
  const auto* node = section.any("event");
  if (node == nullptr) return;
  if (const auto name = node->value_exact<std::string>()) {
    source.event = *name;
  } else if (const auto* table = node->as_table()) {
    toml_section event(*table, section.name() + ".event", section.findings());
    source.event_field = event.text("field").value_or(source.event_field);
    event.reject_unknown();
  } else {
    section.wrong("event", R"(must be an event's name, or { field = "…" })");
  }
}

void read_at(toml_section& section, source_config& source) {
  const auto* node = section.any("at");
  if (node == nullptr) return;
  if (const auto name = node->value_exact<std::string>()) {
    source.time_field = *name;
  } else if (const auto* table = node->as_table()) {
    toml_section at(*table, section.name() + ".at", section.findings());
    source.time_field = at.text("field").value_or(source.time_field);
    source.time_unit = at.duration("unit").value_or(source.time_unit);
    if (source.time_unit <= stream::duration::zero()) at.wrong("unit", "must be longer than nothing");
    at.reject_unknown();
  } else {
    section.wrong("at", R"(must be a field's name, or { field = "…", unit = "…" })");
  }
}

void read_lateness(toml_section& section, source_config& source) {
  const auto written = section.text("lateness");
  if (!written) return;
  if (*written == "all") {
    source.lateness = std::nullopt;
  } else if (const auto value = stream::parse_duration(*written)) {
    source.lateness = *value;
  } else {
    section.wrong("lateness", fmt::format(R"("{}" is neither a duration such as "5s" nor "all")", *written));
  }
}

void read_path(toml_section& section, source_config& source, const folder& base) {
  const auto type = choice(section, "type", {"file", "stdin"}).value_or("file");
  const auto path = section.text("path");
  if (type == "stdin") {
    source.path = "-";
    if (path) section.wrong("path", "has no meaning for standard input");
  } else if (!path) {
    section.missing("path");
  } else {
    source.path = in_folder(base, *path);
  }
}

void read_syntax(toml_section& section, source_config& source) {
  const auto format = choice(section, "format", {"ndjson", "csv"});
  if (format) source.syntax = *format == "csv" ? stream::record_syntax::csv : stream::record_syntax::ndjson;
}

source_config read_source(toml_section& section, std::string name, const folder& base) {
  source_config source;
  source.name = std::move(name);
  read_path(section, source, base);
  read_syntax(section, source);
  read_event(section, source);
  read_at(section, source);
  source.renamed = section.plain_table("map");
  read_lateness(section, source);
  source.follow = section.flag("follow").value_or(false);
  source.idle = section.duration("idle");
  if (source.follow && !source.lateness) section.wrong("lateness", "cannot be \"all\" where follow = true");
  section.reject_unknown();
  return source;
}

sink_config read_jsonl_sink(toml_section& section, const folder& base) {
  jsonl_sink_config sink;
  const auto path = section.text("path");
  if (path) {
    sink.path = in_folder(base, *path);
  } else {
    section.missing("path");
  }
  sink.append = section.flag("append").value_or(false);
  sink.shadow = section.flag("shadow").value_or(false);
  return sink;
}

sink_config read_zmq_sink(toml_section& section) {
  zmq_sink_config sink;
  const auto endpoint = section.text("endpoint");
  if (!endpoint) section.missing("endpoint");
  sink.endpoint = endpoint.value_or("");
  sink.queue_messages_max =
      static_cast<int>(section.integer("queue_messages", 1, std::numeric_limits<int>::max()).value_or(100'000));
  sink.wait_subscriber = section.duration("wait_subscriber").value_or(stream::duration::zero());
  return sink;
}

std::optional<sink_config> read_sink(toml_section& section, const folder& base) {
  const auto type = choice(section, "type", {"jsonl", "console", "zmq"});
  std::optional<sink_config> sink;
  if (!type) {
    if (section.any("type") == nullptr) section.missing("type: jsonl, console or zmq");
    return sink;
  }
  if (*type == "jsonl") sink = read_jsonl_sink(section, base);
  if (*type == "zmq") sink = read_zmq_sink(section);
  if (*type == "console") sink = console_sink_config{.shadow = section.flag("shadow").value_or(false)};
  section.reject_unknown();
  return sink;
}

void read_engine(toml_section& top, config& into) {
  const auto* table = top.table("engine");
  if (table == nullptr) return;
  toml_section engine(*table, "engine", top.findings());
  into.batch_rows = static_cast<std::size_t>(
      engine.integer("batch_rows", 1, 1'000'000).value_or(static_cast<std::int64_t>(into.batch_rows)));
  const auto batch_ms = engine.integer("batch_ms", 1, 60'000);
  if (batch_ms) into.batch_time = std::chrono::milliseconds{*batch_ms};
  const auto threads = engine.integer("threads", 1, static_cast<std::int64_t>(threads_max));
  if (threads) into.threads = static_cast<std::size_t>(*threads);
  engine.reject_unknown();
}

std::optional<cep::state_limit> read_state_limit(toml_section& section, std::string_view key, std::string_view at_key) {
  const auto most = section.integer(key, 1, state_limit_max);
  const auto policy = choice(section, at_key, limit_policies);
  if (policy && section.any(key) == nullptr) section.wrong(at_key, fmt::format("goes with {}", key));
  if (!most) return std::nullopt;
  return cep::state_limit{.most = static_cast<std::uint32_t>(*most),
                          .policy = *limit_policy_of(policy.value_or("evict"))};
}

cep::state_limits read_state_limits(toml_section& section) {
  return {.events = read_state_limit(section, "events_per_subject", "at_events"),
          .subjects = read_state_limit(section, "subjects_per_rule", "at_subjects")};
}

void read_limits(toml_section& top, config& into) {
  const auto* table = top.table("limits");
  if (table == nullptr) return;
  toml_section limits(*table, "limits", top.findings());
  if (const auto megabytes = limits.integer("memory_mb", 1, 1'000'000'000)) {
    into.limits.memory_bytes = static_cast<std::uint64_t>(*megabytes) << 20;
  }
  into.limits.each_rule = read_state_limits(limits);
  for (const auto& [name, own] : named_tables(limits, "rules")) {
    toml_section section(*own, "limits.rules." + name, top.findings());
    into.limits.rules[name] = read_state_limits(section);
    section.reject_unknown();
  }
  limits.reject_unknown();
}

void read_output(toml_section& top, config& into, const folder& base) {
  const auto* table = top.table("output");
  if (table == nullptr) return;
  toml_section output(*table, "output", top.findings());
  if (const auto path = output.text("set_aside")) into.set_aside_path = in_folder(base, *path);
  output.reject_unknown();
}

config read_config(const toml::table& file, const folder& base, config_findings& findings) {
  config read;
  toml_section top(file, "", findings);
  for (const auto& path : top.texts("rules")) read.rules.push_back(in_folder(base, path));
  read_engine(top, read);
  read_limits(top, read);
  read.params = top.plain_table("params");
  for (const auto& [name, table] : named_tables(top, "source")) {
    toml_section section(*table, "source." + name, findings);
    read.sources.push_back(read_source(section, name, base));
  }
  for (const auto& [name, table] : named_tables(top, "sink")) {
    toml_section section(*table, "sink." + name, findings);
    if (auto sink = read_sink(section, base)) read.sinks.push_back(std::move(*sink));
  }
  read_output(top, read, base);
  top.reject_unknown();
  return read;
}

}  // namespace

cep::state_limits limits_config::of(const std::string& rule) const {
  const auto own = rules.find(rule);
  if (own == rules.end()) return each_rule;
  return {.events = own->second.events ? own->second.events : each_rule.events,
          .subjects = own->second.subjects ? own->second.subjects : each_rule.subjects};
}

void set_limits(rules::program& rules, const limits_config& limits) {
  for (rules::rule& r : rules.rules) r.pattern.limits = limits.of(r.name);
}

std::string find_limits_of_no_rule(const rules::program& rules, const limits_config& limits) {
  std::vector<std::string> names;
  for (const rules::rule& r : rules.rules) names.push_back(r.name);
  std::string text;
  for (const auto& [name, own] : limits.rules) {
    if (std::ranges::find(names, name) != names.end()) continue;
    const auto near = rules::nearest(name, names);
    const auto hint = near.empty() ? std::string{} : fmt::format("; did you mean \"{}\"?", near);
    text += fmt::format("{}[limits.rules.{}]: there is no rule \"{}\"{}", text.empty() ? "" : "\n", name, name, hint);
  }
  return text;
}

std::optional<cep::limit_policy> limit_policy_of(std::string_view name) {
  const auto place = std::ranges::find(limit_policies, name);
  if (place == limit_policies.end()) return std::nullopt;
  return static_cast<cep::limit_policy>(place - limit_policies.begin());
}

std::size_t cores() { return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, threads_max); }

std::expected<config, std::string> load_config(const std::string& path) {
  config_findings findings(path);
  std::error_code missing;
  if (!std::filesystem::is_regular_file(path, missing)) {
    const auto reason = missing ? missing.message() : std::string("not a file");
    return std::unexpected(fmt::format("{}: {}", path, reason));
  }
  try {
    const auto file = toml::parse_file(path);
    auto read = read_config(file, folder(path).parent_path(), findings);
    if (findings.empty()) return read;
  } catch (const toml::parse_error& error) {
    findings.add(error.source(), error.description());
  }
  return std::unexpected(findings.text());
}

std::optional<stream::record_syntax> syntax_by_name(std::string_view path) {
  if (path.ends_with(".gz")) path.remove_suffix(3);
  if (path.ends_with(".csv")) return stream::record_syntax::csv;
  constexpr std::array endings{".ndjson", ".jsonl", ".json"};
  const auto matches = [path](const char* ending) { return path.ends_with(ending); };
  if (std::ranges::any_of(endings, matches)) return stream::record_syntax::ndjson;
  return {};
}

bool is_identifier(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_part = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, is_part);
}

}  // namespace weir::app
