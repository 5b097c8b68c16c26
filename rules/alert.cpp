#include "rules/alert.hpp"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "rules/json_text.hpp"
#include "rules/raised_value.hpp"
#include "rules/reload.hpp"

namespace weir::rules {

namespace {

/// `"name":`
std::string json_key(std::string_view name) {
  std::string key;
  append_json_text(key, name);
  return key + ':';
}

/// Everything between "seq" and the first field that differs from alert to alert.
std::string json_head_of(const rule& r) {
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

/// Everything of an event that a step has bound, up to the event's id.
std::string json_head_of(const cep::step& s, const stream::schema& types) {
  std::string out = "{";
  if (!s.label.empty()) {
    out += R"("label":)";
    append_json_text(out, s.label);
    out += ',';
  }
  out += R"("event":)";
  append_json_text(out, types[s.events.type].name);
  return out + R"(,"id":)";
}

/// Which versions of what the rule reads are in force.
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

/// A byte that no id ends with separates the parts, and their number is fixed by the rule: no two lists collide.
constexpr char part_end = '\0';

// Steps gathered by `all of` need not stand in the stream's order.
std::pair<stream::event_handle, stream::event_handle> first_and_last(const cep::match& m) {
  const auto [first, last] = std::ranges::minmax(m.events, {}, &cep::bound_event::handle);
  return {first.handle, last.handle};
}

// The last event of a match says when its absences are over, unless one of them counts from an earlier event.
bool has_several_deadlines(const cep::pattern& pattern) {
  for (auto part = pattern.body.parts.rbegin(); part != pattern.body.parts.rend(); ++part) {
    const auto* none = std::get_if<cep::absence>(&*part);
    if (none == nullptr) break;
    if (none->of) return true;
  }
  return false;
}

}  // namespace

// ---- plans

alert_writer::alert_writer(const program& rules, stream::symbols& names, std::vector<std::string> source_names)
    : rules_(rules), names_(names), source_names_(std::move(source_names)), lookups_(rules.data, names) {
  make_plans();
}

void alert_writer::make_plans() {
  for (const stream::event_type& type : rules_.schema.events()) event_plans_.push_back(plan_of(type));
  for (const rule* r : rules_.active()) {
    plan& made = plans_.emplace_back(plan_of(*r, rules_));
    for (const auto& part : r->reason) {
      if (const auto* text = std::get_if<std::string>(&part)) {
        made.reason.push_back({*text, {}, {}});
      } else {
        const auto& e = std::get<cep::expression>(part);
        made.reason.push_back({{}, {cep::evaluator{e, names_, lookups_}}, e.type});
      }
    }
    if (!r->raise || r->mode == rule_mode::shadow) continue;
    for (const auto& [field, value] : r->raise->fields) made.raised.emplace_back(value, names_, lookups_);
  }
  write_heads();
}

void alert_writer::update(const reloaded& changes) {
  for (const auto i : changes.lists) lookups_.replace_list(i, rules_.data.lists[i], names_);
  for (const auto i : changes.tables) lookups_.replace_table(i, rules_.data.tables[i], names_);
  write_heads();
}

void alert_writer::replace() {
  plans_.clear();
  event_plans_.clear();
  lookups_ = cep::references(rules_.data, names_);
  make_plans();
}

void alert_writer::write_heads() {
  for (plan& made : plans_) made.json_head = json_head_of(*made.cause) + inputs_json(*made.cause, rules_);
}

alert_writer::plan alert_writer::plan_of(const rule& r, const program& rules) {
  plan made{.cause = &r,
            .id_head = r.name + part_end + std::to_string(r.version) + part_end,
            .json_head = {},  // write_heads writes it
            .reason = {},
            .raised = {},
            .deadline_in_id = has_several_deadlines(r.pattern),
            .subject_keys = {},
            .step_heads = {},
            .value_keys = {},
            .graphs = {}};
  for (const std::string& name : r.subject_names) made.subject_keys.push_back(json_key(name));
  for (const cep::step* s : cep::steps_of(r.pattern)) made.step_heads.push_back(json_head_of(*s, rules.schema));
  for (const std::string& name : r.value_names) made.value_keys.push_back(json_key(name));
  for (const cep::expression& call : r.pattern.graph_calls) {
    if (cep::shows_edges(call.question->function)) made.graphs.push_back(rules.data.graphs[call.question->graph]);
  }
  return made;
}

alert_writer::event_plan alert_writer::plan_of(const stream::event_type& type) const {
  event_plan made;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    const stream::field& described = type.fields[i];
    field_plan field{.id = static_cast<stream::field_id>(i),
                     .key = json_key(described.name),
                     .type = cep::type_of(described.type),
                     .spelling = spelling_of(described),
                     .names = &std::as_const(names_).of(described.type)};
    if (described.name == "id") {
      made.id = std::move(field);
    } else {
      made.fields.push_back(std::move(field));
    }
  }
  return made;
}

alert_writer::field_plan::as alert_writer::spelling_of(const stream::field& described) {
  switch (described.type.kind) {
    case stream::type_kind::text: return described.interned ? field_plan::as::interned : field_plan::as::plain_text;
    case stream::type_kind::entity: return field_plan::as::interned;
    case stream::type_kind::integer:
    case stream::type_kind::decimal:
    case stream::type_kind::money: return field_plan::as::number;
    default: return field_plan::as::other;
  }
}

// ---- parts of an alert

std::string alert_writer::subject(const cep::match& m) const {
  std::string out;
  const auto& types = cause(m).pattern.subjects;
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (i != 0) out += ", ";
    out += names_.of(types[i])[m.subject[i]];
  }
  return out;
}

