#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>

#include "cep/packed_matcher.hpp"
#include "stream/fetch_ahead.hpp"

// The way of packed_matcher through a batch where all there is are windows over one track, and patterns of one event
// that ask them: `on payment when count(payment) over 10m > 8`. It does what walk_roles does, with the shape known.
namespace weir::cep {

namespace {

using word = block_pool::word;
using part_kind = packed_role::part_kind;

constexpr unsigned windows_max = 3;

/// The elements of a queue that has some.
template <unsigned Width>
struct cells {
  word* begin;
  std::uint32_t first;
  std::uint32_t mask;

  cells(const packed_queue<Width>& events, block_pool& pool)
      : begin(pool.at(events.block)), first(events.first), mask(events.capacity - 1) {}
  const word* operator[](std::uint32_t i) const { return begin + static_cast<std::size_t>((first + i) & mask) * Width; }
};

/// The earliest time that a window of this length reaches at `now`.
std::int64_t oldest_in(stream::timestamp now, stream::duration length) {
  std::int64_t oldest = 0;
  const bool overflows = __builtin_sub_overflow(now.time_since_epoch().count(), length.count(), &oldest);
  return overflows ? std::numeric_limits<std::int64_t>::min() : oldest;
}

}  // namespace

template <unsigned Width, unsigned Windows>
void packed_matcher::walk_windows(std::span<const arrival> found, const stream::batch& rows, findings& into) {
  if (found.empty()) return;
  constexpr bool sums = Width > 1;
  constexpr std::size_t far = 20;
  constexpr std::size_t near = 10;
  constexpr std::uint32_t tracked = 1;  // the track's role is the first

  const track_shape& track = plan_.tracks.front();
  const stream::event_type_id type = plan_.roles.front().type;
  const stream::table& table = rows[type];
  const stream::column* const column = sums ? &table[*track.field] : nullptr;
  std::array<stream::duration, Windows> length{};
  std::array<row_offset, Windows> start_at{};
  std::array<row_offset, Windows> sum_at{};
  for (unsigned w = 0; w < Windows; ++w) {
    length[w] = track.windows[w].length;
    start_at[w] = track.windows[w].start;
    sum_at[w] = track.windows[w].sum;
  }
  const row_offset queue_at = track.events;
  const std::size_t lines = (plan_.row_bytes + 63) / 64;
  const auto start = [](std::byte* row, row_offset at) -> std::uint32_t& {
    return *reinterpret_cast<std::uint32_t*>(row + at);
  };
  const auto add_to_sum = [](std::byte* row, row_offset at, int128 change) {
    int128 sum = 0;
    std::memcpy(&sum, row + at, sizeof sum);
    sum += change;
    std::memcpy(row + at, &sum, sizeof sum);
  };

  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i + far < found.size()) {
      for (std::size_t line = 0; line < lines; ++line) stream::fetch_ahead(found[i + far].row + line * 64);
    }
    if (i + near < found.size()) {
      std::byte* const row = found[i + near].row;
      const auto& events = queue<Width>(row, queue_at);
      if (events.size != 0) {
        const cells<Width> at(events, pool_);
        for (unsigned w = 0; w < Windows; ++w) stream::fetch_ahead(at[start(row, start_at[w])]);
        stream::fetch_ahead(at[events.size]);
      }
    }
    const arrival& a = found[i];
    const std::uint32_t number = rows.order()[a.place].row;
    const stream::timestamp now = table.at(number);
    auto& events = queue<Width>(a.row, queue_at);
    if (events.size != 0) {
      const cells<Width> at(events, pool_);
      std::array<std::uint32_t, Windows> first;
      for (unsigned w = 0; w < Windows; ++w) {
        const std::int64_t oldest = oldest_in(now, length[w]);
        const std::uint32_t begin = start(a.row, start_at[w]);
        first[w] = begin;
        int128 left = 0;
        while (first[w] < events.size && static_cast<std::int64_t>(at[first[w]][0]) < oldest) {
          if constexpr (sums) left += static_cast<std::int64_t>(at[first[w]][1]);
          ++first[w];
        }
        if constexpr (sums) {
          if (first[w] != begin && sum_at[w] != nowhere) add_to_sum(a.row, sum_at[w], -left);
        }
      }
      std::uint32_t least = first[0];
      for (unsigned w = 1; w < Windows; ++w) least = std::min(least, first[w]);
      for (unsigned w = 0; w < Windows; ++w) start(a.row, start_at[w]) = first[w] - least;
      events.pop_front(least);
    }
    bool self = (a.roles & tracked) != 0;
    if (self) {
      std::int64_t taken = 0;
      if constexpr (sums) {
        self = column->present(number);
        taken = self ? column->number(number) : 0;
      }
      if (self) {
        word* const entry = events.push_back(pool_);
        entry[0] = static_cast<word>(now.time_since_epoch().count());
        if constexpr (sums) {
          entry[1] = static_cast<word>(taken);
          for (unsigned w = 0; w < Windows; ++w) {
            if (sum_at[w] != nowhere) add_to_sum(a.row, sum_at[w], taken);
          }
        }
      }
    }
    self_[0] = self ? 1 : 0;
    for (std::uint32_t role = 1; role < plan_.ops.size(); ++role) {
      if (((a.roles >> role) & 1) == 0) continue;
      const std::uint32_t pattern = plan_.ops[role].pattern;
      const auto passes = [&](const packed_count_range& c) {
        const std::uint32_t counted = events.size - start(a.row, c.aggregate.start);
        return c.has(counted - (c.aggregate.prior ? self_[0] : 0U));
      };
      if (!std::ranges::all_of(plan_.patterns[pattern].counts, passes)) continue;
      end_in_windows(
          {{type, &table, number}, static_cast<stream::event_handle>(first_handle_ + a.place), now, a.subject, a.row},
          pattern, into);
    }
  }
  self_[0] = 0;
}

/// What end_at does where the windows are settled, the counts are right, and there is nothing to search.
void packed_matcher::end_in_windows(const event_at_hand& e, std::uint32_t number, findings& into) {
  packed_pattern& p = plan_.patterns[number];
  if (!p.thresholds.empty() && !passes_thresholds(p, e.row)) return;
  if (p.average_filter && !may_pass(*p.average_filter, e)) return;
  set_reading(number, e.subject);
  bound_.assign(1, {e.handle, {}});
  reading_.bound = bound_;
  reading_.span = {};
  if (!condition_holds(p, e.row)) return;
  emit(p, number, e.row, {.at = e.at, .end = e.handle, .subject = e.subject}, into);
}

packed_matcher::walk packed_matcher::walk_of_windows(const packed_plan& plan) {
  if (plan.tracks.size() != 1 || !plan.candidates.empty() || plan.roles.size() > arrivals::roles_by_mask_max) return {};
  const auto ends_alone = [&](const packed_role& r) {
    return r.type == plan.roles.front().type && (r.part == part_kind::track || r.part == part_kind::end);
  };
  if (!std::ranges::all_of(plan.roles, ends_alone)) return {};
  const track_shape& track = plan.tracks.front();
  static constexpr std::array<std::array<walk, windows_max>, 2> walks = {
      {{&packed_matcher::walk_windows<1, 1>, &packed_matcher::walk_windows<1, 2>, &packed_matcher::walk_windows<1, 3>},
       {&packed_matcher::walk_windows<2, 1>, &packed_matcher::walk_windows<2, 2>,
        &packed_matcher::walk_windows<2, 3>}}};
  if (track.windows.size() > windows_max) return {};
  return walks[track.field ? 1 : 0][track.windows.size() - 1];
}

}  // namespace weir::cep
