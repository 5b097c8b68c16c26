#include "apps/weir/graph/edge_plan.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/weir/exit_code.hpp"
#include "apps/weir/inputs.hpp"
#include "apps/weir/rule_files.hpp"
#include "rules/diagnostic.hpp"

namespace weir::app {

namespace {

using stream::field_id;

[[noreturn]] void wrong_use(const std::string& message) { throw failure(exit_code::usage, message); }

std::string hint_of(const std::string& name, const std::vector<std::string>& candidates) {
  const auto near = rules::nearest(name, candidates);
  return near.empty() ? std::string{} : fmt::format("; did you mean \"{}\"?", near);
}

// ---- Edges without rules -------------------------------------------------------------------------------------------

stream::event_type plain_edge(stream::schema& types) {
  const stream::field_type vertex{.kind = stream::type_kind::entity, .entity = types.add_entity("vertex")};
  return {.name = "edge",
          .fields = {{.name = "from", .type = vertex, .interned = true},
                     {.name = "to", .type = vertex, .interned = true},
                     {.name = "weight", .type = {.kind = stream::type_kind::decimal}, .optional = true}}};
}

bool is_list(const std::string& path) { return syntax_by_name(path) != stream::record_syntax::ndjson; }

stream::source_options plain_source(const std::string& path, const edge_plan& plan,
                                    const graph_input_options& options) {
  if (!is_list(path) && (options.from.empty() || options.to.empty())) {
    wrong_use(fmt::format("{}: say which fields an edge leaves and goes to, as in --from payer --to payee", path));
  }
  stream::source_options source{.name = path, .format = {}, .lateness = plan.lateness};
  source.format.syntax = is_list(path) ? stream::record_syntax::csv : stream::record_syntax::ndjson;
  source.format.event = plan.event;
  source.format.time_unit = plan.unit;
  source.format.time_field = options.at.empty() ? "at" : options.at;
  source.format.renamed = {{"from", options.from}, {"to", options.to}};
  // A field that no record has is missing in each.
  source.format.renamed["weight"] = options.weight.empty() ? "(no weight)" : options.weight;
  return source;
}

void plan_plain(const graph_input_options& options, edge_plan& plan) {
  if (options.files.empty()) wrong_use("no input: name files of edges or events");
  const auto type = plain_edge(plan.types);
  plan.event = plan.types.add(type);
  plan.from = *type.find("from");
  plan.to = *type.find("to");
  plan.weight = *type.find("weight");
  for (const auto& path : options.files) {
    edge_plan::file file{.path = path, .list = std::nullopt};
    if (is_list(path)) file.list = {options.from, options.to, options.at, options.weight};
    plan.files.push_back(file);
    plan.sources.push_back(plain_source(path, plan, options));
  }
}

// ---- Edges as rules declare them -----------------------------------------------------------------------------------

config settings_of(const graph_input_options& options) {
  config settings;
  if (!options.config_path.empty()) {
    auto loaded = load_config(options.config_path);
    if (!loaded) wrong_use(loaded.error());
    settings = std::move(*loaded);
  }
  if (!options.rules.empty()) settings.rules = {options.rules};
  if (settings.rules.empty()) wrong_use("no rules: say --rules, or rules = […] in the configuration");
  for (const auto& [name, value] : options.params) settings.params[name] = value;
  return settings;
}

const rules::graph_declaration& graph_of(const rules::program& program, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& graph : program.graphs) names.push_back(graph.name);
  if (names.empty()) wrong_use("the rules declare no graph: say --event, --from and --to");
  if (name.empty() && names.size() > 1) {
    wrong_use(
        fmt::format("say which graph is meant, as in --graph {}: there are {}", names[0], fmt::join(names, ", ")));
  }
  const auto found = name.empty() ? names.begin() : std::ranges::find(names, name);
  if (found == names.end()) wrong_use(fmt::format("there is no graph \"{}\"{}", name, hint_of(name, names)));
  return program.graphs[static_cast<std::size_t>(found - names.begin())];
}

field_id field_of(const stream::event_type& event, const std::string& flag, const std::string& name) {
  if (name.empty()) wrong_use(fmt::format("say {}: which field of the event {} it is", flag, event.name));
  if (const auto found = event.find(name)) return *found;
  std::vector<std::string> names;
  for (const auto& field : event.fields) names.push_back(field.name);
  wrong_use(fmt::format("{}: the event {} has no field \"{}\"{}", flag, event.name, name, hint_of(name, names)));
}

/// `--event`, `--from`, `--to`, `--weight`.
void take_event(const rules::program& program, const graph_input_options& options, edge_plan& plan) {
  std::vector<std::string> names;
  for (const auto& event : program.schema.events()) names.push_back(event.name);
  const auto event = program.schema.find(options.event);
  if (!event)
    wrong_use(fmt::format("the rules declare no event \"{}\"{}", options.event, hint_of(options.event, names)));
  plan.event = *event;
  const auto& type = program.schema[*event];
  plan.from = field_of(type, "--from", options.from);
  plan.to = field_of(type, "--to", options.to);
  if (!options.weight.empty()) plan.weight = field_of(type, "--weight", options.weight);
}

void take_graph(const rules::program& program, const graph_input_options& options, edge_plan& plan) {
  const auto& graph = graph_of(program, options.graph);
  plan.event = graph.event;
  plan.from = graph.from;
  plan.to = graph.to;
  plan.weight = graph.weight;
  plan.keep = graph.keep;
}

/// The ends are compared as names: texts that no rule reads are interned here too.
void intern_ends(edge_plan& plan) {
  for (const auto id : {plan.from, plan.to}) {
    auto& field = plan.types[plan.event][id];
    if (field.type.kind == stream::type_kind::entity || field.type.kind == stream::type_kind::text) {
      field.interned = true;
      continue;
    }
    wrong_use(fmt::format("{} is no name: an edge goes from an entity or a text to another", field.name));
  }
}

std::vector<source_config> sources_of(const graph_input_options& options, const config& settings,
                                      const std::string& event) {
  std::vector<source_config> sources;
  for (const auto& path : options.files) {
    source_config source;
    source.name = path;
    source.path = path;
    source.event = event;
    if (!options.at.empty()) source.time_field = options.at;
    if (!options.unit.empty()) source.time_unit = duration_of("--unit", options.unit);
    sources.push_back(std::move(source));
  }
  if (!sources.empty()) return sources;
  for (const auto& source : settings.sources) {
    if (source.event.empty() || source.event == event) sources.push_back(source);
  }
  if (sources.empty()) wrong_use(fmt::format("no input: name files of {}, or a source in the configuration", event));
  return sources;
}

void plan_by_rules(const graph_input_options& options, edge_plan& plan) {
  const auto settings = settings_of(options);
  const auto compiled = compile_and_print({.paths = settings.rules, .params = settings.params}, shown_findings::errors);
  if (!compiled.result) throw failure(exit_code::findings, "the rules have errors: nothing was read");
  const auto& program = *compiled.result;
  plan.types = program.schema;
  if (options.event.empty()) {
    take_graph(program, options, plan);
  } else {
    take_event(program, options, plan);
  }
  intern_ends(plan);
  const auto sources = sources_of(options, settings, plan.types[plan.event].name);
  for (const auto& source : sources) plan.files.push_back({.path = source.path, .list = std::nullopt});
  plan.sources = resolve(sources, plan.types);
  for (auto& source : plan.sources) source.lateness = plan.lateness;
}

}  // namespace

edge_plan make_edge_plan(const graph_input_options& options) {
  edge_plan plan;
  if (!options.unit.empty()) plan.unit = duration_of("--unit", options.unit);
  if (!options.lateness.empty()) plan.lateness = duration_of("--lateness", options.lateness);
  if (options.rules.empty() && options.config_path.empty()) {
    plan_plain(options, plan);
  } else {
    plan_by_rules(options, plan);
  }
  if (!options.keep.empty()) plan.keep = duration_of("--keep", options.keep);
  if (std::ranges::count(plan.files, std::string("-"), &edge_plan::file::path) > 1) {
    wrong_use("standard input can be one file only");
  }
  return plan;
}

}  // namespace weir::app
