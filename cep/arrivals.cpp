#include "cep/arrivals.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace weir::cep {

namespace {

void for_each_bit(std::span<const std::uint64_t> bitmap, const auto& visit) {
  for (std::size_t i = 0; i < bitmap.size(); ++i) {
    for (std::uint64_t bits = bitmap[i]; bits != 0; bits &= bits - 1) {
      visit(i * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
    }
  }
}

}  // namespace

arrivals::arrivals(const packed_plan& plan, subject_share share) : plan_(&plan), share_(share) {
  const auto& roles = plan.roles;
  for (std::uint32_t i = 0; i < roles.size(); ++i) {
    const packed_role& r = roles[i];
    const auto type = static_cast<std::size_t>(r.type);
    if (groups_.size() <= type) groups_.resize(type + 1);
    auto group = std::ranges::find(groups_[type], r.key, &key_group::key);
    if (group == groups_[type].end()) group = groups_[type].insert(group, {.key = r.key, .roles = {}});
    group->roles.push_back(i);
    if (i < roles_by_mask_max) {
      group->mask |= std::uint64_t{1} << i;
      if (r.keeps) keeping_ |= std::uint64_t{1} << i;
    }
    group->asks_more = group->asks_more || r.of_subject;
  }
  by_mask_ = roles.size() <= roles_by_mask_max;
  if (!by_mask_) return;
  const std::size_t masks = std::size_t{1} << roles.size();
  few_.reserve(masks * roles.size());  // more than there are: what points into it stays
  for (std::size_t mask = 0; mask < masks; ++mask) {
    const std::size_t first = few_.size();
    for (std::uint32_t i = 0; i < roles.size(); ++i) {
      if ((mask >> i) & 1) few_.push_back(i);
    }
    sets_.push_back(std::span{few_}.subspan(first));
  }
}

std::span<const arrival> arrivals::find(const stream::event_log& log, const guards& shared, state_rows& rows,
                                        std::span<pattern_counters> counters) {
  found_.clear();
  const batch_at_hand at{log, log.last(), rows, counters};
  if (by_mask_) {
    find_by_mask(at, shared);
  } else {
    find_by_list(at, shared);
  }
  return found_;
}

// ---- few roles: a bit each

void arrivals::find_by_mask(const batch_at_hand& at, const guards& shared) {
  bitmaps_.clear();
  for (const packed_role& r : plan_->roles) bitmaps_.push_back(shared.bitmap(r.guard));
  if (find_in_one_table(at, shared)) return;
  find_keys(at.rows);
  const std::size_t words = (at.rows.size() + 63) / 64;
  for (std::size_t word = 0; word < words; ++word) {
    std::uint64_t any = 0;
    for (const auto& bitmap : bitmaps_) any |= bitmap[word];
    for (std::size_t first = 0; any != 0; first += 8, any >>= 8) {
      if ((any & 0xff) == 0) continue;
      std::uint64_t masks = masks_of_eight(word, first);
      for (auto place = static_cast<std::uint32_t>(word * 64 + first); masks != 0; ++place, masks >>= 8) {
        if ((masks & 0xff) != 0) arrive_by_mask(at, place, masks & 0xff);
      }
    }
  }
}

/// Where all rows are of one type, and it has one key: the columns are walked as they stand.
bool arrivals::find_in_one_table(const batch_at_hand& at, const guards& shared) {
  if (!shared.in_one_table() || at.rows.size() == 0) return false;
  const auto type = static_cast<std::size_t>(at.rows.order().front().type);
  if (type >= groups_.size() || groups_[type].size() != 1 || groups_[type].front().asks_more) return false;
  const key_group& group = groups_[type].front();
  const stream::column& keys = at.rows.tables()[type][group.key];
  const auto& subjects = keys.values<stream::column::symbol_ids>();
  const auto present = keys.validity();
  const bool whole = share_.all();
  found_.reserve(at.rows.size());
  for (std::size_t word = 0; word < present.size(); ++word) {
    std::uint64_t any = 0;
    for (const auto& bitmap : bitmaps_) any |= bitmap[word];
    any &= present[word];
    if (!whole && any != 0) any &= owned(std::span{subjects}.subspan(word * 64));
    for (std::size_t first = 0; any != 0; first += 8, any >>= 8) {
      if ((any & 0xff) == 0) continue;
      const std::uint64_t masks = masks_of_eight(word, first);
      for (std::uint64_t bits = any & 0xff; bits != 0; bits &= bits - 1) {
        const auto bit = static_cast<unsigned>(std::countr_zero(bits));
        const std::size_t place = word * 64 + first + bit;
        const stream::symbol subject = subjects[place];
        add_mask(at, static_cast<std::uint32_t>(place), subject, (masks >> (8 * bit)) & group.mask);
      }
    }
  }
  return true;
}

/// Which of the first 64 subjects are of this share, a bit each. Nothing branches: no guess could be a good one.
std::uint64_t arrivals::owned(std::span<const stream::symbol> subjects) const {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(64, subjects.size()); ++i) {
    bits |= std::uint64_t{share_.owns(subjects[i])} << i;
  }
  return bits;
}

