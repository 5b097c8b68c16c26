#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>

#include "cep/packed_matcher.hpp"
#include "stream/fetch_ahead.hpp"

// What packed_matcher does with windows, and its way through a batch where all there is are windows over one track and
// patterns of one event that ask them: `on payment when count(payment) over 10m > 8`.
namespace weir::cep {

namespace {

using part_kind = packed_role::part_kind;

std::int64_t number_of(stream::timestamp t) { return t.time_since_epoch().count(); }

std::uint32_t& start_of(std::byte* row, const packed_window& w) {
  return *reinterpret_cast<std::uint32_t*>(row + w.start);
}
std::uint32_t start_of(const std::byte* row, const packed_window& w) {
  return *reinterpret_cast<const std::uint32_t*>(row + w.start);
}
std::int64_t& head_of(std::byte* row, const packed_window& w) { return *reinterpret_cast<std::int64_t*>(row + w.head); }
std::int64_t head_of(const std::byte* row, const packed_window& w) {
  return *reinterpret_cast<const std::int64_t*>(row + w.head);
}
void add_to_sum(std::byte* row, const packed_window& w, int128 change) {
  if (w.sum == nowhere) return;
  int128 sum = 0;
  std::memcpy(&sum, row + w.sum, sizeof sum);
  sum += change;
  std::memcpy(row + w.sum, &sum, sizeof sum);
}

/// The number of its value_counts.
std::uint32_t& counts_of(std::byte* row, const packed_window& w) {
  return *reinterpret_cast<std::uint32_t*>(row + w.counts);
}

/// The earliest time that the window reaches at `now`.
std::int64_t oldest_in(stream::timestamp now, const packed_window& w) {
  if (w.periods) return number_of(w.periods->at_hand.begin);
  std::int64_t oldest = 0;
  const bool overflows = __builtin_sub_overflow(number_of(now), w.length.count(), &oldest);
  return overflows ? std::numeric_limits<std::int64_t>::min() : oldest;
}

/// A pattern that asks the windows at events of a role, and the counts that it asks for.
struct asking_pattern {
  std::uint32_t role = 0;  // its bit
  std::uint32_t pattern = 0;
  std::span<const packed_count_range> counts;
};

}  // namespace

// ---- one track of one subject

void packed_matcher::enter_track(const event_at_hand& e, std::uint32_t number) {
  const track_shape& track = plan_.tracks[number];
  const std::span<const packed_window> windows = track.windows;
  settled_[number] = 1;
  advance_windows(track, windows, e.row, e.at);
  std::int64_t taken = 0;
  if (track.field) {
    const stream::column& values = e.view[*track.field];
    if (!values.present(e.view.row)) return;
    if (track.has_cells()) taken = cell_of(values, e.view.row, track.type.kind);
  }
  enter_windows(track, windows, e.row, e.at, taken);
  self_[number] = 1;
}

void packed_matcher::advance_track(const track_shape& track, std::byte* row, stream::timestamp now) {
  advance_windows(track, std::span{track.windows}, row, now);
}

/// Lets go of events that the windows no longer reach at `now`: each from its own start, the queue from the least. As
/// long as no window's first event is too old, no event is looked at.
template <std::size_t Windows>
void packed_matcher::advance_windows(const track_shape& track, std::span<const packed_window, Windows> windows,
                                     std::byte* row, stream::timestamp now) {
  window_queue& events = events_of(row, track.events);
  bool any_gone = false;
  for (const packed_window& w : windows) {
    const std::int64_t oldest = oldest_in(now, w);
    if (head_of(row, w) >= oldest || start_of(row, w) == events.size) continue;
    any_gone = true;
    events.in_cells(pool_, track.unit, [&](const auto& cells) { let_go(events, cells, w, row, oldest); });
  }
  if (!any_gone) return;
  std::uint32_t least = events.size;
  for (const packed_window& w : windows) least = std::min(least, start_of(row, w));
  if (least == 0) return;
  events.pop_front(least);
  for (const packed_window& w : windows) start_of(row, w) -= least;
}

/// Of one window, which holds some.
template <class Cells>
void packed_matcher::let_go(const window_queue& events, const Cells& cells, const packed_window& w, std::byte* row,
                            std::int64_t oldest) {
  const std::uint32_t start = start_of(row, w);
  const std::int64_t start_time = head_of(row, w);
  const std::uint32_t counts = w.counts == nowhere ? 0 : counts_of(row, w);
  std::uint32_t first = start;
  std::int64_t head = start_time;
  int128 left = 0;
  for (; first < events.size; ++first) {
    head = start_time + cells.later(first, start);
    if (head >= oldest) break;
    left += cells.value(first);
    if (counts != 0) value_counts_.remove(counts, cells.value(first));
  }
  if (counts != 0 && first == events.size) {
    value_counts_.end(counts);
    counts_of(row, w) = 0;
  }
  add_to_sum(row, w, -left);
  start_of(row, w) = first;
  head_of(row, w) = head;
}

/// An event comes into windows that have been advanced to its time.
template <std::size_t Windows>
void packed_matcher::enter_windows(const track_shape& track, std::span<const packed_window, Windows> windows,
                                   std::byte* row, stream::timestamp now, std::int64_t taken) {
  window_queue& events = events_of(row, track.events);
  for (const packed_window& w : windows) {
    if (start_of(row, w) == events.size) head_of(row, w) = number_of(now);
    add_to_sum(row, w, taken);
  }
  events.push_back(pool_, track.unit, number_of(now), taken);
  for (const packed_window& w : windows) {
    if (w.counts != nowhere) count_value(events, w, row, taken);
  }
}

/// Of the newest event; the first time there are too many to be looked through, of all.
void packed_matcher::count_value(const window_queue& events, const packed_window& w, std::byte* row,
                                 std::int64_t taken) {
  std::uint32_t& counts = counts_of(row, w);
  if (counts != 0) return value_counts_.add(counts, taken);
  const std::uint32_t start = start_of(row, w);
  if (events.size - start <= looked_through_max) return;
  counts = value_counts_.begin();
  for (std::uint32_t i = start; i < events.size; ++i) value_counts_.add(counts, events.value(pool_, i));
}

/// The days, weeks and months that `now` is in.
void packed_matcher::turn_periods(stream::timestamp now) {
  periods_end_ = stream::end_of_time;
  for (track_shape& track : plan_.tracks) {
    for (packed_window& w : track.windows) {
      if (!w.periods) continue;
      if (w.periods->at_hand.end <= now) w.periods->at_hand = w.periods->days.at(now);
      periods_end_ = std::min(periods_end_, w.periods->at_hand.end);
    }
  }
}

/// Asks for what advance_windows and enter_windows will touch.
template <std::size_t Windows>
void packed_matcher::fetch_windows(row_offset queue_at, std::span<const packed_window, Windows> windows,
                                   const std::byte* row, stream::timestamp now) const {
  const window_queue& events = events_of(row, queue_at);
  if (events.size == 0) return;
  for (const packed_window& w : windows) {
    if (head_of(row, w) < oldest_in(now, w)) stream::fetch_ahead(events.place(pool_, start_of(row, w)));
  }
  stream::fetch_ahead(events.place(pool_, events.size));
}

template void packed_matcher::fetch_windows(row_offset, std::span<const packed_window>, const std::byte*,
                                            stream::timestamp) const;

// ---- nothing but one track

/// Does what walk_roles does, with the shape known.
template <bool Values, std::size_t Windows>
void packed_matcher::walk_windows(std::span<const arrival> found, const stream::batch& rows, findings& into) {
  constexpr std::size_t far = 20;
  constexpr std::size_t near = 10;
  constexpr std::size_t line = 64;
  constexpr std::uint32_t tracked = 1;  // the track's role is the first

  const track_shape& track = plan_.tracks.front();
  const std::span<const packed_window, Windows> windows{track.windows};
  const stream::event_type_id type = plan_.roles.front().type;
  const stream::table& table = rows[type];
  const auto order = rows.order();
  const stream::column* values = nullptr;
  if constexpr (Values) values = &table[*track.field];
  std::array<asking_pattern, arrivals::roles_by_mask_max> ask;
  std::size_t asking_patterns = 0;
  for (std::uint32_t role = 1; role < plan_.ops.size(); ++role) {
    const std::uint32_t pattern = plan_.ops[role].pattern;
    ask[asking_patterns++] = {1U << role, pattern, plan_.patterns[pattern].counts};
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i + far < found.size()) {
      for (std::size_t at = 0; at < plan_.row_bytes; at += line) stream::fetch_ahead(found[i + far].row + at);
    }
    if (i + near < found.size()) {
      const arrival& soon = found[i + near];
      fetch_windows(track.events, windows, soon.row, table.at(order[soon.place].row));
    }
    const arrival& a = found[i];
    const std::uint32_t number = order[a.place].row;
    const stream::timestamp now = table.at(number);
    if (periods_end_ <= now) turn_periods(now);
    advance_windows(track, windows, a.row, now);
    bool self = (a.roles & tracked) != 0;
    std::int64_t taken = 0;
    if constexpr (Values) {
      self = self && values->present(number);
      if (self && track.has_cells()) taken = cell_of(*values, number, track.type.kind);
    }
    if (self) enter_windows(track, windows, a.row, now, taken);
    self_[0] = self ? 1 : 0;
    const std::uint32_t events = events_of(a.row, track.events).size;
    for (const asking_pattern& asking : std::span{ask}.first(asking_patterns)) {
      if ((a.roles & asking.role) == 0) continue;
      const auto passes = [&](const packed_count_range& c) {
        const std::uint32_t start = *reinterpret_cast<const std::uint32_t*>(a.row + c.aggregate.start);
        return c.has(events - start - (c.aggregate.prior && self ? 1U : 0U));
      };
      if (!std::ranges::all_of(asking.counts, passes)) continue;
      const stream::event_handle handle{first_handle_ + a.place};
      end_in_windows({{type, &table, number}, handle, now, a.subject, a.row}, asking.pattern, into);
    }
  }
  self_[0] = 0;
}

