#pragma once

#include <string>
#include <vector>

#include "rules/compile.hpp"
#include "tests/property/case_draw.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/plain_event.hpp"

namespace weir::testing {

/// Compiles a generated rule file; its lists are read from memory.
rules::compilation compile_generated(const std::string& text);

/// A case ready to run.
struct compiled_case {
  rules::program program;
  std::vector<plain_event> events;
  stream::timestamp final_watermark;
  std::vector<batch_cut> cuts;
  std::size_t threads = 1;  // that match it
};

/// Throws when the file does not compile, with the findings: every generated file must.
compiled_case compile_case(const case_draw& draw);

/// The oracle's alerts.
std::vector<plain_alert> expected_alerts(const compiled_case& c);

}  // namespace weir::testing