/// The roles of eight events, a byte each: the bits that their guards have for them, turned from rows to columns.
std::uint64_t arrivals::masks_of_eight(std::size_t word, std::size_t first) const {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < bitmaps_.size(); ++i) bits |= ((bitmaps_[i][word] >> first) & 0xff) << (8 * i);
  const auto swap = [&bits](unsigned distance, std::uint64_t lower) {
    const std::uint64_t moved = (bits ^ (bits >> distance)) & lower;
    bits ^= moved ^ (moved << distance);
  };
  swap(7, 0x00aa00aa00aa00aa);
  swap(14, 0x0000cccc0000cccc);
  swap(28, 0x00000000f0f0f0f0);
  return bits;
}

/// Where the subjects of each type's events stand, for types that have one key and no further conditions.
void arrivals::find_keys(const stream::batch& rows) {
  keys_.assign(rows.tables().size(), nullptr);
  for (std::size_t type = 0; type < groups_.size(); ++type) {
    const auto& groups = groups_[type];
    if (groups.size() == 1 && !groups.front().asks_more) keys_[type] = &rows.tables()[type][groups.front().key];
  }
}

void arrivals::arrive_by_mask(const batch_at_hand& at, std::uint32_t place, std::uint64_t mask) {
  const stream::row_ref row = at.rows.order()[place];
  const stream::column* const only = keys_[static_cast<std::size_t>(row.type)];
  if (only == nullptr) return arrive_by_groups(at, place, mask);
  if (!only->present(row.row)) return;
  const stream::symbol subject = only->id(row.row);
  if (share_.owns(subject)) add_mask(at, place, subject, mask);
}

void arrivals::arrive_by_groups(const batch_at_hand& at, std::uint32_t place, std::uint64_t mask) {
  const stream::row_ref row = at.rows.order()[place];
  const std::size_t first = found_.size();
  for (const key_group& group : groups_[static_cast<std::size_t>(row.type)]) {
    std::uint64_t played = mask & group.mask;
    if (played == 0) continue;
    const stream::table& table = at.rows[row.type];
    const stream::column& keys = table[group.key];
    if (!keys.present(row.row)) continue;
    const stream::symbol subject = keys.id(row.row);
    if (!share_.owns(subject)) continue;
    if (group.asks_more) {
      for (std::uint64_t bits = played; bits != 0; bits &= bits - 1) {
        const auto bit = static_cast<std::size_t>(std::countr_zero(bits));
        const stream::event_view event{row.type, &table, row.row};
        if (!belongs(at, static_cast<std::uint32_t>(bit), event, subject)) played &= ~(std::uint64_t{1} << bit);
      }
      if (played == 0) continue;
    }
    // As the sender and the receiver of a transfer may be the same account.
    const auto same = std::find_if(found_.begin() + static_cast<std::ptrdiff_t>(first), found_.end(),
                                   [&](const arrival& a) { return a.subject == subject; });
    if (same == found_.end()) {
      add_mask(at, place, subject, played);
    } else {
      same->roles |= static_cast<std::uint32_t>(played);
      if ((played & keeping_) != 0) at.states[subject];
    }
  }
}