cep::bindings alert_writer::reading(const cep::match& m, const stream::event_log& log) const {
  bound_.assign(plans_[m.pattern].step_heads.size(), {});
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
          .answers = m.answers,
          .span = log[last].at() - log[first].at()};
}

std::string alert_writer::reason(const cep::match& m, const stream::event_log& log) const {
  std::string out;
  append_reason(out, m, log);
  return out;
}

void alert_writer::append_reason(std::string& out, const cep::match& m, const stream::event_log& log) const {
  const cep::bindings from = reading(m, log);
  for (const reason_part& part : plans_[m.pattern].reason) {
    out += part.text;
    for (const cep::evaluator& e : part.filled_in) cep::append_text(out, e(from), part.type, names_);
  }
}

std::string alert_writer::event_id(const stream::event_view& event) const {
  text_line_.clear();
  put_event_id(text_line_, event);
  return std::string{text_line_.text()};
}

void alert_writer::put_event_id(line_buffer& line, const stream::event_view& event) const {
  const auto& field = event_plans_[static_cast<std::size_t>(event.type)].id;
  if (field && event[field->id].present(event.row)) {
    if (field->spelling == field_plan::as::plain_text) return line.put(event[field->id].text(event.row));
    text_.clear();
    cep::append_text(text_, cep::read_field(event, field->id, field->type), field->type, names_);
    return line.put(std::string_view{text_});
  }
  if (event.from().source == raised_source) {
    line.put("raised:");
    return line.put_hex(event.from().position);
  }
  const auto source = static_cast<std::size_t>(event.from().source);
  line.put(source < source_names_.size() ? std::string_view{source_names_[source]} : std::to_string(source));
  line.put(':');
  line.put_number(event.from().position);
}

void alert_writer::put_json_event_id(line_buffer& line, const stream::event_view& event) const {
  const auto& field = event_plans_[static_cast<std::size_t>(event.type)].id;
  if (field && field->spelling == field_plan::as::plain_text && event[field->id].present(event.row)) {
    return line.put_json_text(event[field->id].text(event.row));
  }
  text_line_.clear();
  put_event_id(text_line_, event);
  line.put_json_text(text_line_.text());
}

std::string alert_writer::id(const cep::match& m, const stream::event_log& log) const {
  look_up(m, log);
  const hashed_id named = id_of(m);
  text_line_.clear();
  text_line_.put_hex(named.high);
  text_line_.put_hex(named.low);
  return std::string{text_line_.text()};
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
  if (raised.id && type[*raised.id].interned) table[*raised.id].push_id(names_.texts().intern_passing(alert_id));
  if (raised.id && !type[*raised.id].interned) table[*raised.id].push_text(alert_id);
  constexpr std::size_t position_digits = 16;
  const auto position = std::stoull(alert_id.substr(0, position_digits), nullptr, 16);
  table.close_row(m.at, {.source = raised_source, .position = position});
  return stream::row_ref{raised.type, static_cast<std::uint32_t>(table.size() - 1)};
}

