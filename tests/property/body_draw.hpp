#pragma once

#include <iosfwd>
#include <vector>

#include <rapidcheck.h>

#include "cep/pattern.hpp"
#include "tests/property/plain_stream.hpp"
#include "tests/property/tape.hpp"
#include "tests/support/plain_event.hpp"

namespace weir::testing {

/// A pattern's body and a stream of letters, before they are made: every form of a step, without the rule compiler. The
/// letters are those of tests/support/oracle_world.hpp.
struct body_draw {
  std::vector<tape> parts;
  tape ending;  // within, emit, condition
  stream_draw events;
  tape cuts;
  tape of_run;                // whether it is a run and a single event, and which
  bool of_transfers = false;  // steps that belong to accounts in two ways, or are free
};

cep::pattern plan_body(const body_draw& draw);
std::vector<plain_event> body_events(const body_draw& draw);

void showValue(const body_draw& draw, std::ostream& out);

}  // namespace weir::testing

namespace rc {

template <>
struct Arbitrary<weir::testing::body_draw> {
  static Gen<weir::testing::body_draw> arbitrary();
};

}  // namespace rc