bool arrivals::belongs(const batch_at_hand& at, std::uint32_t role, const stream::event_view& event,
                       const stream::symbol& subject) const {
  const packed_role& r = plan_->roles[role];
  if (!r.of_subject) return true;
  return r.of_subject->holds({.event = event,
                              .log = &at.log,
                              .subject = std::span{&subject, 1},
                              .undefined = &at.counters[r.pattern].undefined});
}

// ---- many roles: lists of those that are played

void arrivals::find_by_list(const batch_at_hand& at, const guards& shared) {
  claim(at, shared);
  sets_.clear();
  by_subject_.clear();
  by_subject_.reserve(claimed_.size());  // what was found points into it
  std::uint32_t begin = 0;
  for (std::uint32_t place = 0; place < at.rows.size(); ++place) {
    const std::uint32_t end = claim_begins_[place];
    if (end != begin) arrive_by_list(at, place, std::span{claimed_}.subspan(begin, end - begin));
    begin = end;
  }
}

/// The roles that each event plays, by place: counted, then filled in, so that a guard that holds for few costs little.
void arrivals::claim(const batch_at_hand& at, const guards& shared) {
  claim_begins_.assign(at.rows.size() + 1, 0);
  for (const packed_role& r : plan_->roles) {
    for_each_bit(shared.bitmap(r.guard), [&](std::size_t place) { ++claim_begins_[place]; });
  }
  std::uint32_t sum = 0;
  for (std::uint32_t& begin : claim_begins_) sum += std::exchange(begin, sum);
  claimed_.resize(sum);
  for (std::uint32_t role = 0; role < plan_->roles.size(); ++role) {
    const auto bitmap = shared.bitmap(plan_->roles[role].guard);
    for_each_bit(bitmap, [&](std::size_t place) { claimed_[claim_begins_[place]++] = role; });
  }
  // Each begin has become the end of its place, which is where the next one begins.
}

void arrivals::add_set(const batch_at_hand& at, std::uint32_t place, stream::symbol subject,
                       std::span<const std::uint32_t> roles) {
  const bool keeps = std::ranges::any_of(roles, [this](std::uint32_t role) { return plan_->roles[role].keeps; });
  add(at, place, subject, static_cast<std::uint32_t>(sets_.size()), keeps);
  sets_.push_back(roles);
}

void arrivals::arrive_by_list(const batch_at_hand& at, std::uint32_t place, std::span<const std::uint32_t> roles) {
  const stream::row_ref row = at.rows.order()[place];
  const stream::event_view event{row.type, &at.rows[row.type], row.row};
  const auto& groups = groups_[static_cast<std::size_t>(row.type)];
  if (groups.size() == 1 && !groups.front().asks_more) {
    const stream::column& keys = event[groups.front().key];
    if (keys.present(row.row) && share_.owns(keys.id(row.row))) add_set(at, place, keys.id(row.row), roles);
    return;
  }
  subjects_.clear();
  for (const key_group& group : groups) {
    const stream::column& keys = event[group.key];
    if (!keys.present(row.row)) continue;
    const stream::symbol subject = keys.id(row.row);
    if (!share_.owns(subject)) continue;
    if (std::ranges::find(subjects_, subject) == subjects_.end()) subjects_.push_back(subject);
  }
  for (const stream::symbol& subject : subjects_) {
    const std::size_t first = by_subject_.size();
    for (const std::uint32_t role : roles) {
      const stream::column& keys = event[plan_->roles[role].key];
      const bool comes = keys.present(row.row) && keys.id(row.row) == subject;
      if (comes && belongs(at, role, event, subject)) by_subject_.push_back(role);
    }
    if (by_subject_.size() != first) add_set(at, place, subject, std::span{by_subject_}.subspan(first));
  }
}

}  // namespace weir::cep
