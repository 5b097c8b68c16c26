#pragma once

#include "rules/check/declared.hpp"

namespace weir::rules {

/// Puts every rule in the stratum above those whose events it matches. Rules that raise and match each other in a
/// circle are an error.
void set_strata(std::vector<rule>& rules, workplace& work);

/// Notes which lists, tables and models the rule reads.
void set_inputs(rule& of);

}  // namespace weir::rules
