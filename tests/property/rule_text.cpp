#include "tests/property/rule_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tests/property/expression_text.hpp"

namespace weir::testing {
namespace {

constexpr std::size_t parts_max = 6;
constexpr std::size_t steps_max = 4;

bool any_has(const schema_plan& schema, field_kind kind) {
  return std::ranges::any_of(schema.events, [&](const event_plan& e) { return e.has(kind); });
}

subject_plan plan_subject(tape_reader choices, const schema_plan& schema) {
  const std::size_t choice = choices.choose(8);
  if (choice == 3) return {"who", field_kind::account, false};
  if (choice == 4) return {};
  if (choice == 5 && any_has(schema, field_kind::device)) return {"d", field_kind::device, false};
  if (choice == 6 && any_has(schema, field_kind::text)) return {"tag", field_kind::text, true};
  return {"acct", field_kind::account, true};
}

std::string subject_text(const subject_plan& subject, bool in_full) {
  if (subject.name.empty()) return "";
  if (subject.by_field && !in_full) return " for " + subject.name;
  return fmt::format(" for {}: {}", subject.name, type_of(subject.kind));
}

/// Writes one rule, part by part.
class rule_writer {
 public:
  rule_writer(const rule_draw& draw, const schema_plan& schema)
      : draw_(draw), schema_(schema), subject_(plan_subject(tape_reader(draw.subject), schema)) {
    scope_.schema = &schema_;
    scope_.subject = &subject_;
  }

  std::string text(std::size_t number) {
    const bool in_full =
        tape_reader(std::span(draw_.subject).subspan(std::min<std::size_t>(1, draw_.subject.size()))).once_in(2);
    std::string rule = fmt::format("rule r{}{} {{\n", number, subject_text(subject_, in_full));
    rule += draw_.parts.size() <= 1 ? on_clause() : match_clause();
    rule += judged("when", draw_.when, 2) + judged("unless", draw_.unless, 4);
    return rule + ending() + "}\n";
  }

 private:
  std::string on_clause() {
    tape_reader choices(draw_.parts.empty() ? std::span<const std::uint8_t>() : std::span(draw_.parts.front()));
    return "  on " + step(choices) + "\n";
  }

  std::string match_clause() {
    const std::size_t count = std::min(draw_.parts.size(), parts_max);
    std::string text = "  match ";
    bool after_absence = false;
    for (std::size_t i = 0; i < count; ++i) {
      tape_reader choices(draw_.parts[i]);
      const bool last = i + 1 == count;
      // The last part may be an absence only behind a step: any other absence stands between two steps.
      const bool wants_absence = choices.once_in(3) || steps_ == steps_max;
      const bool absent = i > 0 && wants_absence && !(last && after_absence);
      after_absence = absent;
      if (i > 0) text += "  then ";
      text += (absent ? absence(choices, last) : step(choices)) + "\n";
    }
    return text + within();
  }

  std::string step(tape_reader& choices) {
    const event_plan& event = any_event(choices);
    const std::string label = choices.once_in(5) ? "" : fmt::format("s{}", ++steps_);
    if (label.empty()) ++steps_;
    const std::string where = where_clause(choices, scope_, event, label, depth(choices));
    if (!label.empty()) scope_.readable.push_back({label + ".", &event});
    return (label.empty() ? "" : label + ": ") + event.name + where;
  }

  std::string absence(tape_reader& choices, bool last) {
    const event_plan& event = any_event(choices);
    const std::string where = where_clause(choices, scope_, event, "", depth(choices));
    return fmt::format("no {}{}{}", event.name, where, last ? " within " + any_duration(choices) : "");
  }

  // Half of the steps ask for nothing: a long match of picky steps is never found.
  static int depth(tape_reader& choices) {
    const std::size_t choice = choices.choose(6);
    return choice < 3 ? -1 : choice < 5 ? 0 : 1;
  }

  const event_plan& any_event(tape_reader& choices) { return *choices.pick(events_of(subject_, schema_)); }

  // A match without `within` is legal, if dear.
  std::string within() {
    tape_reader choices(draw_.ending);
    if (choices.once_in(6)) return "";
    has_within_ = true;
    return "  within " + any_duration(choices) + "\n";
  }

  std::string judged(const char* word, const tape& tape, std::size_t rarity) {
    tape_reader choices(tape);
    if (!choices.once_in(rarity)) return "";
    scope_plan scope = scope_;
    scope.may_aggregate = true;
    return fmt::format("  {} {}\n", word,
                       expression_writer(choices, scope).condition(static_cast<int>(choices.choose(3))));
  }

  std::string ending() {
    const std::size_t skipped = std::min<std::size_t>(2, draw_.ending.size());
    tape_reader choices(std::span(draw_.ending).subspan(skipped));
    std::string text;
    if (has_within_ && choices.once_in(3)) text += "  emit first\n";
    if (choices.once_in(3)) text += "  suppress " + suppression_key(choices) + "for " + any_duration(choices) + "\n";
    return text;
  }

  std::string suppression_key(tape_reader& choices) {
    if (!choices.once_in(2)) return "";
    expression_writer writer(choices, scope_);
    const auto first = writer.any_value();
    if (!first) return "";
    const auto second = choices.once_in(3) ? writer.any_value() : std::nullopt;
    return fmt::format("by {}{} ", *first, second ? ", " + *second : "");
  }

  const rule_draw& draw_;
  const schema_plan& schema_;
  subject_plan subject_;
  scope_plan scope_;
  std::size_t steps_ = 0;
  bool has_within_ = false;
};

}  // namespace

std::string rule_file(const file_draw& draw) {
  const schema_plan schema = plan_schema(tape_reader(draw.schema));
  std::string text = declarations(schema);
  for (std::size_t i = 0; i < draw.rules.size(); ++i) {
    text += "\n" + rule_writer(draw.rules[i], schema).text(i + 1);
  }
  return text;
}

}  // namespace weir::testing
