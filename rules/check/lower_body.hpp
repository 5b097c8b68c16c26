#pragma once

#include "rules/check/path.hpp"
#include "rules/check/written_body.hpp"

namespace weir::rules {

/// Gives the steps and absences of a rule their meaning, and says where they cannot stand. `at_end` is what may be read
/// where the match ends; `path` is null unless the steps are its edges.
std::vector<std::variant<cep::step_group, cep::absence>> lower_body(const written_body& body, const path_meaning* path,
                                                                    const scope& at_end, workplace& work);

}  // namespace weir::rules
