#include "rules/check/lower_rule.hpp"

#include <algorithm>

#include "rules/check/literals.hpp"
#include "rules/check/lower_expression.hpp"
#include "rules/check/pattern_walk.hpp"
#include "rules/check/subject.hpp"
#include "rules/check/warnings.hpp"
#include "rules/syntax/parse.hpp"

namespace weir::rules {
namespace {

// A step or an absence as it was written, and the event it is about.
struct written_part {
  const ast::step* step = nullptr;
  const ast::absence* absence = nullptr;
  readable_event event;

  const std::optional<ast::expression>& where() const { return step != nullptr ? step->where : absence->where; }
  const ast::identifier& event_name() const { return step != nullptr ? step->event : absence->event; }
};

class rule_lowering {
 public:
  rule_lowering(const ast::rule_declaration& tree, std::uint32_t file, workplace& work)
      : tree_(tree),
        file_(file),
        work_(work),
        errors_before_(work.found.errors()),
        clauses_(sort_clauses(tree, file, work.found)) {}

  rule lower() {
    work_.calls = 0;
    describe_rule(result_, tree_, clauses_, file_, work_.found);
    gather_parts();
    check_labels();
    settle_subject();
    lower_parts();
    lower_within();
    lower_conditions();
    lower_emission();
    lower_suppression();
    lower_reason_text();
    result_.pattern.aggregates = std::move(aggregates_.functions);
    result_.value_names = std::move(aggregates_.names);
    for (const auto* test : clauses_.tests) result_.tests.push_back(lower_test(*test, file_, result_, work_));
    check_size();
    if (work_.found.errors() == errors_before_) warn();
    return std::move(result_);
  }

 private:
  void gather_parts();
  void add_part(written_part part);
  void check_labels();
  void settle_subject();
  void check_subject_name(const ast::identifier& name);
  void lower_parts();
  std::optional<cep::event_filter> filter_of(const written_part& part, const scope& where);
  void lower_step(const written_part& part, cep::event_filter events);
  void lower_absence(const written_part& part, bool last, cep::event_filter events);
  void check_absences();
  void lower_within();
  void lower_conditions();
  void lower_emission();
  void lower_suppression();
  void lower_reason_text();
  void check_size();
  void warn();

  scope scope_at(std::size_t part);
  scope scope_at_end();
  std::optional<stream::duration> positive(const ast::duration_literal& written);
  void error(const ast::located& place, std::string message, std::string hint = {}) {
    work_.found.error(span_of(file_, place), std::move(message), std::move(hint));
  }

