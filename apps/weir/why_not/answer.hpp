#pragma once

#include <string>
#include <vector>

#include "apps/weir/explain/judged.hpp"

namespace weir::why_not {

/// An event that might have been the next of the match, and what it lacked.
struct candidate {
  std::string event;  // "payment p2 at 2024-05-01T08:09:00Z: card C1, amount 300.00 EUR"
  std::vector<explain::judged_condition> conditions;
};

/// Why a rule raised no alert for a subject at a moment.
struct answer {
  enum class verdict : std::uint8_t {
    alerted,      // it did
    suppressed,   // a match, held back
    no_event,     // nothing that could end, or begin, a match has come
    step_failed,  // the next step's condition does not hold for the events that came
    too_late,     // the window had passed
    broken,       // an event that must not come came
    waiting,      // a deadline that has not passed
    end_failed,   // `when` or `unless`
  };

  std::string rule;
  std::string place;    // "cards.weir:19"
  std::string subject;  // "card C1", or empty
  std::string asked;    // the moment
  verdict says = verdict::no_event;
  std::string because;                // one sentence
  std::vector<std::string> reached;   // the events of the furthest part of a match
  std::string next;                   // what was to follow: "large: payment"
  std::vector<candidate> candidates;  // the nearest first
  std::vector<std::string> notes;
};

std::string as_text(const answer& a);
std::string as_json(const answer& a);

}  // namespace weir::why_not
