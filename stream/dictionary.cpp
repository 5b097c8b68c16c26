#include "stream/dictionary.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace weir::stream {

std::uint32_t sought_text::hash_of_long(std::string_view text) {
  return static_cast<std::uint32_t>(XXH3_64bits(text.data(), text.size()));
}

dictionary::slot_table::slot_table(std::size_t size) : mask_(size - 1) {
  if (size * sizeof(slot) < large_memory::page_bytes) {
    few_ = std::make_unique<slot[]>(size);
    begin_ = few_.get();
  } else {
    many_ = large_memory(size * sizeof(slot));
    begin_ = reinterpret_cast<slot*>(many_.data());  // all zero: empty slots
  }
}

dictionary::dictionary() : slots_(slots_least) {}

dictionary::dictionary(dictionary&& other) noexcept
    : slots_(std::move(other.slots_)),
      taken_(other.taken_),
      texts_(std::move(other.texts_)),
      ids_(other.ids_),
      epoch_(other.epoch_),
      forgotten_(other.forgotten_),
      how_(other.how_),
      swept_(other.swept_),
      gone_(std::move(other.gone_)),
      again_(std::move(other.again_)),
      generation_(other.generation()) {}

std::optional<symbol> dictionary::find(std::string_view text) const {
  const sought_text sought{text};
  for (std::size_t place = sought.hash & slots_.mask(); slots_[place].id_after != 0;
       place = (place + 1) & slots_.mask()) {
    if (holds(slots_[place], sought)) return static_cast<symbol>(slots_[place].id_after - 1);
  }
  return std::nullopt;
}

bool dictionary::holds_rest(const slot& one, const sought_text& text) const {
  return texts_[one.id_after - 1].substr(slot::text_bytes) == text.text.substr(slot::text_bytes);
}

symbol dictionary::add(const sought_text& text, std::uint32_t epoch) {
  if (forgotten_ != 0) sweep();
  if (3 * (taken_ + 1) > 2 * slots_.size()) grow();
  const std::uint32_t id = take_id();
  texts_.put(id, text.text);
  slots_[free_place(text.hash)] = {.id_after = id + 1,
                                   .epoch = epoch,
                                   .hash = text.hash,
                                   .size = static_cast<std::uint32_t>(text.text.size()),
                                   .first = text.first,
                                   .second = text.second};
  ++taken_;
  return static_cast<symbol>(id);
}

std::size_t dictionary::free_place(std::uint32_t hash) const {
  std::size_t place = hash & slots_.mask();
  while (slots_[place].id_after != 0) place = (place + 1) & slots_.mask();
  return place;
}

void dictionary::grow() {
  const slot_table before = std::exchange(slots_, slot_table(2 * slots_.size()));
  for (std::size_t place = 0; place < before.size(); ++place) {
    if (before[place].id_after != 0) slots_[free_place(before[place].hash)] = before[place];
  }
}

// ---- ids that are handed out again

void dictionary::forget(std::uint32_t last_epoch, const id_recycling& how) {
  assert(last_epoch < epoch_ && last_epoch >= forgotten_);
  forgotten_ = last_epoch;
  how_ = how;
}

std::uint32_t dictionary::take_id() {
  if (again_.empty() && gone_.size() >= std::max<std::size_t>(how_.handed_back_least, ids_ / 8)) {
    std::swap(gone_, again_);
    generation_.fetch_add(1, std::memory_order_relaxed);
  }
  if (again_.empty()) return ids_++;
  const std::uint32_t id = again_.back();
  again_.pop_back();
  return id;
}

/// Looks at the next few slots, and erases those whose texts are forgotten. Where one was erased another may stand now.
void dictionary::sweep() {
  for (std::size_t i = 0; i < std::min(how_.slots_swept, slots_.size()); ++i) {
    swept_ &= slots_.mask();
    while (slots_[swept_].id_after != 0 && slots_[swept_].epoch <= forgotten_) erase(swept_);
    ++swept_;
  }
}

/// Moves the slots behind it forward, so that none is cut off from the place where its search begins.
void dictionary::erase(std::size_t place) {
  const std::uint32_t id = slots_[place].id_after - 1;
  gone_.push_back(id);
  texts_.drop(id);
  --taken_;
  std::size_t hole = place;
  for (std::size_t next = (hole + 1) & slots_.mask(); slots_[next].id_after != 0; next = (next + 1) & slots_.mask()) {
    const std::size_t from_home = (next - slots_[next].hash) & slots_.mask();
    const std::size_t from_hole = (next - hole) & slots_.mask();
    if (from_home < from_hole) continue;
    slots_[hole] = slots_[next];
    hole = next;
  }
  slots_[hole] = {};
}

// ---- all dictionaries

void symbols::pass(timestamp greatest, timestamp watermark) {
  if (!how_) return;
  const duration least = how_->retention / static_cast<std::int64_t>(how_->epochs);
  if (greatest > saturating_add(began_, least)) {
    closed_.push_back({epoch_++, greatest});
    began_ = greatest;
    for_each([&](dictionary& one) { one.begin_epoch(epoch_); });
  }
  std::uint32_t last = 0;
  for (; !closed_.empty() && saturating_add(closed_.front().greatest, how_->retention) < watermark;
       closed_.pop_front()) {
    last = closed_.front().number;
  }
  if (last != 0) for_each([&](dictionary& one) { one.forget(last, *how_); });
}

bool symbols::any_handed_out_again() const {
  const auto has = [](const dictionary& one) { return one.generation() != 0; };
  return has(texts_) || std::ranges::any_of(entities_, has);
}

std::size_t symbols::size() const {
  std::size_t sum = texts_.size();
  for (const dictionary& one : entities_) sum += one.size();
  return sum;
}

}  // namespace weir::stream
