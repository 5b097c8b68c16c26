#pragma once

#include <string>

#include "stream/batch.hpp"
#include "stream/dictionary.hpp"
#include "stream/schema.hpp"

namespace weir::testing {

/// A schema for tests: `payment` as the reference workload has it, `login`, and `thing`, which has an optional field of
/// every type.
///
///     payment { id: text  card: card  merchant: text  amount: money(EUR) }       merchant is interned
///     login   { user: account  ok: bool }
///     thing   { flag: bool?  count: int?  real: float?  exact: decimal?  eur: money(EUR)?  yen: money(JPY)?
///               note: text?  tag: text?  seen: time?  span: duration?  ip: ip?  card: card? }     tag is interned
stream::schema sample_schema();

/// A row as a line: "payment 1970-01-01T00:00:00.017Z s0@0 id=17 card=4711 …"; a missing value is "-".
std::string describe(const stream::batch& rows, stream::row_ref row, const stream::schema& types,
                     const stream::symbols& names);

}  // namespace weir::testing
