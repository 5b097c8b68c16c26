#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/property/schema_text.hpp"
#include "tests/property/tape.hpp"

namespace weir::testing {

/// A thing that a rule is about, alone or together with another.
struct subject_plan {
  std::string name;
  field_kind kind{};      // account, device or text
  bool by_field = false;  // events belong through their field of the subject's name; else through an equality
};
using subject_plans = std::vector<subject_plan>;  // none: the whole stream

/// An event, or a run of them, that an expression may read, and by what name: none for the event at hand, "s1" for what
/// a step has bound, "prev(pay)".
struct readable_plan {
  std::string name;
  const event_plan* event = nullptr;
  bool is_run = false;
  bool is_aggregate = false;  // which a `where` does not read
  bool may_lack = false;      // there may be none: of `optional`, `one of` and `prev`

  std::string prefix() const { return name.empty() ? "" : name + "."; }
};

/// A vertex of a path.
struct vertex_plan {
  std::string name;
  field_kind kind{};
};

/// Where an expression stands.
struct scope_plan {
  const schema_plan* schema = nullptr;
  const subject_plans* subjects = nullptr;
  std::vector<readable_plan> readable{};
  std::vector<vertex_plan> vertices{};
  bool may_aggregate = false;
};

/// Writes well-typed expressions.
class expression_writer {
 public:
  expression_writer(tape_reader& choices, const scope_plan& scope) : choices_(choices), scope_(scope) {}

  std::string condition(int depth);
  /// A value of any kind, as `suppress by` takes it; nothing where none can be read.
  std::optional<std::string> any_value();
  /// A number, money, a duration or a time, as a `reason` shows it.
  std::string shown() { return number(any_sort(), 1); }
  /// A value for a field of this kind, as `raise` gives it.
  std::string value_for(field_kind kind);
  /// `prev(EVENT [where …])`.
  readable_plan previous();

 private:
  enum class sort : std::uint8_t { plain, money, duration, time };
  using kinds = std::vector<field_kind>;

  std::string simple_condition(int depth);
  std::string number_comparison(int depth);
  std::string between(int depth);
  std::string identity_comparison();
  std::string boolean_field();
  std::string missing_test();
  std::string membership();
  std::string let_call();
  std::string text_test();
  std::string distance_comparison();
  std::string score_comparison();
  std::optional<std::string> place(bool as_numbers);

  bool has_times() const;
  sort any_sort();
  std::string number(sort s, int depth);
  std::string plain_number(int depth);
  std::string amount(sort s, int depth);
  std::string time(int depth);
  std::string atom(sort s);
  std::string literal(sort s);
  std::optional<std::string> looked_up(sort s);
  std::optional<std::string> run_number(sort s);
  std::optional<std::string> text();

  std::optional<std::string> field(const kinds& of);
  std::vector<std::string> fields(const kinds& of) const;
  std::string moment();
  std::optional<std::string> aggregate(sort s);
  std::optional<std::string> aggregate_of(const std::string& function, const kinds& of);
  std::string aggregate_text(const std::string& function, const event_plan& event, const std::string& field);
  std::string window_text(bool& may_correlate);

  tape_reader& choices_;
  const scope_plan& scope_;
};

/// `where …` of a step, an absence or an aggregate, with the equalities that tie its event to the subjects if any are
/// needed; empty when nothing is asked.
std::string where_clause(tape_reader& choices, scope_plan scope, const event_plan& event, const std::string& own_label,
                         int depth);

/// The events that can belong to the subjects.
std::vector<const event_plan*> events_of(const subject_plans& subjects, const schema_plan& schema);

std::string any_duration(tape_reader& choices);

}  // namespace weir::testing
