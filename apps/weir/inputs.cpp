#include "apps/weir/inputs.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "apps/weir/exit_code.hpp"
#include "rules/diagnostic.hpp"

namespace weir::app {

namespace {

source_config parse_input(const std::string& input) {
  source_config source;
  const auto equals = input.find('=');
  const auto event = input.substr(0, equals);
  if (equals != std::string::npos && is_identifier(event)) {
    source.event = event;
    source.name = event;
    source.path = input.substr(equals + 1);
  } else {
    source.path = input;
    const auto file = std::filesystem::path(input).filename().string();
    source.name = input == "-" ? "stdin" : file.substr(0, file.find('.', 1));
  }
  if (source.path.empty()) throw failure(exit_code::usage, fmt::format("--input {}: names no file", input));
  return source;
}

[[noreturn]] void unknown(const source_config& source, std::string_view what, const std::string& name,
                          const std::vector<std::string>& candidates) {
  const auto near = rules::nearest(name, candidates);
  const auto hint = near.empty() ? std::string{} : fmt::format("; did you mean \"{}\"?", near);
  throw failure(exit_code::usage,
                fmt::format("source \"{}\": the rules declare no {} \"{}\"{}", source.name, what, name, hint));
}

stream::event_type_id find_event(const source_config& source, const stream::schema& types) {
  if (const auto found = types.find(source.event)) return *found;
  std::vector<std::string> names;
  for (const auto& event : types.events()) names.push_back(event.name);
  unknown(source, "event", source.event, names);
}

/// The names of the fields that a source's `map` may speak of.
std::vector<std::string> field_names(const stream::schema& types, std::optional<stream::event_type_id> event) {
  std::vector<std::string> names;
  const auto add = [&names](const stream::event_type& type) {
    for (const auto& field : type.fields) names.push_back(field.name);
  };
  if (event) {
    add(types[*event]);
  } else {
    std::ranges::for_each(types.events(), add);
  }
  return names;
}

stream::record_syntax find_syntax(const source_config& source) {
  if (source.syntax) return *source.syntax;
  if (const auto syntax = syntax_by_name(source.path)) return *syntax;
  if (source.path == "-") return stream::record_syntax::ndjson;
  const auto message = fmt::format(
      "source \"{}\": the name {} does not tell whether it is ndjson or csv; say format = …", source.name, source.path);
  throw failure(exit_code::usage, message);
}

stream::source_options resolve_one(const source_config& source, const stream::schema& types) {
  stream::source_options options;
  options.name = source.name;
  options.lateness = source.lateness;
  options.format.syntax = find_syntax(source);
  if (!source.event.empty()) options.format.event = find_event(source, types);
  options.format.event_field = source.event_field;
  options.format.time_field = source.time_field;
  options.format.time_unit = source.time_unit;
  const auto known = field_names(types, options.format.event);
  for (const auto& [field, theirs] : source.renamed) {
    if (std::ranges::find(known, field) == known.end()) unknown(source, "field", field, known);
  }
  options.format.renamed = source.renamed;
  return options;
}

}  // namespace

std::vector<source_config> parse_inputs(const std::vector<std::string>& inputs) {
  std::vector<source_config> sources;
  for (const auto& input : inputs) {
    auto source = parse_input(input);
    const auto base = source.name;
    const auto taken = [&](const std::string& name) {
      return std::ranges::find(sources, name, &source_config::name) != sources.end();
    };
    for (int number = 2; taken(source.name); ++number) source.name = fmt::format("{}.{}", base, number);
    sources.push_back(std::move(source));
  }
  return sources;
}

std::vector<stream::source_options> resolve(const std::vector<source_config>& sources, const stream::schema& types) {
  std::vector<stream::source_options> resolved;
  const auto is_stdin = [](const source_config& source) { return source.path == "-"; };
  if (std::ranges::count_if(sources, is_stdin) > 1) {
    throw failure(exit_code::usage, "standard input can be the input of one source only");
  }
  for (const auto& source : sources) resolved.push_back(resolve_one(source, types));
  return resolved;
}

}  // namespace weir::app
