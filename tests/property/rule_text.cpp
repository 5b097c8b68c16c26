#include "tests/property/rule_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/property/body_text.hpp"
#include "tests/property/expression_text.hpp"

namespace weir::testing {
namespace {

bool any_has(const schema_plan& schema, field_kind kind) {
  return std::ranges::any_of(schema.events, [&](const event_plan& e) { return e.has(kind); });
}

subject_plans drawn_subjects(tape_reader choices, const schema_plan& schema) {
  switch (choices.choose(14)) {
    case 3:
    case 4: return {{"who", field_kind::account, false}};
    case 5:
      if (any_has(schema, field_kind::device)) return {{"d", field_kind::device, false}};
      break;
    case 6:
      if (any_has(schema, field_kind::text)) return {{"tag", field_kind::text, true}};
      break;
    case 7: return {};
    case 8: return {{"acct", field_kind::account, true}, {"tag", field_kind::text, true}};
    case 9: return {{"d", field_kind::device, false}, {"acct", field_kind::account, true}};
    case 10: return {{"a", field_kind::account, false}, {"b", field_kind::account, false}};
    default: break;
  }
  return {{"acct", field_kind::account, true}};
}

subject_plans plan_subjects(tape_reader choices, const schema_plan& schema) {
  const subject_plans drawn = drawn_subjects(choices, schema);
  if (events_of(drawn, schema).empty()) return {{"acct", field_kind::account, true}};
  return drawn;
}

std::string subject_text(const subject_plans& subjects, bool in_full) {
  std::vector<std::string> texts;
  for (const subject_plan& s : subjects) {
    texts.push_back(s.by_field && !in_full ? s.name : fmt::format("{}: {}", s.name, type_of(s.kind)));
  }
  return texts.empty() ? "" : fmt::format(" for {}", fmt::join(texts, ", "));
}

std::span<const std::uint8_t> behind(const tape& choices, std::size_t skipped) {
  return std::span(choices).subspan(std::min(skipped, choices.size()));
}

/// Writes one rule, part by part.
class rule_writer {
 public:
  /// The number, from 1, says which raised events the rule may match, and which one it may raise: there are no circles.
  rule_writer(const rule_draw& draw, schema_plan schema, std::size_t number)
      : draw_(draw), schema_(std::move(schema)), number_(number) {
    const auto& raised = raised_events();
    const std::size_t below = std::min(number - 1, raised.size());
    schema_.events.insert(schema_.events.end(), raised.begin(), raised.begin() + static_cast<std::ptrdiff_t>(below));
    subjects_ = plan_subjects(tape_reader(draw.subject), schema_);
    scope_.schema = &schema_;
    scope_.subjects = &subjects_;
  }

  std::string text() {
    const bool in_full = tape_reader(behind(draw_.subject, 1)).once_in(2);
    tape_reader manner(draw_.manner);
    std::string rule = fmt::format("rule r{}{}{} {{\n", number_, subject_text(subjects_, in_full),
                                   manner.once_in(6) ? " version 2" : "");
    rule += mode(manner) + body();
    rule += judged("when", draw_.when, 3) + judged("unless", draw_.unless, 5);
    return rule + ending() + reason(manner) + raise() + "}\n";
  }

 private:
  std::string body() {
    const body_text text = write_body(draw_.parts, draw_.ending, scope_);
    scope_.readable = text.readable;
    scope_.vertices = text.vertices;
    has_within_ = text.has_within;
    return text.clause;
  }

  static std::string mode(tape_reader& choices) {
    static const std::vector<std::string> modes{"live", "shadow", "off", "shadow"};
    std::string text = choices.once_in(5) ? "  severity high\n  score 80\n" : "";
    if (choices.once_in(6)) text += fmt::format("  mode {}\n", choices.pick(modes));
    return text;
  }

  std::string reason(tape_reader& choices) {
    if (!choices.once_in(5)) return "";
    scope_plan scope = scope_;
    scope.may_aggregate = true;
    const std::string shown = expression_writer(choices, scope).shown();
    if (shown.find('"') != std::string::npos) return "  reason \"{span}\"\n";  // texts don't stand in texts
    return fmt::format("  reason \"{{{}}}, {{span}}\"\n", shown);
  }

  std::string judged(const char* word, const tape& tape, std::size_t rarity) {
    tape_reader choices(tape);
    if (!choices.once_in(rarity)) return "";
    scope_plan scope = scope_;
    scope.may_aggregate = true;
    const auto depth = static_cast<int>(choices.choose(3));
    if (choices.once_in(6)) scope.readable.push_back(expression_writer(choices, scope).previous());
    return fmt::format("  {} {}\n", word, expression_writer(choices, scope).condition(depth));
  }

  std::string ending() {
    tape_reader choices(behind(draw_.ending, 4));
    std::string text;
    const std::size_t emit = choices.choose(9);
    if (emit == 4) text += "  emit each\n";
    if (emit == 7 && has_within_) text += "  emit first\n";
    if (emit >= 5 && emit != 7) text += fmt::format("  emit all limit {}\n", 1 + choices.choose(4));
    if (choices.once_in(4)) text += "  suppress " + suppression_key(choices) + "for " + any_duration(choices) + "\n";
    return text;
  }

  std::string raise() {
    tape_reader choices(draw_.raise);
    if (number_ > raised_events().size() || !choices.once_in(3)) return "";
    const event_plan& event = raised_events()[number_ - 1];
    scope_plan scope = scope_;
    scope.may_aggregate = true;
    std::string text = fmt::format("  raise {} {{", event.name);
    for (const field_plan& f : event.fields) {
      if (f.optional && choices.once_in(4)) continue;
      text += fmt::format(" {}: {}", name_of(f.kind), expression_writer(choices, scope).value_for(f.kind));
    }
    return text + " }\n";
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
  schema_plan schema_;
  std::size_t number_;
  subject_plans subjects_;
  scope_plan scope_;
  bool has_within_ = false;
};

}  // namespace

std::string rule_file(const file_draw& draw) {
  const schema_plan schema = plan_schema(tape_reader(draw.schema));
  std::string text = declarations(schema);
  for (std::size_t i = 0; i < draw.rules.size(); ++i) {
    text += "\n" + rule_writer(draw.rules[i], schema, i + 1).text();
  }
  return text;
}

}  // namespace weir::testing