  const ast::rule_declaration& tree_;
  std::uint32_t file_;
  workplace& work_;
  std::size_t errors_before_;
  rule_clauses clauses_;
  rule result_;
  std::vector<written_part> parts_;
  std::vector<rule_subject> subjects_;
  std::vector<std::string> subjects_in_error_;
  aggregates_read aggregates_;
  std::set<std::string> labels_read_;
};

void rule_lowering::gather_parts() {
  if (clauses_.on != nullptr) return add_part({.step = &clauses_.on->event, .absence = nullptr, .event = {}});
  if (clauses_.match == nullptr) return;
  for (const auto& part : clauses_.match->parts) {
    add_part({.step = boost::get<ast::step>(&part), .absence = boost::get<ast::absence>(&part), .event = {}});
  }
}

void rule_lowering::add_part(written_part part) {
  const auto& name = part.event_name();
  const auto steps = std::ranges::count_if(parts_, [](const auto& p) { return p.step != nullptr; });
  part.event = {.label = part.step != nullptr && part.step->label ? part.step->label->name : "",
                .event = name.name,
                .type = std::nullopt,
                .op = cep::operation::bound_field,
                .step = static_cast<std::uint16_t>(steps)};
  if (const auto found = work_.names.events.find(name.name); found != work_.names.events.end()) {
    part.event.type = found->second.id;
  } else {
    work_.found.unknown(span_of(file_, name), "there is no event " + quoted(name.name),
                        did_you_mean(name.name, names_of(work_.names.events)));
  }
  parts_.push_back(std::move(part));
}

void rule_lowering::check_labels() {
  std::set<std::string> seen;
  for (const auto& part : parts_) {
    if (part.event.label.empty() || seen.insert(part.event.label).second) continue;
    error(*part.step->label, "there is a label " + quoted(part.event.label) + " already",
          "give every event of the match its own label");
  }
}

void rule_lowering::settle_subject() {
  std::vector<readable_event> events;
  for (const auto& part : parts_) events.push_back(part.event);
  for (const auto& written : tree_.subjects) {
    check_subject_name(written.name);
    result_.subject_names.push_back(written.name.name);
    if (auto subject = resolve_subject(written, file_, events, work_)) {
      result_.pattern.subjects.push_back(subject->type);
      subjects_.push_back(*std::move(subject));
    } else {
      subjects_in_error_.push_back(written.name.name);
    }
  }
}

// A bare name in a condition is one thing.
void rule_lowering::check_subject_name(const ast::identifier& name) {
  if (std::ranges::count(result_.subject_names, name.name) > 0) {
    error(name, "there is a subject " + quoted(name.name) + " already", "give every subject its own name");
  }
  const auto taken = [&](std::string_view what, source_span first) {
    error(name, quoted(name.name) + " is a " + std::string(what) + " already",
          "it is declared in " + line_text(first, file_, work_.files) + "; name the subject otherwise");
  };
  if (const auto param = work_.names.params.find(name.name); param != work_.names.params.end()) {
    taken("param", param->second.where);
  }
  if (const auto list = work_.names.lists.find(name.name); list != work_.names.lists.end()) {
    taken("list", list->second.where);
  }
}

scope rule_lowering::scope_at_end() {
  scope result{.file = file_, .aggregates = nullptr, .labels_read = &labels_read_};
  for (const auto& part : parts_) {
    result.events.push_back(part.event.event);
    if (part.step != nullptr) result.bound.push_back(part.event);
  }
  result.subjects = &subjects_;
  // What reads a subject whose declaration is in error stays silent.
  for (const auto& name : subjects_in_error_) result.arguments.emplace(name, std::monostate());
  return result;
}

scope rule_lowering::scope_at(std::size_t index) {
  auto result = scope_at_end();
  result.here = parts_[index].event;
  result.here->op = cep::operation::field;
  result.bound.clear();
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const auto& part = parts_[i];
    if (part.step == nullptr || i == index) continue;
    if (i < index) {
      result.bound.push_back(part.event);
    } else if (!part.event.label.empty()) {
      result.later.push_back(part.event.label);
    }
  }
  return result;
}

void rule_lowering::lower_parts() {
  check_absences();
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    auto events = filter_of(parts_[i], scope_at(i));
    if (!events) events.emplace();
    if (parts_[i].step != nullptr) {
      lower_step(parts_[i], *std::move(events));
    } else {
      lower_absence(parts_[i], i + 1 == parts_.size(), *std::move(events));
    }
  }
}

std::optional<cep::event_filter> rule_lowering::filter_of(const written_part& part, const scope& where) {
  cep::event_filter events{.type = {}, .keys = {}, .where = cep::always()};
  bool good = part.event.type.has_value();
  if (part.where()) {
    auto condition = expression_lowering(where, work_).condition(*part.where());
    good = good && condition;
    if (condition) {
      warn_if_never(*condition, span_of(file_, *part.where()), work_);
      events.where = *std::move(condition);
    }
  }
  if (!good) return std::nullopt;
  events.type = *part.event.type;
  auto keyed = with_keys(std::move(events), where.subjects, work_.names.schema);
  if (keyed) return *std::move(keyed);
  if (work_.names.has_field_in_error(part.event_name().name)) return std::nullopt;
  error(part.event_name(), std::move(keyed.error().message), std::move(keyed.error().hint));
  return std::nullopt;
}

void rule_lowering::lower_step(const written_part& part, cep::event_filter events) {
  result_.pattern.body.parts.emplace_back(cep::step_group{{{part.event.label, std::move(events)}}});
}

void rule_lowering::lower_absence(const written_part& part, bool last, cep::event_filter events) {
  cep::absence result{std::move(events)};
  if (part.absence->within && last) result.within = positive(*part.absence->within);
  result_.pattern.body.parts.emplace_back(std::move(result));
}

void rule_lowering::check_absences() {
  const auto last_step = std::find_if(parts_.rbegin(), parts_.rend(), [](const auto& p) { return p.step != nullptr; });
  const auto steps_end = static_cast<std::size_t>(parts_.rend() - last_step);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].absence == nullptr) continue;
    const auto& absence = *parts_[i].absence;
    const bool last = i + 1 == parts_.size();
    if (i == 0) {
      error(absence, "a match that begins with `no` is not in this version yet", "begin with the event that must come");
    } else if (!last && i >= steps_end) {
      error(absence, "two `no` at the end are not in this version yet", "leave one of them, or write two rules");
    } else if (!last && absence.within) {
      error(*absence.within, "`within` on a `no` between two events is not in this version yet",
            "leave it out: the `no` holds between the events on both sides");
    } else if (last && !absence.within) {
      error(absence, "a `no` at the end needs to know how long to wait",
            "write no " + absence.event.name + " within 30s");
    }
  }
}

