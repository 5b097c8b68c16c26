#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cep/arrivals.hpp"
#include "cep/block_pool.hpp"
#include "cep/matcher.hpp"
#include "cep/packed_plan.hpp"
#include "cep/ring.hpp"
#include "cep/state_rows.hpp"
#include "cep/value_counts.hpp"
#include "cep/window_queue.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// Finds the matches of all patterns of a packed_plan: those about one kind of subject whose state is of a fixed shape.
/// What it finds is what pattern_matcher finds.
class packed_matcher final : public matcher {
 public:
  explicit packed_matcher(packed_plan plan, subject_share share = {});

  /// Whether the plan is of a kind that has a quicker way through a batch than going from role to role.
  static bool has_own_walk(const packed_plan& plan) { return walk_of(plan) != &packed_matcher::walk_roles; }

  void advance(const stream::event_log& log, const guards& shared, findings& into) override;
  void retire(std::size_t own) override;
  pattern_counters counters(std::size_t own) const override { return counters_[own]; }
  std::uint64_t undefined_in_guards(std::size_t own, const guards& shared) const override;
  std::size_t live_subjects() const override { return rows_.in_use(); }
  stream::duration retention() const override;

 private:
  struct deadline {
    stream::timestamp at;
    stream::event_handle armed{};
    std::uint32_t pattern = 0;
    stream::symbol subject{};
  };
  struct event_at_hand {
    stream::event_view view;
    stream::event_handle handle{};
    stream::timestamp at;
    stream::symbol subject{};
    std::byte* row = nullptr;
  };

  /// A window with more events than this keeps account of its values, where those are told apart.
  static constexpr std::uint32_t looked_through_max = 48;

  static std::int64_t cell_of(const stream::column& values, std::uint32_t row, value_kind kind) {
    return kind == value_kind::exact ? values.number(row) : static_cast<std::int64_t>(values.id(row));
  }

  /// A way through a batch, made for a kind of plan; none where the plan is not of that kind.
  using walk = void (packed_matcher::*)(std::span<const arrival>, const stream::batch&, findings&);
  static walk walk_of(const packed_plan& plan);
  static walk walk_of_windows(const packed_plan& plan);  // packed_windows.cpp

  // Of windows (packed_windows.cpp).
  void turn_periods(stream::timestamp now);
  void enter_track(const event_at_hand& e, std::uint32_t track);
  void advance_track(const track_shape& track, std::byte* row, stream::timestamp now);
  template <std::size_t Windows>
  void advance_windows(const track_shape& track, std::span<const packed_window, Windows> windows, std::byte* row,
                       stream::timestamp now);
  template <class Cells>
  void let_go(const window_queue& events, const Cells& cells, const packed_window& w, std::byte* row,
              std::int64_t oldest);
  template <std::size_t Windows>
  void enter_windows(const track_shape& track, std::span<const packed_window, Windows> windows, std::byte* row,
                     stream::timestamp now, std::int64_t taken);
  void count_value(const window_queue& events, const packed_window& w, std::byte* row, std::int64_t taken);
  template <std::size_t Windows>
  void fetch_windows(row_offset queue_at, std::span<const packed_window, Windows> windows, const std::byte* row,
                     stream::timestamp now) const;

  void walk_roles(std::span<const arrival> found, const stream::batch& rows, findings& into);
  template <bool Values, std::size_t Windows>
  void walk_windows(std::span<const arrival> found, const stream::batch& rows, findings& into);
  void end_in_windows(const event_at_hand& e, std::uint32_t pattern, findings& into);

  // Of a lone wait (packed_wait.cpp).
  static bool is_lone_wait(const packed_plan& plan);
  void walk_wait(std::span<const arrival> found, const stream::batch& rows, findings& into);
  void fetch_passing(const ring<deadline>& open) const;
  void pass_wait(const deadline& d, findings& into);

  std::size_t fetch_distance(std::span<const arrival> found) const;
  void fetch_row(const arrival& a) const;
  void fetch_queues(const arrival& a, const stream::batch& rows) const;