/// What end_at does where the windows are settled, the counts are right, and there is nothing to search.
void packed_matcher::end_in_windows(const event_at_hand& e, std::uint32_t number, findings& into) {
  packed_pattern& p = plan_.patterns[number];
  if (!p.thresholds.empty() && !passes_thresholds(p, e)) return;
  if (p.average_filter && !may_pass(*p.average_filter, e)) return;
  set_reading(number, e.subject);
  bound_.assign(1, {e.handle, {}});
  reading_.bound = bound_;
  reading_.span = {};
  if (!condition_holds(p, e)) return;
  emit(p, number, e, {.at = e.at, .end = e.handle, .subject = e.subject}, into);
}

packed_matcher::walk packed_matcher::walk_of_windows(const packed_plan& plan) {
  if (plan.tracks.size() != 1 || !plan.candidates.empty() || plan.roles.size() > arrivals::roles_by_mask_max) return {};
  const auto ends_alone = [&](const packed_role& r) {
    return r.type == plan.roles.front().type && (r.part == part_kind::track || r.part == part_kind::end);
  };
  if (!std::ranges::all_of(plan.roles, ends_alone)) return {};
  const track_shape& track = plan.tracks.front();
  constexpr std::size_t windows_max = 3;
  static constexpr std::array<std::array<walk, windows_max>, 2> walks = {
      {{&packed_matcher::walk_windows<false, 1>, &packed_matcher::walk_windows<false, 2>,
        &packed_matcher::walk_windows<false, 3>},
       {&packed_matcher::walk_windows<true, 1>, &packed_matcher::walk_windows<true, 2>,
        &packed_matcher::walk_windows<true, 3>}}};
  if (track.windows.size() > windows_max) return {};
  return walks[track.field ? 1 : 0][track.windows.size() - 1];
}

}  // namespace weir::cep
