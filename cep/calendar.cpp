#include "cep/calendar.hpp"

#include <date/tz.h>

#include <stdexcept>

namespace weir::cep {

namespace {

// What lies outside is one long period on either side: calendars have no years beyond these.
constexpr stream::timestamp first_year = date::sys_days{date::year{1} / 1 / 2};
constexpr stream::timestamp last_year = date::sys_days{date::year{9998} / 12 / 30};

stream::timestamp begin_of(date::local_days day, const date::time_zone& zone) {
  // Where midnight does not exist this is the moment at which the clock jumped over it.
  return zone.to_sys(date::local_time<stream::duration>{day}, date::choose::earliest);
}

date::local_days day_of(stream::timestamp t, const date::time_zone& zone) {
  auto day = date::floor<date::days>(zone.to_local(t));
  while (begin_of(day + date::days{1}, zone) <= t) day += date::days{1};
  while (begin_of(day, zone) > t) day -= date::days{1};
  return day;
}

date::local_days first_of_week(date::local_days day) { return day - (date::weekday{day} - date::Monday); }

date::year_month month_of(date::local_days day) {
  const date::year_month_day written{day};
  return written.year() / written.month();
}

date::local_days first_of_month(date::year_month month) { return date::local_days{month / 1}; }

}  // namespace

calendar::calendar(const calendar_extent& extent)
    : counted_(extent.counted), zone_(date::locate_zone(std::string_view{extent.zone})) {}

calendar::period calendar::at(stream::timestamp t) const {
  if (t < first_year) return {stream::start_of_time, first_year};
  if (t >= last_year) return {last_year, stream::end_of_time};
  const date::local_days day = day_of(t, *zone_);
  date::local_days first = day;
  date::local_days next = day + date::days{1};
  if (counted_ == calendar_extent::unit::week) {
    first = first_of_week(day);
    next = first + date::days{7};
  } else if (counted_ == calendar_extent::unit::month) {
    first = first_of_month(month_of(day));
    next = first_of_month(month_of(day) + date::months{1});
  }
  return {begin_of(first, *zone_), begin_of(next, *zone_)};
}

bool is_time_zone(std::string_view name) {
  try {
    return date::locate_zone(name) != nullptr;
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::vector<std::string> time_zones() {
  std::vector<std::string> names;
  for (const date::time_zone& zone : date::get_tzdb().zones) names.emplace_back(zone.name());
  return names;
}

}  // namespace weir::cep
