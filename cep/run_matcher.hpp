#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "cep/arrivals.hpp"
#include "cep/block_pool.hpp"
#include "cep/matcher.hpp"
#include "cep/run_plan.hpp"
#include "cep/state_rows.hpp"
#include "cep/subject_share.hpp"

namespace weir::cep {

/// Finds the matches of the pattern of a run_plan. What it finds is what pattern_matcher finds.
class run_matcher final : public matcher {
 public:
  explicit run_matcher(run_plan plan, subject_share share = {});

  void advance(const stream::event_log& log, const guards& shared, findings& into) override;
  pattern_counters counters(std::size_t /*own*/) const override { return counters_; }
  std::uint64_t undefined_in_guards(std::size_t own, const guards& shared) const override;
  std::size_t live_subjects() const override { return rows_.in_use(); }
  stream::duration retention() const override { return plan_.within; }

 private:
  using word = block_pool::word;
  using events = packed_queue<4>;  // of (handle, time, register, register)
  using registers = std::array<std::int64_t, run_plan::registers_max>;

  struct event_at_hand {
    stream::event_view view;
    stream::event_handle handle{};
    stream::timestamp at;
    stream::symbol subject{};
  };

  static events& run_of(std::byte* row) { return *reinterpret_cast<events*>(row); }
  static events& singles_of(std::byte* row) { return *reinterpret_cast<events*>(row + sizeof(events)); }

  void fetch_queues(const arrival& a) const;
  void take_run_first(const event_at_hand& e, const arrival& a, findings& into);
  void take_single_first(const event_at_hand& e, const arrival& a, findings& into);

  void end_run(const event_at_hand& e, const events& run, findings& into);
  void end_with_run(const event_at_hand& e, const events& singles, const events& run, findings& into);
  bool end_after(const event_at_hand& e, const registers& here, const word* single, const events& run, findings& into);
  bool follows(const word* single, const registers& here, stream::event_handle handle);
  bool rest_holds(stream::event_handle handle);
  void count_in(const registers& values);
  bool passes(const registers& single) const;
  bool end_match(const event_at_hand& e, stream::duration span, findings& into);
  void emit(const event_at_hand& e, findings& into);

  void keep(events& in, const event_at_hand& e, const run_plan::side& side);
  registers read(const event_at_hand& e, const run_plan::side& side) const;
  void drop_older(events& in, stream::timestamp now) const;
  void sweep(stream::timestamp watermark);

  run_plan plan_;
  arrivals asked_;
  pattern_counters counters_;
  block_pool pool_;
  state_rows rows_;
  stream::timestamp next_sweep_ = stream::start_of_time;

  // Of one call of advance; kept for their memory.
  const stream::event_log* log_ = nullptr;
  std::uint64_t first_handle_ = 0;  // of the batch
  bindings reading_;
  std::array<bound_step, 2> bound_;
  std::vector<stream::event_handle> taken_;  // by the run
  // Of the run at hand.
  std::uint32_t size_ = 0;
  std::array<int128, run_plan::registers_max> sums_{};
};

}  // namespace weir::cep
