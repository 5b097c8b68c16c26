#pragma once

#include "rules/check/scope.hpp"
#include "rules/program.hpp"

namespace weir::rules {

/// Warns when constants alone keep the condition from ever being true: `x > 5 and x < 3`.
void warn_if_never(const cep::expression& condition, source_span where, workplace& work);

/// Warns of a rule about the whole stream, and says what that costs.
void warn_no_subject(const rule& r, workplace& work);

/// Warns of a match that may stay open for ever.
void warn_unbounded(const rule& r, workplace& work);

/// Warns, once a file, of the rules without a test.
void warn_untested(const std::vector<rule>& rules, workplace& work);

}  // namespace weir::rules
