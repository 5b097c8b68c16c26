#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/compile.hpp"
#include "rules/program.hpp"

namespace weir::rules {

/// What reading the files of lists and tables again has brought.
struct reloaded {
  std::vector<std::uint16_t> lists;  // that have changed, by index
  std::vector<std::uint16_t> tables;
  std::vector<std::string> errors;  // "payroll.csv, line 3: …": what was in force before stays so

  bool changed() const { return !lists.empty() || !tables.empty(); }
};

/// Reads the files of the program's lists and tables again. Those that have changed get their new values in
/// `rules.data`, and their new hashes; detector::update and alert_writer::update take them over, between two batches.
reloaded reload(program& rules, const file_reader& read = read_text_file);

}  // namespace weir::rules
