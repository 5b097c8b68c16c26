#pragma once

#include <iosfwd>

#include <rapidcheck.h>

#include "tests/property/plain_stream.hpp"
#include "tests/property/rule_text.hpp"

namespace weir::testing {

/// Everything a property of the engine draws: rules, events, and how the stream is cut.
struct case_draw {
  file_draw file;
  stream_draw events;
  tape clock;               // when the stream begins
  tape cuts;                // sizes of batches
  tape lags;                // how far watermarks stay behind
  std::size_t threads = 1;  // that match it
  bool drained = true;
};

/// Shows the rule file and the events, which is what a person can read.
void showValue(const case_draw& draw, std::ostream& out);

}  // namespace weir::testing

namespace rc {

template <>
struct Arbitrary<weir::testing::case_draw> {
  static Gen<weir::testing::case_draw> arbitrary();
};

}  // namespace rc