  void take(const arrival& a, const stream::batch& rows, findings& into);
  void keep_absence(const event_at_hand& e, const packed_op& op);
  void become_candidate(const event_at_hand& e, std::uint32_t candidates);
  void end_at(const event_at_hand& e, std::uint32_t pattern, findings& into);
  void arm(const event_at_hand& e, std::uint32_t pattern);

  void pass_deadlines(stream::timestamp before, findings& into);
  void pass(const deadline& d, findings& into);

  // The search for the match that ends at an event: latest candidates first.
  template <class Accept>
  bool search(const packed_pattern& p, const event_at_hand& end, const Accept& accept);
  template <class Accept>
  bool extend(const packed_pattern& p, const event_at_hand& end, std::size_t step, const Accept& accept);
  bool fits(const packed_pattern& p, std::size_t step, const stream::event_view& event, stream::event_handle handle,
            std::byte* row);
  bool joins(const packed_join& join, const stream::event_view& event);
  bool broken(const packed_absence& absence, std::byte* row, stream::event_handle after, stream::event_handle before);

  // Of windows: what they hold at a time must have been settled (advance_track) before it is read.
  void settle_tracks(const packed_pattern& p, std::byte* row, stream::timestamp now);
  bool passes_thresholds(const packed_pattern& p, const event_at_hand& e);
  bool may_pass(const packed_average_filter& filter, const event_at_hand& e) const;
  bool condition_holds(const packed_pattern& p, const event_at_hand& e);
  value compute(const packed_aggregate& a, const event_at_hand& e) const;
  int128 number_in(const packed_aggregate& a, const event_at_hand& e) const;
  std::size_t count_in(const packed_aggregate& a, const std::byte* row) const;
  int128 sum_in(const packed_aggregate& a, const std::byte* row) const;
  std::size_t distinct_in(const packed_aggregate& a, const std::byte* row) const;
  std::size_t equal_in(const packed_aggregate& a, const event_at_hand& e) const;
  void emit(packed_pattern& p, std::uint32_t pattern, const event_at_hand& e, finding f, findings& into);
  void set_reading(std::uint32_t pattern, const stream::symbol& subject);

  // Of a pattern that is no longer wanted (packed_retirement.cpp).
  void drop_roles();
  std::vector<bool> candidates_in_use() const;
  void empty_unused_windows();
  void drop_deadlines(std::uint32_t pattern);
  void forget(const packed_pattern& p, std::byte* row, const std::vector<bool>& candidates);

  void sweep(stream::timestamp watermark);
  bool release_idle(std::byte* row, stream::timestamp watermark);

  template <unsigned Width>
  static packed_queue<Width>& queue(std::byte* row, row_offset at) {
    return *reinterpret_cast<packed_queue<Width>*>(row + at);
  }
  template <unsigned Width>
  static const packed_queue<Width>& queue(const std::byte* row, row_offset at) {
    return *reinterpret_cast<const packed_queue<Width>*>(row + at);
  }

  static window_queue& events_of(std::byte* row, row_offset at) { return *reinterpret_cast<window_queue*>(row + at); }
  static const window_queue& events_of(const std::byte* row, row_offset at) {
    return *reinterpret_cast<const window_queue*>(row + at);
  }

  packed_plan plan_;
  walk walk_;
  arrivals asked_;
  std::vector<pattern_counters> counters_;  // by pattern
  block_pool pool_;
  value_counts value_counts_;
  state_rows rows_;
  stream::timestamp periods_end_ = stream::end_of_time;  // the first of those at hand
  std::vector<ring<deadline>> open_;                     // by patience; each in order of time, as events are
  stream::timestamp due_ = stream::end_of_time;          // no open deadline is earlier
  stream::timestamp next_sweep_ = stream::start_of_time;
  stream::duration longest_{};

  // Of one call of advance; kept for their memory.
  const stream::event_log* log_ = nullptr;
  std::uint64_t first_handle_ = 0;  // of the batch
  // By track, what the event at hand has done: settled its windows, and become its last event.
  std::vector<std::uint8_t> settled_;
  std::vector<std::uint8_t> self_;
  std::vector<bound_step> bound_;
  std::vector<const block_pool::word*> entries_;  // of the candidates bound, by step
  std::vector<value> computed_;
  bindings reading_;
};

}  // namespace weir::cep
