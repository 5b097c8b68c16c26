#include "cep/pair_matcher.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "cep/register_value.hpp"
#include "stream/fetch_ahead.hpp"

namespace weir::cep {

namespace {

constexpr std::uint32_t nobody = ~std::uint32_t{0};
constexpr unsigned handle_word = 0;
constexpr unsigned at_word = 1;
constexpr unsigned register_word = 2;

void for_each_bit(std::uint64_t bits, const auto& visit) {
  for (; bits != 0; bits &= bits - 1) visit(static_cast<std::uint32_t>(std::countr_zero(bits)));
}

/// Turns a square of bits about its diagonal: bit j of word i becomes bit i of word j.
void transpose(std::array<std::uint64_t, 64>& square) {
  std::uint64_t lower = 0x00000000ffffffff;
  for (unsigned half = 32; half != 0; half /= 2, lower ^= lower << half) {
    for (unsigned i = 0; i < 64; i = (i + half + 1) & ~half) {
      const std::uint64_t moved = ((square[i] >> half) ^ square[i + half]) & lower;
      square[i] ^= moved << half;
      square[i + half] ^= moved;
    }
  }
}

template <unsigned Width>
packed_queue<Width>& queue_of(std::byte* row) {
  return *reinterpret_cast<packed_queue<Width>*>(row);
}

stream::timestamp time_of(block_pool::word w) {
  return stream::timestamp{stream::duration{static_cast<std::int64_t>(w)}};
}

template <unsigned Width>
void drop_older(packed_queue<Width>& events, block_pool& pool, stream::timestamp oldest) {
  while (events.size != 0 && time_of(events(pool, 0)[at_word]) < oldest) events.pop_front();
}

}  // namespace

pair_matcher::pair_matcher(pair_plan plan, subject_share share)
    : plan_(std::move(plan)),
      share_(share),
      mask_words_(plan_.mask_words()),
      member_of_(plan_.first.kinds.size() * plan_.last.kinds.size(), nobody),
      counters_(plan_.members.size()),
      rows_(sizeof(packed_queue<2>), share),
      masks_(mask_words_),
      here_(plan_.join.size()),
      entry_of_(plan_.first.kinds.size()) {
  const std::size_t words = std::max<std::size_t>(mask_words_, 1);
  asked_.resize(words * plan_.last.kinds.size());
  for (std::uint32_t i = 0; i < plan_.members.size(); ++i) {
    const pair_member& m = plan_.members[i];
    member_of(m.last, m.first) = i;
    asked_[m.last * words + m.first / 64] |= std::uint64_t{1} << (m.first % 64);
  }
}

/// Nobody asks for its first events with its last ones any more.
void pair_matcher::retire(std::size_t own) {
  pair_member& m = plan_.members[own];
  const std::size_t words = std::max<std::size_t>(mask_words_, 1);
  asked_[m.last * words + m.first / 64] &= ~(std::uint64_t{1} << (m.first % 64));
  m.suppress.reset();
}

std::uint64_t pair_matcher::undefined_in_guards(std::size_t own, const guards& shared) const {
  std::uint64_t sum = 0;
  for (const guard_id guard : plan_.members[own].guards) sum += shared.undefined(guard);
  return sum;
}

// As packed_matcher does: who comes is found first, so that the states can be fetched ahead.
void pair_matcher::advance(const stream::event_log& log, const guards& shared, findings& into) {
  log_ = &log;
  first_handle_ = static_cast<std::uint64_t>(log.handle(0));
  const stream::batch& rows = log.last();
  find_visits(rows, shared);
  static constexpr std::array<walk, 4> walks = {&pair_matcher::walk_visits<2>, &pair_matcher::walk_visits<4>,
                                                &pair_matcher::walk_visits<8>, &pair_matcher::walk_visits<16>};
  (this->*walks[std::bit_width(plan_.entry_words() - 1) - 1])(rows, into);
  if (rows.watermark() >= next_sweep_) sweep(rows.watermark());
}

// ---- who comes

void pair_matcher::find_visits(const stream::batch& rows, const guards& shared) {
  visits_.clear();
  bits_.clear();
  ends_.clear();
  const std::size_t blocks = (rows.size() + 63) / 64;
  for (std::size_t block = 0; block < blocks; ++block) {
    std::uint64_t beginning = 0;
    for (const guard_id kind : plan_.first.kinds) beginning |= shared.bitmap(kind)[block];
    find_ends(shared, block);
    if (mask_words_ > 0 && beginning != 0) find_kinds(shared, block);
    for_each_bit(beginning | ending_, [&](std::uint32_t bit) {
      const auto place = static_cast<std::uint32_t>(block * 64 + bit);
      if ((ending_ >> bit) & 1) add_end(rows, place);
      if ((beginning >> bit) & 1) add_begin(rows, place);
    });
  }
}

void pair_matcher::find_ends(const guards& shared, std::size_t block) {
  ending_ = 0;
  if (plan_.last.kinds.size() == 1) {
    ending_ = shared.bitmap(plan_.last.kinds.front())[block];
    return;
  }
  for (std::uint32_t kind = 0; kind < plan_.last.kinds.size(); ++kind) {
    const std::uint64_t bits = shared.bitmap(plan_.last.kinds[kind])[block];
    if (bits == 0) continue;
    for_each_bit(bits & ~ending_, [&](std::uint32_t bit) { kinds_at_[bit].clear(); });
    for_each_bit(bits, [&](std::uint32_t bit) { kinds_at_[bit].push_back(kind); });
    ending_ |= bits;
  }
}

void pair_matcher::find_kinds(const guards& shared, std::size_t block) {
  for (std::size_t i = 0; i < mask_words_; ++i) {
    auto& square = masks_[i];
    square.fill(0);
    const std::size_t kinds = std::min<std::size_t>(64, plan_.first.kinds.size() - i * 64);
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      square[kind] = shared.bitmap(plan_.first.kinds[i * 64 + kind])[block];
    }
    transpose(square);
  }
}

