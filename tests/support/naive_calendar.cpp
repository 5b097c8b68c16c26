#include "tests/support/naive_calendar.hpp"

#include <algorithm>

#include <date/tz.h>

namespace weir::testing {
namespace {

using calendar_unit = cep::calendar_extent::unit;

// The first moment whose date is this day, or a later one where the day is skipped. A zone's history is a row of
// stretches with one offset each: the stretches are looked at from the oldest that can matter.
stream::timestamp first_moment(date::local_days day, const date::time_zone& zone) {
  date::sys_info stretch = zone.get_info(date::sys_days(day.time_since_epoch()) - date::days(3));
  while (true) {
    const auto midnight = date::sys_seconds(day.time_since_epoch()) - stretch.offset;
    const auto moment = std::max(midnight, stretch.begin);
    if (moment < stretch.end) return moment;
    stretch = zone.get_info(stretch.end);
  }
}

// "A moment belongs to the day that has begun last."
date::local_days day_of(stream::timestamp t, const date::time_zone& zone) {
  date::local_days day =
      date::floor<date::days>(date::local_time<stream::duration>(t.time_since_epoch())) + date::days(2);
  while (first_moment(day, zone) > t) day -= date::days(1);
  return day;
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

stream::timestamp start_of_period(stream::timestamp t, const cep::calendar_extent& extent) {
  const date::time_zone& zone = *date::locate_zone(extent.zone);
  return first_moment(first_day(day_of(t, zone), extent.counted), zone);
}

}  // namespace weir::testing