/// Once for all that an alert asks of its events.
void alert_writer::look_up(const cep::match& m, const stream::event_log& log) const {
  events_.clear();
  for (const cep::bound_event& event : m.events) events_.push_back(log[event.handle]);
}

/// Of a match that was looked up.
alert_writer::hashed_id alert_writer::id_of(const cep::match& m) const {
  const plan& planned = plans_[m.pattern];
  hashed_.clear();
  hashed_.put(planned.id_head);
  const auto& types = planned.cause->pattern.subjects;
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (i != 0) hashed_.put(", ");
    hashed_.put(names_.of(types[i])[m.subject[i]]);
  }
  hashed_.put(part_end);
  for (const stream::event_view& event : events_) {
    put_event_id(hashed_, event);
    hashed_.put(part_end);
  }
  if (planned.deadline_in_id) hashed_.put_number(std::int64_t{m.at.time_since_epoch().count()});
  const XXH128_hash_t hash = XXH3_128bits(hashed_.text().data(), hashed_.text().size());
  return {.high = hash.high64, .low = hash.low64};
}

// ---- the line

void alert_writer::put_json(line_buffer& line, const cep::match& m, const stream::event_log& log, std::uint64_t seq,
                            stream::timestamp detected) const {
  const plan& planned = plans_[m.pattern];
  look_up(m, log);
  const hashed_id named = id_of(m);
  line.put(R"({"id":")");
  line.put_hex(named.high);
  line.put_hex(named.low);
  line.put(R"(","seq":)");
  line.put_number(seq);
  line.put(planned.json_head);
  if (!planned.reason.empty()) {
    line.put(R"(,"reason":)");
    text_.clear();
    append_reason(text_, m, log);
    line.put_json_text(text_);
  }
  line.put(R"(,"subject":{)");
  for (std::size_t i = 0; i < m.subject.size(); ++i) {
    if (i != 0) line.put(',');
    line.put(planned.subject_keys[i]);
    line.put_json_text(names_.of(planned.cause->pattern.subjects[i])[m.subject[i]]);
  }
  line.put(R"(},"event_time":")");
  line.put_time(m.at);
  line.put(R"(","detected_time":")");
  if (detected != detected_ || detected_text_.empty()) {
    detected_ = detected;
    detected_text_ = stream::to_rfc3339(detected);
  }
  line.put(std::string_view{detected_text_});
  line.put(R"(","window":{"start":")");
  line.put_time(begin_of(m));
  line.put(R"(","end":")");
  line.put_time(m.at);
  line.put(R"("},"events":[)");
  put_events(line, m);
  line.put(R"(],"events_total":)");
  line.put_number(std::uint64_t{m.events.size()});
  line.put(R"(,"values":{)");
  put_values(line, m);
  line.put('}');
  if (!planned.graphs.empty()) put_graph(line, m, log);
  line.put(R"(,"suppressed_count":)");
  line.put_number(m.suppressed);
  line.put('}');
}

stream::timestamp alert_writer::begin_of(const cep::match& m) const {
  const auto first = std::ranges::min_element(m.events, {}, &cep::bound_event::handle);
  return events_[static_cast<std::size_t>(first - m.events.begin())].at();
}

void alert_writer::put_events(line_buffer& line, const cep::match& m) const {
  for (std::size_t i = 0; i < std::min(m.events.size(), events_max); ++i) {
    const stream::event_view& event = events_[i];
    if (i != 0) line.put(',');
    line.put(plans_[m.pattern].step_heads[m.events[i].step]);
    put_json_event_id(line, event);
    line.put(R"(,"at":")");
    line.put_time(event.at());
    line.put(R"(","fields":{)");
    put_fields(line, event);
    line.put("}}");
  }
}

void alert_writer::put_fields(line_buffer& line, const stream::event_view& event) const {
  for (const field_plan& field : event_plans_[static_cast<std::size_t>(event.type)].fields) {
    const stream::column& values = event[field.id];
    if (!values.present(event.row)) continue;
    if (line.last() != '{') line.put(',');
    line.put(field.key);
    put_field(line, field, values, event);
  }
}

/// A value that is there.
void alert_writer::put_field(line_buffer& line, const field_plan& field, const stream::column& values,
                             const stream::event_view& event) const {
  switch (field.spelling) {
    case field_plan::as::plain_text: return line.put_json_text(values.text(event.row));
    case field_plan::as::interned: return line.put_json_text((*field.names)[values.id(event.row)]);
    case field_plan::as::number: return line.put_decimal(values.number(event.row), field.type.digits);
    case field_plan::as::other: break;
  }
  put_value(line, cep::read_field(event, field.id, field.type), field.type);
}

void alert_writer::put_values(line_buffer& line, const cep::match& m) const {
  const plan& planned = plans_[m.pattern];
  for (std::size_t i = 0; i < m.aggregates.size(); ++i) {
    if (i != 0) line.put(',');
    line.put(planned.value_keys[i]);
    put_value(line, m.aggregates[i], planned.cause->pattern.aggregates[i].type);
  }
  for (std::size_t i = 0; i < m.answers.size(); ++i) {
    if (line.last() != '{') line.put(',');
    line.put(planned.value_keys[m.aggregates.size() + i]);
    put_value(line, m.answers[i], planned.cause->pattern.graph_calls[i].type);
  }
}

void alert_writer::put_graph(line_buffer& line, const cep::match& m, const stream::event_log& log) const {
  const plan& planned = plans_[m.pattern];
  edges_.clear();
  for (const stream::event_handle handle : m.graph_events.first(std::min(m.graph_events.size(), events_max))) {
    const stream::event_view event = log[handle];
    edges_.push_back({event, &*std::ranges::find(planned.graphs, event.type, &cep::graph_shape::event)});
  }
  line.put(R"(,"graph":{"nodes":[)");
  put_nodes(line);
  line.put(R"(],"edges":[)");
  put_edges(line);
  line.put(R"(],"edges_total":)");
  line.put_number(std::uint64_t{m.graph_events.size()});
  line.put(m.truncated ? std::string_view(R"(,"truncated":true})") : std::string_view(R"(,"truncated":false})"));
}

// Each vertex once, in the order of the edges.
void alert_writer::put_nodes(line_buffer& line) const {
  std::vector<stream::symbol> named;
  for (const auto& [event, graph] : edges_) {
    for (const stream::field_id end : {graph->from, graph->to}) {
      const stream::symbol vertex = event[end].id(event.row);
      if (std::ranges::find(named, vertex) != named.end()) continue;
      if (!named.empty()) line.put(',');
      named.push_back(vertex);
      line.put_json_text(names_.of(rules_.schema[graph->event][end].type)[vertex]);
    }
  }
}

void alert_writer::put_edges(line_buffer& line) const {
  for (const auto& [event, graph] : edges_) {
    if (line.last() == '}') line.put(',');
    const stream::event_type& type = rules_.schema[graph->event];
    line.put(R"({"id":)");
    put_json_event_id(line, event);
    line.put(R"(,"from":)");
    line.put_json_text(names_.of(type[graph->from].type)[event[graph->from].id(event.row)]);
    line.put(R"(,"to":)");
    line.put_json_text(names_.of(type[graph->to].type)[event[graph->to].id(event.row)]);
    line.put(R"(,"at":")");
    line.put_time(event.at());
    line.put('"');
    if (graph->weight && event[*graph->weight].present(event.row)) {
      line.put(R"(,"weight":)");
      line.put_decimal(event[*graph->weight].number(event.row), cep::type_of(type[*graph->weight].type).digits);
    }
    line.put('}');
  }
}

void alert_writer::put_value(line_buffer& line, const cep::value& v, const cep::value_type& type) const {
  const bool plain = type.unit == cep::unit::none || type.unit == cep::unit::money;
  if (v.present && type.kind == cep::value_kind::exact && plain && type.digits <= stream::decimal_digits) {
    const auto short_one = static_cast<std::int64_t>(v.exact);
    if (short_one == v.exact) return line.put_decimal(short_one, type.digits);
  }
  text_.clear();
  append_json_value(text_, v, type, names_);
  line.put(std::string_view{text_});
}

}  // namespace weir::rules
