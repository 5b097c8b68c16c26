#include "rules/alert.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "rules/json_text.hpp"
#include "rules/raised_value.hpp"

namespace weir::rules {

namespace {

// Everything between "seq" and the first field that differs from alert to alert.
std::string shared_json(const rule& r) {
  std::string out = R"(,"rule":{"name":)";
  append_json_text(out, r.name);
  out += fmt::format(R"(,"version":{},"content_hash":"{}","mode":"{}"}},"severity":"{}")", r.version, r.content_hash,
                     to_text(r.mode), to_text(r.severity));
  if (r.score) out += fmt::format(R"(,"score":{})", *r.score);
  if (r.tags.empty()) return out;
  out += R"(,"tags":[)";
  for (const std::string& tag : r.tags) {
    if (out.back() != '[') out += ',';
    append_json_text(out, tag);
  }
  return out + "]";
}

void append_time(std::string& out, std::string_view key, stream::timestamp t) {
  out += fmt::format(R"("{}":"{}")", key, stream::to_rfc3339(t));
}

// Which versions of what the rule reads are in force.
std::string inputs_json(const rule& r, const program& of) {
  if (r.inputs.empty()) return {};
  std::string out = R"(,"inputs":{)";
  for (const rule_input input : r.inputs) {
    if (out.back() != '{') out += ',';
    append_json_text(out, of.file_of(input).name);
    out += fmt::format(R"(:"{}")", of.file_of(input).content_hash);
  }
  return out + "}";
}

// A byte that no id ends with separates the parts, and their number is fixed by the rule: no two lists collide.
void append_part(std::string& key, std::string_view part) {
  key += part;
  key += '\0';
}

// Steps gathered by `all of` need not stand in the stream's order.
std::pair<stream::event_handle, stream::event_handle> first_and_last(const cep::match& m) {
  const auto [first, last] = std::ranges::minmax(m.events, {}, &cep::bound_event::handle);
  return {first.handle, last.handle};
}

}  // namespace

alert_writer::alert_writer(const program& rules, stream::symbols& names, std::vector<std::string> source_names)
    : rules_(rules), names_(names), source_names_(std::move(source_names)), lookups_(rules.data, names) {
  for (const rule* r : rules.active()) {
    plan& made = plans_.emplace_back(plan{r, {}, cep::steps_of(r->pattern), {}, {}});
    for (const auto& part : r->reason) {
      if (const auto* text = std::get_if<std::string>(&part)) {
        made.reason.push_back({*text, {}, {}});
      } else {
        const auto& e = std::get<cep::expression>(part);
        made.reason.push_back({{}, {cep::evaluator{e, names, lookups_}}, e.type});
      }
    }
    if (!r->raise || r->mode == rule_mode::shadow) continue;
    for (const auto& [field, value] : r->raise->fields) made.raised.emplace_back(value, names, lookups_);
  }
  update_inputs();
}

void alert_writer::update_inputs() {
  for (plan& made : plans_) made.head = shared_json(*made.cause) + inputs_json(*made.cause, rules_);
}

std::string alert_writer::subject(const cep::match& m) const {
  const auto& types = cause(m).pattern.subjects;
  std::string out;
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (i != 0) out += ", ";
    out += names_.of(types[i])[m.subject[i]];
  }
  return out;
}

cep::bindings alert_writer::reading(const cep::match& m, const stream::event_log& log) const {
  bound_.assign(plans_[m.pattern].steps.size(), {});
  run_.clear();
  for (const cep::bound_event& event : m.events) run_.push_back(event.handle);
  for (std::size_t i = 0; i < m.events.size(); ++i) {
    cep::bound_step& step = bound_[m.events[i].step];
    step.last = m.events[i].handle;
    const std::size_t before = step.run.size();
    step.run = std::span{run_}.subspan(i - before, before + 1);
  }
  const auto [first, last] = first_and_last(m);
  return {.event = {},
          .bound = bound_,
          .log = &log,
          .subject = m.subject,
          .aggregates = m.aggregates,
          .span = log[last].at() - log[first].at()};
}

std::string alert_writer::reason(const cep::match& m, const stream::event_log& log) const {
  std::string out;
  const cep::bindings from = reading(m, log);
  for (const reason_part& part : plans_[m.pattern].reason) {
    out += part.text;
    for (const cep::evaluator& e : part.filled_in) out += cep::to_text(e(from), part.type, names_);
  }
  return out;
}

std::string alert_writer::event_id(const stream::event_view& event) const {
  const stream::event_type& type = rules_.schema[event.type];
  if (const auto field = type.find("id"); field && event[*field].present(event.row)) {
    const auto& described = type[*field];
    if (described.type.kind == stream::type_kind::text) {
      return std::string{described.interned ? names_.texts()[event[*field].id(event.row)]
                                            : event[*field].text(event.row)};
    }
    const cep::value_type value_type = cep::type_of(described.type);
    return cep::to_text(cep::read_field(event, *field, value_type), value_type, names_);
  }
  if (event.from().source == raised_source) return fmt::format("raised:{:016x}", event.from().position);
  const auto source = static_cast<std::size_t>(event.from().source);
  const std::string name = source < source_names_.size() ? source_names_[source] : fmt::format("{}", source);
  return fmt::format("{}:{}", name, event.from().position);
}