void pair_matcher::add_end(const stream::batch& rows, std::uint32_t place) {
  const stream::row_ref row = rows.order()[place];
  const stream::column& keys = rows[row.type][plan_.last.key];
  if (!keys.present(row.row)) return;
  const stream::symbol subject = keys.id(row.row);
  if (!share_.owns(subject)) return;
  const auto first = static_cast<std::uint32_t>(ends_.size());
  if (plan_.last.kinds.size() == 1) {
    ends_.push_back(0);
  } else {
    const auto& kinds = kinds_at_[place % 64];
    ends_.insert(ends_.end(), kinds.begin(), kinds.end());
  }
  visits_.push_back({.row = rows_.look_at(subject),
                     .place = place,
                     .subject = subject,
                     .kinds = first,
                     .ends = static_cast<std::uint32_t>(ends_.size()) - first});
}

void pair_matcher::add_begin(const stream::batch& rows, std::uint32_t place) {
  const stream::row_ref row = rows.order()[place];
  const stream::column& keys = rows[row.type][plan_.first.key];
  if (!keys.present(row.row)) return;
  const stream::symbol subject = keys.id(row.row);
  if (!share_.owns(subject)) return;
  visits_.push_back(
      {.row = rows_[subject], .place = place, .subject = subject, .kinds = static_cast<std::uint32_t>(bits_.size())});
  for (std::size_t i = 0; i < mask_words_; ++i) bits_.push_back(masks_[i][place % 64]);
}

// ---- what they do

template <unsigned Width>
void pair_matcher::walk_visits(const stream::batch& rows, findings& into) {
  constexpr std::size_t far = 24;
  constexpr std::size_t near = 12;
  for (std::size_t i = 0; i < visits_.size(); ++i) {
    if (i + far < visits_.size()) stream::fetch_ahead(visits_[i + far].row);
    if (i + near < visits_.size()) {
      const visit& soon = visits_[i + near];
      const auto& events = queue_of<Width>(soon.row);
      if (events.size != 0) {
        stream::fetch_ahead(events(pool_, events.size - 1));
        if (soon.ends == 0) stream::fetch_ahead(events(pool_, 0));
      }
    }
    const visit& v = visits_[i];
    const stream::row_ref at = rows.order()[v.place];
    if (v.ends == 0) {
      begin<Width>(v, rows[at.type], at.row);
    } else if (queue_of<Width>(v.row).size != 0) {
      end<Width>(v, rows[at.type], at.row, into);
    }
  }
}

template <unsigned Width>
void pair_matcher::begin(const visit& v, const stream::table& table, std::uint32_t row) {
  auto& events = queue_of<Width>(v.row);
  const stream::timestamp now = table.at(row);
  drop_older(events, pool_, stream::saturating_add(now, -plan_.within));
  word* entry = events.push_back(pool_);
  entry[handle_word] = first_handle_ + v.place;
  entry[at_word] = static_cast<word>(now.time_since_epoch().count());
  entry += register_word;
  for (std::size_t i = 0; i < plan_.registers.size(); ++i) {
    *entry++ = static_cast<word>(register_value(table, row, plan_.registers[i], plan_.register_kinds[i]));
  }
  for (std::size_t i = 0; i < mask_words_; ++i) *entry++ = bits_[v.kinds + i];
}

