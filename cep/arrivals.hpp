#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cep/engine.hpp"
#include "cep/packed_plan.hpp"
#include "cep/state_rows.hpp"
#include "cep/subject_share.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// An event comes to a subject, and plays roles there.
struct arrival {
  std::byte* row = nullptr;  // of the subject; none where nothing is kept
  std::uint32_t place = 0;
  stream::symbol subject{};
  std::uint32_t roles = 0;  // which: see arrivals::roles_of
};

/// Finds whom a batch concerns: before anything is done with it, so that their rows can be fetched ahead.
class arrivals {
 public:
  /// `plan` outlives it and does not move. Subjects of other shares are passed over.
  explicit arrivals(const packed_plan& plan, subject_share share = {});

  subject_share share() const { return share_; }

  /// Those of the log's last batch, in its order. Conditions on the subject count what they meet in `counters`, by
  /// pattern. Valid until the next call.
  std::span<const arrival> find(const stream::event_log& log, const guards& shared, state_rows& rows,
                                std::span<pattern_counters> counters);

  /// Where the plan has so few roles, arrival::roles is a bit for each.
  static constexpr std::size_t roles_by_mask_max = 8;
  /// The roles of an arrival, ascending.
  std::span<const std::uint32_t> roles_of(const arrival& a) const { return sets_[a.roles]; }

 private:
  struct key_group {  // the roles of one event type whose subject is in the same field
    stream::field_id key{};
    std::vector<std::uint32_t> roles;  // ascending
    std::uint64_t mask = 0;            // the same, where there are few
    bool asks_more = false;            // some have a condition on the subject
  };
  struct batch_at_hand {
    const stream::event_log& log;
    const stream::batch& rows;
    state_rows& states;
    std::span<pattern_counters> counters;
  };

  void find_by_mask(const batch_at_hand& at, const guards& shared);
  void find_by_list(const batch_at_hand& at, const guards& shared);
  void claim(const batch_at_hand& at, const guards& shared);
  bool find_in_one_table(const batch_at_hand& at, const guards& shared);
  std::uint64_t owned(std::span<const stream::symbol> subjects) const;
  std::uint64_t masks_of_eight(std::size_t word, std::size_t first) const;
  void find_keys(const stream::batch& rows);
  void arrive_by_mask(const batch_at_hand& at, std::uint32_t place, std::uint64_t mask);
  void arrive_by_groups(const batch_at_hand& at, std::uint32_t place, std::uint64_t mask);
  void arrive_by_list(const batch_at_hand& at, std::uint32_t place, std::span<const std::uint32_t> roles);
  bool belongs(const batch_at_hand& at, std::uint32_t role, const stream::event_view& event,
               const stream::symbol& subject) const;
  void add(const batch_at_hand& at, std::uint32_t place, stream::symbol subject, std::uint32_t roles, bool keeps) {
    std::byte* row = nullptr;
    if (plan_->row_bytes > 0) row = keeps ? at.states[subject] : at.states.look_at(subject);
    found_.push_back({.row = row, .place = place, .subject = subject, .roles = roles});
  }
  void add_mask(const batch_at_hand& at, std::uint32_t place, stream::symbol subject, std::uint64_t roles) {
    add(at, place, subject, static_cast<std::uint32_t>(roles), (roles & keeping_) != 0);
  }
  void add_set(const batch_at_hand& at, std::uint32_t place, stream::symbol subject,
               std::span<const std::uint32_t> roles);

  const packed_plan* plan_;
  subject_share share_;
  std::vector<std::vector<key_group>> groups_;  // by event type
  bool by_mask_ = false;
  std::uint64_t keeping_ = 0;                         // the roles that keep something, where there are few
  std::vector<std::uint32_t> few_;                    // what sets_ points into, where every set is known beforehand
  std::vector<std::span<const std::uint32_t>> sets_;  // by arrival::roles

  // Of one call; kept for their memory.
  std::vector<arrival> found_;
  std::vector<std::span<const std::uint64_t>> bitmaps_;
  std::vector<const stream::column*> keys_;  // by event type
  std::vector<std::uint32_t> claim_begins_;  // by place
  std::vector<std::uint32_t> claimed_;       // roles, place by place
  std::vector<std::uint32_t> by_subject_;    // the same where an event may come to several subjects
  std::vector<stream::symbol> subjects_;
};

}  // namespace weir::cep
