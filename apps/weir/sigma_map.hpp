#pragma once

#include <expected>
#include <string>

#include "rules/sigma/import.hpp"

namespace weir::app {

/// Reads the file of `--map` (docs/sigma.md); else says all that is wrong with it, a line a finding.
///
///     [[source]]
///     product  = "windows"
///     category = "process_creation"
///     event    = "process_start"
///     keywords = ["CommandLine"]
///     fields   = { Image = "path", User = { name = "user", type = "user?" } }
///
///     [fields]
///     ProcessId = { type = "int?" }
std::expected<sigma::mapping, std::string> read_sigma_map(const std::string& path);

}  // namespace weir::app