template <unsigned Width>
void pair_matcher::end(const visit& v, const stream::table& table, std::uint32_t row, findings& into) {
  const auto& events = queue_of<Width>(v.row);
  const stream::timestamp now = table.at(row);
  const stream::timestamp oldest = stream::saturating_add(now, -plan_.within);
  for (std::size_t i = 0; i < here_.size(); ++i) {
    here_[i] = register_value(table, row, plan_.join[i].field, plan_.join[i].kind);
  }
  const std::size_t words = std::max<std::size_t>(mask_words_, 1);
  const std::size_t mask_at = register_word + plan_.registers.size();
  for (const std::uint32_t last : std::span{ends_}.subspan(v.kinds, v.ends)) {
    const auto asked = std::span{asked_}.subspan(last * words, words);
    wanted_.assign(asked.begin(), asked.end());
    bool any_left = std::ranges::any_of(wanted_, [](std::uint64_t bits) { return bits != 0; });
    // For each member the latest that fits.
    for (std::size_t i = events.size; any_left && i-- > 0;) {
      const word* const entry = events(pool_, i);
      if (time_of(entry[at_word]) < oldest) break;
      if (mask_words_ == 0) {
        if (!joins<Width>(entry)) continue;
        emit(member_of(last, 0), v, now, entry, into);
        break;
      }
      bool fits = false;
      for (std::size_t w = 0; w < words; ++w) fits = fits || (entry[mask_at + w] & wanted_[w]) != 0;
      if (!fits || !joins<Width>(entry)) continue;
      any_left = false;
      for (std::size_t w = 0; w < words; ++w) {
        const std::uint64_t found = entry[mask_at + w] & wanted_[w];
        wanted_[w] ^= found;
        any_left = any_left || wanted_[w] != 0;
        for_each_bit(found, [&](std::uint32_t bit) { entry_of_[w * 64 + bit] = entry; });
      }
    }
    if (mask_words_ == 0) continue;
    for (std::size_t w = 0; w < words; ++w) {
      for_each_bit(asked[w] ^ wanted_[w], [&](std::uint32_t bit) {
        const auto first = static_cast<std::uint32_t>(w * 64 + bit);
        emit(member_of(last, first), v, now, entry_of_[first], into);
      });
    }
  }
}

template <unsigned Width>
bool pair_matcher::joins(const word* entry) const {
  for (std::size_t i = 0; i < here_.size(); ++i) {
    const register_comparison& c = plan_.join[i];
    if (!compare(c.op, here_[i], static_cast<std::int64_t>(entry[register_word + c.at]))) return false;
  }
  return true;
}

void pair_matcher::emit(std::uint32_t number, const visit& v, stream::timestamp at, const word* entry, findings& into) {
  pair_member& m = plan_.members[number];
  const auto begun = static_cast<stream::event_handle>(entry[handle_word]);
  const auto ended = static_cast<stream::event_handle>(first_handle_ + v.place);
  std::uint64_t kept_back = 0;
  if (m.suppress) {
    const std::array<bound_step, 2> bound = {{{begun, {}}, {ended, {}}}};
    bindings reading{.log = log_, .subject = std::span{&v.subject, 1}, .undefined = &counters_[number].undefined};
    reading.bound = bound;
    reading.span = at - time_of(entry[at_word]);
    if (m.suppress->holds_back(at, reading, kept_back)) {
      ++counters_[number].suppressed;
      return;
    }
  }
  ++counters_[number].matches;
  into.found.push_back({.at = at,
                        .end = ended,
                        .suppressed = kept_back,
                        .pattern = m.index,
                        .subject = v.subject,
                        .first_event = static_cast<std::uint32_t>(into.events.size()),
                        .events = 2,
                        .first_aggregate = static_cast<std::uint32_t>(into.aggregates.size())});
  into.events.push_back({begun, 0});
  into.events.push_back({ended, 1});
}

// ---- memory

void pair_matcher::sweep(stream::timestamp watermark) {
  next_sweep_ = stream::saturating_add(watermark, std::max<stream::duration>(plan_.within, std::chrono::seconds{1}));
  using sweeper = void (pair_matcher::*)(stream::timestamp);
  static constexpr std::array<sweeper, 4> sweepers = {&pair_matcher::sweep_rows<2>, &pair_matcher::sweep_rows<4>,
                                                      &pair_matcher::sweep_rows<8>, &pair_matcher::sweep_rows<16>};
  (this->*sweepers[std::bit_width(plan_.entry_words() - 1) - 1])(watermark);
  pool_.trim();
}

template <unsigned Width>
void pair_matcher::sweep_rows(stream::timestamp watermark) {
  const stream::timestamp oldest = stream::saturating_add(watermark, -plan_.within);
  rows_.sweep([&](std::byte* row) {
    auto& events = queue_of<Width>(row);
    drop_older(events, pool_, oldest);
    if (events.size != 0) return true;
    events.release(pool_);
    return false;
  });
}

}  // namespace weir::cep
