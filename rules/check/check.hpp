#pragma once

#include "rules/check/declared.hpp"
#include "rules/check/load.hpp"

namespace weir::rules {

/// Gives the trees their meaning. Finds all errors of all files; without any, the program. `work.files` has a file for
/// every tree.
std::optional<program> check(const syntax_trees& trees, const std::map<std::string, std::string>& params,
                             const file_reader& read, workplace& work);

}  // namespace weir::rules
