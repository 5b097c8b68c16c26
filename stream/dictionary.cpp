#include "stream/dictionary.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir::stream {

namespace {

constexpr std::size_t block_bytes = 64 << 10;

std::uint64_t hash_of(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

}  // namespace

symbol dictionary::intern(std::string_view text) {
  const std::uint64_t hash = hash_of(text);
  const slot* found = &slot_of(text, hash);
  if (found->id_after != 0) return static_cast<symbol>(found->id_after - 1);
  if (3 * (texts_.size() + 1) > 2 * slots_.size()) {
    grow();
    found = &slot_of(text, hash);
  }
  texts_.push_back(keep(text));
  slot& taken = slots_[static_cast<std::size_t>(found - slots_.data())];
  taken = {.id_after = static_cast<std::uint32_t>(texts_.size()),
           .tag = tag_of(hash),
           .size = static_cast<std::uint32_t>(text.size())};
  std::ranges::copy(text.substr(0, slot::text_bytes), taken.text.begin());
  return static_cast<symbol>(taken.id_after - 1);
}

std::optional<symbol> dictionary::find(std::string_view text) const {
  const slot& found = slot_of(text, hash_of(text));
  if (found.id_after == 0) return std::nullopt;
  return static_cast<symbol>(found.id_after - 1);
}

/// The slot that holds the text, or the empty one where it would stand.
const dictionary::slot& dictionary::slot_of(std::string_view text, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t place = hash & mask;
  while (slots_[place].id_after != 0 && !holds(slots_[place], text, hash)) place = (place + 1) & mask;
  return slots_[place];
}

bool dictionary::holds(const slot& one, std::string_view text, std::uint64_t hash) const {
  if (one.tag != tag_of(hash) || one.size != static_cast<std::uint32_t>(text.size())) return false;
  const bool short_one = text.size() <= slot::text_bytes;
  const char* const kept = short_one ? one.text.data() : texts_[one.id_after - 1].data();
  return std::memcmp(kept, text.data(), text.size()) == 0;
}

void dictionary::grow() {
  std::vector<slot> before = std::exchange(slots_, std::vector<slot>(2 * slots_.size()));
  const std::size_t mask = slots_.size() - 1;
  for (const slot& one : before) {
    if (one.id_after == 0) continue;
    std::size_t place = hash_of(texts_[one.id_after - 1]) & mask;
    while (slots_[place].id_after != 0) place = (place + 1) & mask;
    slots_[place] = one;
  }
}

std::string_view dictionary::keep(std::string_view text) {
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < text.size()) {
    blocks_.emplace_back().reserve(std::max(block_bytes, text.size()));
  }
  std::string& block = blocks_.back();
  const std::size_t begin = block.size();
  block.append(text);
  return std::string_view{block}.substr(begin);
}

}  // namespace weir::stream
