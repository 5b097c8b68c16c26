#pragma once

#include <string>
#include <string_view>

#include "rules/syntax/config.hpp"

// How other languages say what stands in a rule file, and how it is said here.
namespace weir::rules::syntax {

/// What someone may have meant who wrote the token `index`, as a hint; empty if we do not know. `expected`: what the
/// grammar wanted there, or nothing where a clause or a declaration should begin.
std::string hint_for_habit(const reading& source, std::size_t index, std::string_view expected);

/// The same where a name stands behind an event's that no other word is near to: `on payment p`.
std::string hint_for_name_behind(const reading& source, std::size_t index);

}  // namespace weir::rules::syntax