std::string alert_writer::id(const cep::match& m, const stream::event_log& log) const {
  std::string key;
  append_part(key, cause(m).name);
  append_part(key, fmt::format("{}", cause(m).version));
  append_part(key, subject(m));
  for (const cep::bound_event& event : m.events) append_part(key, event_id(log[event.handle]));
  const XXH128_hash_t hash = XXH3_128bits(key.data(), key.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::optional<stream::row_ref> alert_writer::append_raised(stream::batch& into, const cep::match& m,
                                                           const stream::event_log& log) const {
  const plan& planned = plans_[m.pattern];
  if (!planned.cause->raise || planned.cause->mode == rule_mode::shadow) return std::nullopt;
  const raised_event& raised = *planned.cause->raise;
  const stream::event_type& type = rules_.schema[raised.type];
  const std::string alert_id = id(m, log);
  stream::table& table = into[raised.type];
  const cep::bindings from = reading(m, log);
  for (std::size_t i = 0; i < raised.fields.size(); ++i) {
    const auto& [field, value] = raised.fields[i];
    push_raised(table[field], type[field], planned.raised[i](from), value.type, names_);
  }
  if (raised.id && type[*raised.id].interned) table[*raised.id].push_id(names_.texts().intern(alert_id));
  if (raised.id && !type[*raised.id].interned) table[*raised.id].push_text(alert_id);
  constexpr std::size_t position_digits = 16;
  const auto position = std::stoull(alert_id.substr(0, position_digits), nullptr, 16);
  table.close_row(m.at, {.source = raised_source, .position = position});
  return stream::row_ref{raised.type, static_cast<std::uint32_t>(table.size() - 1)};
}

void alert_writer::append_json(std::string& out, const cep::match& m, const stream::event_log& log, std::uint64_t seq,
                               stream::timestamp detected) const {
  const plan& planned = plans_[m.pattern];
  const rule& r = *planned.cause;
  out += fmt::format(R"({{"id":"{}","seq":{})", id(m, log), seq);
  out += planned.head;
  if (!planned.reason.empty()) {
    out += R"(,"reason":)";
    append_json_text(out, reason(m, log));
  }
  out += R"(,"subject":{)";
  for (std::size_t i = 0; i < r.subject_names.size(); ++i) {
    if (i != 0) out += ',';
    append_json_text(out, r.subject_names[i]);
    out += ':';
    append_json_text(out, names_.of(r.pattern.subjects[i])[m.subject[i]]);
  }
  out += "},";
  append_time(out, "event_time", m.at);
  out += ',';
  append_time(out, "detected_time", detected);
  out += R"(,"window":{)";
  append_time(out, "start", log[first_and_last(m).first].at());
  out += ',';
  append_time(out, "end", m.at);
  out += R"(},"events":[)";
  append_events(out, m, log);
  out += fmt::format(R"(],"events_total":{},"values":{{)", m.events.size());
  for (std::size_t i = 0; i < m.aggregates.size(); ++i) {
    if (i != 0) out += ',';
    append_json_text(out, r.value_names[i]);
    out += ':';
    append_json_value(out, m.aggregates[i], r.pattern.aggregates[i].type, names_);
  }
  out += fmt::format(R"(}},"suppressed_count":{}}})", m.suppressed);
}

void alert_writer::append_events(std::string& out, const cep::match& m, const stream::event_log& log) const {
  for (std::size_t i = 0; i < std::min(m.events.size(), events_max); ++i) {
    const stream::event_view event = log[m.events[i].handle];
    out += i == 0 ? "{" : ",{";
    if (const std::string& label = plans_[m.pattern].steps[m.events[i].step]->label; !label.empty()) {
      out += R"("label":)";
      append_json_text(out, label);
      out += ',';
    }
    out += R"("event":)";
    append_json_text(out, rules_.schema[event.type].name);
    out += R"(,"id":)";
    append_json_text(out, event_id(event));
    out += ',';
    append_time(out, "at", event.at());
    out += R"(,"fields":{)";
    append_fields(out, event);
    out += "}}";
  }
}

void alert_writer::append_fields(std::string& out, const stream::event_view& event) const {
  const auto& fields = rules_.schema[event.type].fields;
  bool first = true;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const stream::field& described = fields[i];
    const stream::column& values = event[static_cast<stream::field_id>(i)];
    if (described.name == "id" || !values.present(event.row)) continue;
    if (!std::exchange(first, false)) out += ',';
    append_json_text(out, described.name);
    out += ':';
    if (described.type.kind == stream::type_kind::text && !described.interned) {
      append_json_text(out, values.text(event.row));
      continue;
    }
    const cep::value_type type = cep::type_of(described.type);
    append_json_value(out, cep::read_field(event, static_cast<stream::field_id>(i), type), type, names_);
  }
}

}  // namespace weir::rules
