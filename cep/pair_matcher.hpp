#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "cep/block_pool.hpp"
#include "cep/matcher.hpp"
#include "cep/pair_plan.hpp"
#include "cep/state_rows.hpp"
#include "cep/subject_share.hpp"

namespace weir::cep {

/// Finds the matches of all patterns of a pair_plan. What it finds is what pattern_matcher finds.
class pair_matcher final : public matcher {
 public:
  explicit pair_matcher(pair_plan plan, subject_share share = {});

  void advance(const stream::event_log& log, const guards& shared, findings& into) override;
  void retire(std::size_t own) override;
  pattern_counters counters(std::size_t own) const override { return counters_[own]; }
  std::uint64_t undefined_in_guards(std::size_t own, const guards& shared) const override;
  std::size_t live_subjects() const override { return rows_.in_use(); }
  stream::duration retention() const override { return plan_.within; }

 private:
  using word = block_pool::word;

  /// An event comes to a subject, to end matches or to begin some.
  struct visit {
    std::byte* row = nullptr;
    std::uint32_t place = 0;
    stream::symbol subject{};
    std::uint32_t kinds = 0;  // a begin: in bits_, its own; an end: in ends_, where its kinds begin
    std::uint32_t ends = 0;   // how many kinds of last event it is; none: it begins
  };
  using walk = void (pair_matcher::*)(const stream::batch&, findings&);

  // A block is 64 places, a word of each bitmap.
  void find_visits(const stream::batch& rows, const guards& shared);
  void find_ends(const guards& shared, std::size_t block);
  void find_kinds(const guards& shared, std::size_t block);
  void add_end(const stream::batch& rows, std::uint32_t place);
  void add_begin(const stream::batch& rows, std::uint32_t place);

  template <unsigned Width>
  void walk_visits(const stream::batch& rows, findings& into);
  template <unsigned Width>
  void begin(const visit& v, const stream::table& table, std::uint32_t row);
  template <unsigned Width>
  void end(const visit& v, const stream::table& table, std::uint32_t row, findings& into);
  template <unsigned Width>
  bool joins(const word* entry) const;
  void emit(std::uint32_t member, const visit& v, stream::timestamp at, const word* entry, findings& into);
  template <unsigned Width>
  void sweep_rows(stream::timestamp watermark);
  void sweep(stream::timestamp watermark);

  std::uint32_t& member_of(std::uint32_t last, std::uint32_t first) {
    return member_of_[last * plan_.first.kinds.size() + first];
  }

  pair_plan plan_;
  subject_share share_;
  std::size_t mask_words_;
  std::vector<std::uint32_t> member_of_;  // by kinds of last and first event; none: nobody
  std::vector<std::uint64_t> asked_;  // by kind of last event: the kinds of first events that members ask for with it
  std::vector<pattern_counters> counters_;  // by member
  block_pool pool_;
  state_rows rows_;
  stream::timestamp next_sweep_ = stream::start_of_time;

  // Of one call of advance; kept for their memory.
  const stream::event_log* log_ = nullptr;
  std::uint64_t first_handle_ = 0;
  std::vector<visit> visits_;
  std::vector<std::uint64_t> bits_;                      // of begins, mask_words_ each
  std::vector<std::uint32_t> ends_;                      // kinds of last events, visit by visit
  std::uint64_t ending_ = 0;                             // of 64 places: those that are a last event
  std::array<std::vector<std::uint32_t>, 64> kinds_at_;  // of last events, by place, where there are several kinds
  std::vector<std::array<std::uint64_t, 64>> masks_;     // by word: the kinds of first events, by place
  std::vector<std::int64_t> here_;                       // what the join compares registers with
  std::vector<std::uint64_t> wanted_;
  std::vector<std::uint64_t> chosen_;
  std::vector<const word*> entry_of_;  // by kind of first event
};

}  // namespace weir::cep
