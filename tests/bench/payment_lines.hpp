#pragma once

#include <string>

#include "stream/record_format.hpp"
#include "tests/support/payments.hpp"

namespace weir::bench {

/// A payment as a record of the workload's file, with its line's end: NDJSON, or CSV with the columns
/// at,id,card,merchant,amount.
std::string record_of(const testing::payment& p, stream::record_syntax syntax = stream::record_syntax::ndjson);

}  // namespace weir::bench
