#pragma once

#include "cep/pattern.hpp"
#include "stream/time.hpp"

namespace weir::testing {

/// "Since the local midnight that began the day, the week (a Monday) or the month of t. … Where a day has no midnight
/// it begins at its first moment; where it has two, at the earlier. A moment belongs
/// to the day that has begun last."
stream::timestamp start_of_period(stream::timestamp t, const cep::calendar_extent& extent);

}  // namespace weir::testing
