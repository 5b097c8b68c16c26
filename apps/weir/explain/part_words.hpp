#pragma once

#include <string>
#include <vector>

#include "rules/program.hpp"

namespace weir::explain {

/// The rule's steps and absences, without their conditions, in the words of the language: "small: payment", "at least 5
/// times fail: login", "no confirm within 30s", "one of card: payment".
std::vector<std::string> body_words(const rules::rule& r, const rules::program& program);

/// A step, without its condition: "5 times fail: login".
std::string step_words(const cep::step& s, const rules::rule& r, const rules::program& program);

/// A group whole: "all of (c: confirm, r: reset)".
std::string group_words(const cep::step_group& group, const rules::rule& r, const rules::program& program);

/// "small", or the event type's name where the step has no label.
std::string name_of(const cep::step& s, const rules::program& program);

/// What an aggregate keeps of each subject: "the last 5 events", "the events of 10m".
std::string window_words(const cep::aggregate& a);

}  // namespace weir::explain