std::optional<stream::duration> rule_lowering::positive(const ast::duration_literal& written) {
  const auto length = positive_duration(written);
  if (length) return *length;
  error(written, length.error().message, length.error().hint);
  return std::nullopt;
}

void rule_lowering::lower_within() {
  if (clauses_.match == nullptr || !clauses_.match->within) return;
  result_.pattern.body.within = positive(*clauses_.match->within);
}

void rule_lowering::lower_conditions() {
  auto where = scope_at_end();
  where.aggregates = &aggregates_;
  expression_lowering at_end(where, work_);
  if (clauses_.when != nullptr) {
    if (auto when = at_end.condition(clauses_.when->condition)) {
      warn_if_never(*when, span_of(file_, clauses_.when->condition), work_);
      result_.pattern.condition = *std::move(when);
    }
  }
  if (clauses_.unless != nullptr) {
    if (auto unless = at_end.condition(clauses_.unless->condition)) {
      cep::expression none;
      none.op = cep::operation::logical_not;
      none.type = boolean_type;
      none.args.push_back(*std::move(unless));
      result_.pattern.condition = cep::both(std::move(result_.pattern.condition), folded(std::move(none)));
    }
  }
}

void rule_lowering::lower_emission() {
  if (clauses_.emit == nullptr) return;
  const auto& word = clauses_.emit->emission;
  if (word.name == "each") return;
  if (word.name != "first") {
    return error(word, "expected `each` or `first`, found " + quoted(word.name),
                 did_you_mean(word.name, {"each", "first"}));
  }
  result_.pattern.emit = cep::emission::first;
  if (clauses_.match == nullptr || !clauses_.match->within) {
    error(*clauses_.emit, "`emit first` is silent until the match's `within` has passed, and there is none",
          "write suppress for 1h instead");
  }
}

void rule_lowering::lower_suppression() {
  if (clauses_.suppress == nullptr) return;
  cep::suppression result;
  const auto where = scope_at_end();
  for (const auto& key : clauses_.suppress->by) {
    if (auto e = expression_lowering(where, work_).lower(key)) result.by.push_back(*std::move(e));
  }
  if (const auto length = positive(clauses_.suppress->length)) result.length = *length;
  result_.pattern.suppress = std::move(result);
}

void rule_lowering::lower_reason_text() {
  if (clauses_.reason == nullptr) return;
  auto where = scope_at_end();
  where.aggregates = &aggregates_;
  where.in_reason = true;
  result_.reason = lower_reason(*clauses_.reason, std::move(where), work_);
}

struct node_count {
  std::size_t nodes = 0;
  void expression(const cep::expression&, stream::event_type_id) { ++nodes; }
  void aggregate(const cep::aggregate&) {}
  void filter(const cep::event_filter&) {}
};

// Evaluators number the parts of an expression with sixteen bits.
void rule_lowering::check_size() {
  constexpr std::size_t nodes_max = 30'000;
  node_count count;
  walk_rule(std::as_const(result_), count);
  if (count.nodes <= nodes_max) return;
  error(tree_.name,
        "the rule " + quoted(tree_.name.name) + " is too large: its conditions have " + std::to_string(count.nodes) +
            " parts (at most " + std::to_string(nodes_max) + ")",
        "put long enumerations in a list");
}

void rule_lowering::warn() {
  if (tree_.broken || (clauses_.on == nullptr && clauses_.match == nullptr)) return;
  if (tree_.subjects.empty()) warn_no_subject(result_, work_);
  warn_unbounded(result_, work_);
  // A match's labels name its events in the alert; that of an `on` is there to be read.
  const bool single = clauses_.on != nullptr && clauses_.on->event.label;
  if (single && !labels_read_.contains(clauses_.on->event.label->name)) {
    work_.found.warning(span_of(file_, *clauses_.on->event.label),
                        "the label " + quoted(clauses_.on->event.label->name) + " is never used");
  }
}

}  // namespace

rule lower_rule(const ast::rule_declaration& tree, std::uint32_t file, workplace& work) {
  return rule_lowering(tree, file, work).lower();
}

std::vector<reason_part> lower_reason(const ast::reason_clause& tree, scope where, workplace& work) {
  std::vector<reason_part> parts;
  for (const auto& piece : split_reason(tree.text, where.file, work.found.list())) {
    if (!piece.is_expression) {
      parts.emplace_back(piece.text);
      continue;
    }
    const auto written = parse_expression(piece.text, where.file, piece.offset, work.found.list());
    if (!written) continue;
    if (auto e = expression_lowering(where, work).lower(*written)) parts.emplace_back(*std::move(e));
  }
  return parts;
}

}  // namespace weir::rules
