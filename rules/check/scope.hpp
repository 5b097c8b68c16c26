#pragma once

#include <set>
#include <variant>

#include "cep/pattern.hpp"
#include "rules/check/declared.hpp"

namespace weir::rules {

/// What a rule is about: `for acct: account`.
struct rule_subject {
  std::string name;
  stream::field_type type;
};

/// `prev(login where ok)`: a field of it is an aggregate of its own.
struct previous_event {
  cep::aggregate last;  // without its field
  std::string written;
};

/// An event that an expression may read: the one at hand in a `where`, one that a step has bound, or an earlier one.
struct readable_event {
  std::string label;                          // empty when it has none
  std::string event;                          // its type's name
  std::optional<stream::event_type_id> type;  // none: its declaration is in error, and has been reported
  cep::operation op = cep::operation::field;  // `field` or `bound_field`
  std::uint16_t step = 0;
  bool run = false;             // a step with a quantity: its fields are read through functions over the run
  bool may_be_missing = false;  // in an `optional` or a `one of`: the step may bind no event
  std::optional<previous_event> previous{};
};

/// What the parameter of a `let` stands for where it is called; nothing when its argument is in error.
using let_argument = std::variant<std::monostate, readable_event, cep::expression>;

/// The aggregates that a rule's expressions have asked for so far, equal ones once.
struct aggregates_read {
  std::vector<cep::aggregate> functions;
  std::vector<std::string> names;  // as the rule writes each
};

/// What a rule's expressions ask of graphs where its match ends, equal ones once.
struct graph_calls_read {
  std::vector<cep::expression> calls;
  std::vector<std::string> names;  // as the rule writes each
};

/// Where an expression stands, and so what its names mean.
struct scope {
  std::uint32_t file = 0;
  std::optional<readable_event> here{};                 // inside a `where`: the event at hand
  std::vector<readable_event> bound{};                  // of the earlier steps
  std::vector<std::string> later{};                     // labels of later steps, and vertices that these bring
  std::vector<std::string> beside{};                    // the same of the other members of its `all of` or `one of`
  std::vector<std::string> events{};                    // names of the event types of all the rule's steps
  const std::vector<rule_subject>* subjects = nullptr;  // none: there is no rule here, as in a param
  aggregates_read* aggregates = nullptr;                // none: no aggregate may stand here
  graph_calls_read* graph_calls = nullptr;              // none: the match has not ended here
  bool in_reason = false;                               // `span` is a name
  std::set<std::string>* labels_read = nullptr;

  // Inside a `let`: its parameters are the only names besides params, lists and lets.
  const declared_let* let = nullptr;
  by_name<let_argument> arguments{};
  std::optional<source_span> call{};  // where findings are shown: the call in the rule; none: in the let itself

  bool inside_let() const { return let != nullptr; }
  /// A let is checked apart from any rule: then an aggregate needs no key.
  bool checking_let() const { return inside_let() && !call; }
};

}  // namespace weir::rules
