#pragma once

#include <string>
#include <vector>

#include "cep/state_costs.hpp"
#include "rules/program.hpp"

namespace weir::explain {

/// A condition as it is written, and when it is judged.
struct planned_condition {
  std::string text;
  std::string judged;  // "on the event alone", …
};

/// A step or an absence.
struct planned_part {
  std::string what;     // "small: payment", "no confirm within 30s", "5 times fail: login"
  std::string belongs;  // how its events belong to the subject
  std::vector<planned_condition> conditions;
  std::string kept;  // "kept for 10m, 32 bytes each"; empty: not at all
};

/// Aggregates that share their events, and so a window.
struct planned_window {
  std::vector<std::string> values;  // as the rule writes them
  std::string holds;                // what is kept for a subject: "the events of 10m, 8 bytes each"
};

/// What a rule asks of the engine: which conditions are judged when, what is kept and for how long, what it may cost.
struct rule_plan {
  std::string name;
  std::string mode;
  std::string place;    // "cards.weir:19"
  std::string subject;  // "card: card", or empty for the whole stream
  std::string tier;     // "T1, a sequence"
  bool packed = false;  // in the row of its kind of subject
  std::size_t subject_bytes = 0;
  std::vector<planned_part> parts;
  std::vector<std::string> limits;  // "within 10m", "emit first", "suppress for 6h"
  std::vector<planned_condition> at_end;
  std::vector<planned_window> windows;
  std::string events_kept;             // how long the events themselves can be read
  std::vector<std::string> unbounded;  // what grows for ever
  std::vector<std::string> notes;      // on cost
};

/// What rules share: conditions on an event alone are computed once a batch for all subjects and rules; the state of
/// packed rules about one kind of subject stands together.
struct shared_work {
  struct row {
    std::string subject;
    cep::shared_row costs;
  };

  std::size_t guard_uses = 0;
  std::size_t guards = 0;  // different ones
  std::vector<row> rows;
};

/// What `explain` shows of a program's rules, `off` ones too.
struct program_plan {
  std::vector<rule_plan> rules;
  shared_work shared;
};

program_plan plan_of(const std::vector<const rules::rule*>& chosen, const rules::program& program,
                     const std::vector<rules::source_file>& files);

std::string as_text(const program_plan& plan);
std::string as_json(const program_plan& plan);

}  // namespace weir::explain
