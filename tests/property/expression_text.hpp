#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/property/schema_text.hpp"
#include "tests/property/tape.hpp"

namespace weir::testing {

/// What a rule is about.
struct subject_plan {
  std::string name;       // empty: the whole stream
  field_kind kind{};      // account, device or text
  bool by_field = false;  // events belong through their field of the subject's name; else through an equality
};

/// An event that an expression may read, and how: "" for the one at hand, "s1." for one that a step has bound.
struct readable_plan {
  std::string prefix;
  const event_plan* event = nullptr;
};

/// Where an expression stands.
struct scope_plan {
  const schema_plan* schema = nullptr;
  const subject_plan* subject = nullptr;
  std::vector<readable_plan> readable;
  bool may_aggregate = false;
};

/// Writes well-typed expressions.
class expression_writer {
 public:
  expression_writer(tape_reader& choices, const scope_plan& scope) : choices_(choices), scope_(scope) {}

  std::string condition(int depth);
  /// A value of any kind, as `suppress by` takes it; nothing where none can be read.
  std::optional<std::string> any_value();

 private:
  enum class sort : std::uint8_t { plain, money, duration, time };

  std::string number_comparison(int depth);
  std::string between(int depth);
  std::string identity_comparison();
  std::string boolean_field();
  std::string missing_test();
  std::string membership();
  std::string let_call();

  bool has_times() const;
  sort any_sort();
  std::string number(sort s, int depth);
  std::string plain_number(int depth);
  std::string amount(sort s, int depth);
  std::string time(int depth);
  std::string atom(sort s);
  std::string literal(sort s);
  std::optional<std::string> field(const std::vector<field_kind>& kinds);
  std::vector<std::string> fields(const std::vector<field_kind>& kinds) const;
  std::optional<std::string> aggregate(sort s);
  std::optional<std::string> aggregate_of(const std::string& function, const std::vector<field_kind>& kinds);
  std::string aggregate_text(const std::string& function, const event_plan& event, const std::string& field);

  tape_reader& choices_;
  const scope_plan& scope_;
};

/// `where …` of a step, an absence or an aggregate, with the equality that ties its event to the subject if one is
/// needed; empty when nothing is asked.
std::string where_clause(tape_reader& choices, scope_plan scope, const event_plan& event, const std::string& own_label,
                         int depth);

/// The events that can belong to the subject.
std::vector<const event_plan*> events_of(const subject_plan& subject, const schema_plan& schema);

std::string any_duration(tape_reader& choices);

}  // namespace weir::testing
