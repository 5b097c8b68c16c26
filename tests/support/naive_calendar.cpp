#include "tests/support/naive_calendar.hpp"

#include <algorithm>

#include <date/tz.h>

namespace weir::testing {
namespace {

using calendar_unit = cep::calendar_extent::unit;

date::local_days local_day(stream::timestamp t, const date::time_zone& zone) {
  return date::floor<date::days>(date::local_time<stream::duration>(t.time_since_epoch()) + zone.get_info(t).offset);
}

date::local_days first_day(date::local_days day, calendar_unit counted) {
  switch (counted) {
    case calendar_unit::day: return day;
    case calendar_unit::week: return day - (date::weekday(day) - date::Monday);
    case calendar_unit::month: break;
  }
  const date::year_month_day date(day);
  return date::local_days(date.year() / date.month() / 1);
}

}  // namespace

// The first moment whose date is this day, or a later one where the day is skipped. A zone's history is a row of
// stretches with one offset each: the stretches are looked at from the oldest that can matter.
stream::timestamp start_of_period(stream::timestamp t, const cep::calendar_extent& extent) {
  const date::time_zone& zone = *date::locate_zone(extent.zone);
  const date::local_days day = first_day(local_day(t, zone), extent.counted);
  date::sys_info stretch = zone.get_info(stream::timestamp(day.time_since_epoch()) - date::days(3));
  while (true) {
    const auto midnight = date::sys_seconds(day.time_since_epoch()) - stretch.offset;
    const auto moment = std::max(midnight, stretch.begin);
    if (moment < stretch.end) return moment;
    stretch = zone.get_info(stretch.end);
  }
}

}  // namespace weir::testing
