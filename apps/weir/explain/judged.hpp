#pragma once

#include <span>
#include <string>
#include <vector>

#include "apps/weir/explain/condition_text.hpp"
#include "cep/evaluator.hpp"
#include "cep/match.hpp"

namespace weir::explain {

/// A part of a condition with its values, and whether it is as the rule asks.
struct judged_condition {
  std::string text;
  bool holds = false;

  friend bool operator==(const judged_condition&, const judged_condition&) = default;
};

/// What a match has bound, by step, as expressions read it.
class bound_events {
 public:
  bound_events(std::span<const cep::bound_event> events, std::size_t steps);
  bound_events(bound_events&&) = default;
  bound_events& operator=(bound_events&&) = default;

  std::span<const cep::bound_step> steps() const { return steps_; }

 private:
  std::vector<stream::event_handle> handles_;
  std::vector<cep::bound_step> steps_;
};

/// Computes conditions of one rule, and says what came of each part. Holds references to all it is given.
class condition_judge {
 public:
  condition_judge(const rules::rule& of, const rules::program& program, const std::vector<rules::source_file>& files,
                  stream::symbols& names);

  /// The `where` of a step or an absence, counted as they are written; empty when it has none.
  std::vector<judged_condition> where(std::size_t event, const cep::bindings& from) const;
  /// Of a path, the parts of its own `where` that read `step` and no later one; `from.bound` holds what they read.
  std::vector<judged_condition> path(std::uint16_t step, const cep::bindings& from) const;
  /// `when` and `unless`, where a match ends, and the `where` of a path.
  std::vector<judged_condition> at_end(const cep::bindings& from) const;

  const condition_text& text() const { return text_; }

 private:
  judged_condition judge(const rules::written_condition& condition, const rules::written_expression& part,
                         const cep::bindings& from) const;

  const rules::rule& rule_;
  stream::symbols& names_;
  cep::references lookups_;
  condition_text text_;
};

/// The value as a person writes it: without zeros at the end, but for those of a currency.
std::string shown(const cep::value& v, const cep::value_type& type, const stream::symbols& names);

bool all_hold(const std::vector<judged_condition>& judged);

/// "  ✓ amount = 0.50 EUR < 1 EUR", each on lines of its own.
std::string as_lines(const std::vector<judged_condition>& judged, std::string_view indent);

/// The event's fields that have a value: "merchant kiosk, amount 0.50 EUR".
std::string fields_of(const stream::event_view& event, const rules::program& program, const stream::symbols& names);

}  // namespace weir::explain
