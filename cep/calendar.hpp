#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cep/pattern.hpp"

namespace date {
class time_zone;
}

namespace weir::cep {

/// The days, weeks or months of a time zone. A value; any thread.
///
/// A day begins at its local midnight; at the earlier one where it has two, at its first moment where it has none. A
/// moment belongs to the day that has begun last, so days follow each other even where clocks are set back over
/// midnight. Weeks begin on a Monday.
class calendar {
 public:
  struct period {  // [begin, end)
    stream::timestamp begin;
    stream::timestamp end;
  };

  /// The zone must be one: `is_time_zone`.
  explicit calendar(const calendar_extent& extent);

  /// The period that `t` is in.
  period at(stream::timestamp t) const;

 private:
  calendar_extent::unit counted_;
  const date::time_zone* zone_;  // of the process's time zone database
};

/// Whether the machine's IANA time zone database has the zone: "Europe/Paris", "UTC".
bool is_time_zone(std::string_view name);
/// All that it has.
std::vector<std::string> time_zones();

}  // namespace weir::cep
