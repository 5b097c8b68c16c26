#include "apps/weir/explain/condition_text.hpp"

#include <algorithm>

namespace weir::explain {

namespace {

using cep::operation;
using rules::written_condition;
using rules::written_expression;

bool is_boolean(const written_expression& e) { return e.means.type.kind == cep::value_kind::boolean; }

/// `<` and its like, and `between`.
bool is_ordering(const written_expression& e) {
  const auto op = e.means.op;
  const bool between = op == operation::logical_and && e.is == written_expression::form::other;
  return between || op == operation::less || op == operation::less_equal || op == operation::greater ||
         op == operation::greater_equal;
}

bool reads_an_event(operation op) {
  return op == operation::field || op == operation::bound_field || op == operation::first_field;
}

void collect_reads(const cep::expression& e, bool at_end, std::vector<const cep::expression*>& into) {
  const bool answer = e.op == operation::graph_call && at_end;
  const bool is_read = reads_an_event(e.op) || e.op == operation::subject || e.op == operation::aggregate || answer;
  const auto same = [&](const cep::expression* other) { return *other == e; };
  if (is_read && std::ranges::none_of(into, same)) into.push_back(&e);
  for (const auto& arg : e.args) collect_reads(arg, at_end, into);
}

}  // namespace

std::string on_one_line(std::string_view text) {
  std::string line;
  bool quoted = false;
  bool gap = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!quoted && c == '#') {
      i = std::min(text.find('\n', i), text.size()) - 1;
      gap = true;
    } else if (!quoted && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) {
      gap = true;
    } else {
      if (gap && !line.empty()) line += ' ';
      gap = false;
      line += c;
      const bool escaped = quoted && c == '\\' && i + 1 < text.size();
      if (escaped) line += text[++i];
      if (!escaped && c == '"') quoted = !quoted;
    }
  }
  return line;
}

std::vector<const cep::event_filter*> filters_of(const cep::pattern& p) {
  std::vector<const cep::event_filter*> filters;
  for (const auto& part : p.body.parts) {
    if (const auto* group = std::get_if<cep::step_group>(&part)) {
      for (const auto& step : group->steps) filters.push_back(&step.events);
    } else {
      filters.push_back(&std::get<cep::absence>(part).events);
    }
  }
  return filters;
}

std::string_view condition_text::source(const rules::source_span& where) const {
  return std::string_view(files_[where.file].text).substr(where.begin, where.end - where.begin);
}

std::string condition_text::plain(const rules::source_span& where) const { return on_one_line(source(where)); }

std::string condition_text::filled_in(const written_condition& condition, const written_expression& part,
                                      const value_words& value_of) const {
  std::vector<insertion> insertions;
  collect(condition, part, false, value_of, insertions);
  std::string text;
  auto from = part.where.begin;
  for (const auto& [at, words] : insertions) {
    text += source({.file = part.where.file, .begin = from, .end = at});
    text += words;
    from = at;
  }
  text += source({.file = part.where.file, .begin = from, .end = part.where.end});
  return on_one_line(text);
}

void condition_text::collect(const written_condition& condition, const written_expression& part, bool ordered,
                             const value_words& value_of, std::vector<insertion>& into) const {
  if (part.is == written_expression::form::literal) return;
  const auto parts = rules::parts_of(condition, part);
  if (!is_boolean(part) || reads_an_event(part.means.op)) {
    const auto value = value_of(part.means);
    into.push_back({part.where.end, ordered ? " = " + value : " (" + value + ")"});
  } else if (parts.empty()) {
    into.push_back({part.where.end, reads_words(condition, part, value_of)});
  } else {
    for (const auto* inner : parts) collect(condition, *inner, is_ordering(part), value_of, into);
  }
}

/// Of a let, what it reads; of a value that stands alone, what it is: " (false)", " (kind = "deposit", amount = 9500.00
/// EUR)".
std::string condition_text::reads_words(const written_condition& condition, const written_expression& part,
                                        const value_words& value_of) const {
  const auto reads = reads_of(part.means, condition);
  if (reads.size() == 1 && reads.front().first == plain(part.where)) return " (" + value_of(reads.front().second) + ")";
  std::string words;
  for (const auto& [name, read] : reads) {
    words += (words.empty() ? " (" : ", ") + name + " = " + value_of(read);
  }
  return words.empty() ? words : words + ")";
}

std::vector<std::pair<std::string, cep::expression>> condition_text::reads_of(const cep::expression& e,
                                                                              const written_condition& where) const {
  std::vector<const cep::expression*> found;
  collect_reads(e, where.says != written_condition::clause::where, found);
  std::vector<std::pair<std::string, cep::expression>> reads;
  for (const auto* read : found) reads.emplace_back(name_of(*read, where), *read);
  return reads;
}

std::string condition_text::name_of(const cep::expression& read, const written_condition& where) const {
  const auto field_of = [&](stream::event_type_id type) {
    return read.field == cep::at_field ? std::string("at") : program_.schema[type][read.field].name;
  };
  if (read.op == operation::subject) return rule_.subject_names[read.index];
  if (read.op == operation::aggregate) return rule_.value_names[read.index];
  if (read.op == operation::graph_call) return rule_.value_names[rule_.pattern.aggregates.size() + read.index];
  if (read.op == operation::field) return field_of(filters_of(rule_.pattern)[where.event]->type);
  const auto& step = *cep::steps_of(rule_.pattern)[read.index];
  return (step.label.empty() ? program_.schema[step.events.type].name : step.label) + "." + field_of(step.events.type);
}

}  // namespace weir::explain
