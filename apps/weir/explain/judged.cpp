#include "apps/weir/explain/judged.hpp"

#include <algorithm>
#include <optional>

#include "apps/weir/text_table.hpp"
#include "cep/condition_split.hpp"

namespace weir::explain {

using rules::written_condition;

namespace {

constexpr std::size_t width = 100;

/// The last step that the expression reads.
std::optional<std::uint16_t> last_step_in(const cep::expression& e) {
  std::optional<std::uint16_t> last;
  if (e.op == cep::operation::bound_field) last = e.index;
  for (const auto& arg : e.args) last = std::max(last, last_step_in(arg));
  return last;
}

}  // namespace

bound_events::bound_events(std::span<const cep::bound_event> events, std::size_t steps) : steps_(steps) {
  for (const auto& event : events) handles_.push_back(event.handle);
  for (std::size_t i = 0; i < events.size(); ++i) {
    auto& step = steps_[events[i].step];
    step.last = handles_[i];
    const auto before = step.run.size();
    step.run = std::span{handles_}.subspan(i - before, before + 1);
  }
}

condition_judge::condition_judge(const rules::rule& of, const rules::program& program,
                                 const std::vector<rules::source_file>& files, stream::symbols& names)
    : rule_(of), names_(names), lookups_(program.data, names), text_(of, program, files) {}

std::vector<judged_condition> condition_judge::where(std::size_t event, const cep::bindings& from) const {
  std::vector<judged_condition> judged;
  for (const auto& condition : rule_.conditions) {
    if (condition.says != written_condition::clause::where || condition.event != event) continue;
    for (const auto* part : rules::conjuncts_of(condition)) judged.push_back(judge(condition, *part, from));
  }
  return judged;
}

std::vector<judged_condition> condition_judge::path(std::uint16_t step, const cep::bindings& from) const {
  std::vector<judged_condition> judged;
  for (const auto& condition : rule_.conditions) {
    if (condition.says != written_condition::clause::path) continue;
    for (const auto* part : rules::conjuncts_of(condition)) {
      if (last_step_in(part->means) == step) judged.push_back(judge(condition, *part, from));
    }
  }
  return judged;
}

std::vector<judged_condition> condition_judge::at_end(const cep::bindings& from) const {
  std::vector<judged_condition> judged;
  for (const auto& condition : rule_.conditions) {
    const bool path = condition.says == written_condition::clause::path;
    if (path || condition.says == written_condition::clause::when) {
      for (const auto* part : rules::conjuncts_of(condition)) {
        judged.push_back(judge(condition, *part, from));
        judged.back().text.insert(0, path ? "where " : "when ");
      }
    } else if (condition.says == written_condition::clause::unless) {
      auto none = judge(condition, condition.whole(), from);
      judged.push_back({.text = "unless " + none.text, .holds = !none.holds});
    }
  }
  return judged;
}

judged_condition condition_judge::judge(const written_condition& condition, const rules::written_expression& part,
                                        const cep::bindings& from) const {
  const auto value_of = [&](const cep::expression& e) {
    return shown(cep::evaluator(e, names_, lookups_)(from), e.type, names_);
  };
  const bool in_where = condition.says == written_condition::clause::where;
  if (in_where && cep::reads(part.means, cep::operation::graph_call)) {
    return {.text = text_.plain(part.where) + " (not looked up: it asks a graph)", .holds = true};
  }
  return {.text = text_.filled_in(condition, part, value_of),
          .holds = cep::evaluator(part.means, names_, lookups_).holds(from)};
}

std::string shown(const cep::value& v, const cep::value_type& type, const stream::symbols& names) {
  auto text = cep::to_text(v, type, names);
  const bool number = type.kind == cep::value_kind::exact || type.kind == cep::value_kind::real;
  if (!number || type.unit == cep::unit::time || type.unit == cep::unit::duration) return text;
  const auto end = std::min(text.find(' '), text.size());
  const auto point = text.find('.');
  if (point >= end || text.find('e') < end) return text;
  const auto kept = point + 1 + static_cast<std::size_t>(cep::base_digits(type));
  auto last = end;
  while (last > kept && text[last - 1] == '0') --last;
  if (text[last - 1] == '.') --last;
  return text.erase(last, end - last);
}

bool all_hold(const std::vector<judged_condition>& judged) {
  return std::ranges::all_of(judged, &judged_condition::holds);
}

std::string as_lines(const std::vector<judged_condition>& judged, std::string_view indent) {
  std::string lines;
  for (const auto& j : judged) {
    auto text = app::wrapped(j.text, width, std::string(indent) + "    ");
    text.replace(indent.size(), 4, j.holds ? "yes " : "NO  ");
    lines += text;
  }
  return lines;
}

std::string fields_of(const stream::event_view& event, const rules::program& program, const stream::symbols& names) {
  std::string words;
  const auto& fields = program.schema[event.type].fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto id = static_cast<stream::field_id>(i);
    if (fields[i].name == "id" || !event[id].present(event.row)) continue;
    words += (words.empty() ? "" : ", ") + fields[i].name + " ";
    if (fields[i].type.kind == stream::type_kind::text && !fields[i].interned) {
      words += event[id].text(event.row);
    } else {
      const auto type = cep::type_of(fields[i].type);
      words += shown(cep::read_field(event, id, type), type, names);
    }
  }
  return words;
}

}  // namespace weir::explain
