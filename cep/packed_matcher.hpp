#pragma once

#include <cstdint>
#include <queue>
#include <span>
#include <vector>

#include "cep/block_pool.hpp"
#include "cep/engine.hpp"
#include "cep/finding.hpp"
#include "cep/packed_plan.hpp"
#include "cep/state_rows.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// Finds the matches of all patterns of a packed_plan: those about one kind of subject whose state is of a fixed shape.
/// Owned by the engine, which hands it every batch after its guards were evaluated. What it finds is what
/// pattern_matcher finds.
class packed_matcher {
 public:
  explicit packed_matcher(packed_plan plan);

  void advance(const stream::event_log& log, const guards& shared, findings& into);

  const packed_plan& plan() const { return plan_; }
  /// The counters of `plan().patterns[pattern]`, with what its guards have met.
  pattern_counters counters(std::size_t pattern, const guards& shared) const;
  std::size_t live_subjects() const { return live_; }
  stream::duration retention() const;

 private:
  struct arrival {  // an event comes to a subject
    stream::symbol subject{};
    std::uint32_t place = 0;
    std::byte* row = nullptr;
    std::span<const std::uint32_t> roles;  // that it plays, in plan_.roles
  };
  struct event_at_hand {
    stream::event_view view;
    stream::event_handle handle{};
    stream::timestamp at;
    stream::symbol subject{};
    std::byte* row = nullptr;
  };
  struct deadline {
    stream::timestamp at;
    stream::event_handle armed{};
    std::uint32_t pattern = 0;
    stream::symbol subject{};
    friend auto operator<=>(const deadline&, const deadline&) = default;
  };

  void collect_claims(const stream::batch& rows, const guards& shared);
  void collect_arrivals(const stream::batch& rows);
  void add_arrivals(std::uint32_t place, std::span<const std::uint32_t> roles, const stream::batch& rows);
  bool belongs(const stream::event_view& event, const packed_role& r, const stream::symbol& subject);
  void prefetch(std::size_t next) const;
  void touch(std::byte* row);

  void take(const arrival& a, const stream::batch& rows, findings& into);
  void enter_window_track(const event_at_hand& e, std::uint32_t track);
  void take_parts(const event_at_hand& e, std::span<const std::uint32_t> roles, findings& into);
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

  bool passes_thresholds(const packed_pattern& p, std::byte* row, stream::timestamp now);
  bool condition_holds(const packed_pattern& p, std::byte* row, stream::timestamp now);
  value compute(const packed_aggregate& a, std::byte* row, stream::timestamp now);
  std::size_t count_in(const packed_aggregate& a, std::byte* row, stream::timestamp now);
  int128 sum_in(const packed_aggregate& a, std::byte* row) const;
  void advance_track(const track_shape& track, std::byte* row, stream::timestamp now);
  void emit(packed_pattern& p, std::uint32_t pattern, std::byte* row, finding f, findings& into);
  void set_reading(std::uint32_t pattern, const stream::symbol& subject);

  void sweep(stream::timestamp watermark);
  bool release_idle(std::byte* row, stream::timestamp watermark);

  template <unsigned Width>
  static packed_queue<Width>& queue(std::byte* row, row_offset at) {
    return *reinterpret_cast<packed_queue<Width>*>(row + at);
  }

  packed_plan plan_;
  std::vector<pattern_counters> counters_;  // by pattern
  block_pool pool_;
  state_rows rows_;
  std::size_t live_ = 0;
  std::priority_queue<deadline, std::vector<deadline>, std::greater<>> deadlines_;
  stream::timestamp next_sweep_ = stream::start_of_time;
  stream::duration longest_{};

  // Of one call of advance; kept for their memory.
  const stream::event_log* log_ = nullptr;
  std::vector<std::uint32_t> claim_begins_;    // by place
  std::vector<std::uint32_t> roles_by_place_;  // all that are played, place by place
  std::vector<std::uint32_t> roles_claimed_;   // the same by subject, where an event comes to several
  std::vector<arrival> arrivals_;
  std::vector<stream::symbol> subjects_;
  std::vector<bool> self_;  // by track: the event at hand is its last
  std::vector<bound_step> bound_;
  std::vector<const block_pool::word*> entries_;  // of the candidates bound, by step
  std::vector<value> computed_;
  bindings reading_;
};

}  // namespace weir::cep
