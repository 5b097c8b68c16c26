#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "stream/fetch_ahead.hpp"
#include "stream/large_memory.hpp"
#include "stream/schema.hpp"
#include "stream/text_store.hpp"
#include "stream/time.hpp"

namespace weir::stream {

/// A dense id: of an entity within its entity type, or of an interned text.
enum class symbol : std::uint32_t {};

/// A text that is about to be interned: hashed, and its beginning at hand. A view of the text.
struct sought_text {
  std::string_view text;
  std::uint64_t first = 0;  // the first eight bytes, and the next eight, as numbers
  std::uint64_t second = 0;
  std::uint32_t hash = 0;

  sought_text() = default;
  explicit sought_text(std::string_view sought) : text(sought), first(load(sought.data(), sought.size())) {
    if (sought.size() > 8) second = load(sought.data() + 8, sought.size() - 8);
    hash = sought.size() > 16 ? hash_of_long(sought) : hash_of_short();
  }

 private:
  __extension__ using wide = unsigned __int128;

  template <class Word>
  static std::uint64_t load(const char* at) {
    Word word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
  }
  /// Up to eight bytes as a number; reads no byte beyond. Which byte is which does not matter, only that no two texts
  /// of one size give the same number.
  static std::uint64_t load(const char* at, std::size_t size) {
    if (size >= 8) return load<std::uint64_t>(at);
    if (size >= 4) return load<std::uint32_t>(at) | load<std::uint32_t>(at + size - 4) << 32;
    if (size >= 2) return load<std::uint16_t>(at) | load<std::uint16_t>(at + size - 2) << 32;
    return size == 0 ? 0 : static_cast<unsigned char>(*at);
  }

  /// Of the middle of a product, where every bit depends on all of both factors. No text makes a factor zero: the
  /// constants' bytes are none of UTF-8's.
  std::uint32_t hash_of_short() const {
    const wide product = static_cast<wide>(first ^ 0xF9FBFDFEF8FCFFFA) * (second ^ 0xFEF8FAFFFBF9FCFD);
    const auto folded = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    return static_cast<std::uint32_t>(((folded ^ text.size()) * 0x9E3779B97F4A7C15) >> 32);
  }
  static std::uint32_t hash_of_long(std::string_view text);
};

/// How soon ids are handed out again: nothing that refers to an id lives longer than `retention` after
/// the event that brought it. The rest is how eagerly that is made use of.
struct id_recycling {
  duration retention{};
  unsigned epochs = 8;                  // into which a retention is cut
  std::size_t handed_back_least = 256;  // ids are handed back that many at a time, or an eighth of all
  std::size_t slots_swept = 8;          // looked at for each new id
};

/// Texts and their dense ids, both ways.
///
/// One thread interns. Others may ask for the texts of ids that were handed to them (through a queue, say), and for the
/// generation, at any time; for nothing else.
///
/// An id that the stream brought (`intern_passing`) is forgotten some time after it was last seen, when `forget` allows
/// it, and given to another text; one that was asked for by `intern` is kept for good.
class dictionary {
 public:
  dictionary();
  dictionary(dictionary&& other) noexcept;

  symbol intern(std::string_view text) { return intern(sought_text{text}, kept_for_good); }
  symbol intern_passing(std::string_view text) { return intern_passing(sought_text{text}); }
  /// The second of two steps: between them the slot comes nearer, if it was asked for by `fetch`.
  symbol intern_passing(const sought_text& text) { return intern(text, epoch_); }
  void fetch(const sought_text& text) const { fetch_ahead(&slots_[text.hash & slots_.mask()]); }

  std::optional<symbol> find(std::string_view text) const;
  std::string_view operator[](symbol id) const { return texts_[static_cast<std::uint32_t>(id)]; }

  /// Texts that it holds.
  std::size_t size() const { return taken_; }
  /// One more than the greatest id so far: how long an array by id must be.
  std::size_t ids() const { return ids_; }

  /// Rises before an id is given to another text. What one remembers of ids is good within a generation.
  std::uint32_t generation() const { return generation_.load(std::memory_order_relaxed); }

  /// The epoch that passing texts are seen in. Epochs count from 1.
  std::uint32_t epoch() const { return epoch_; }
  void begin_epoch(std::uint32_t epoch) { epoch_ = epoch; }
  /// Texts last seen in this epoch or an earlier one are not needed any more. They go little by little, as new ones
  /// come.
  void forget(std::uint32_t last_epoch, const id_recycling& how);

 private:
  /// A place of the hash table, probed one after the other. A short text stands in its slot, so that finding it touches
  /// half a line of memory; of a longer one its beginning.
  struct alignas(32) slot {
    static constexpr std::size_t text_bytes = 16;

    std::uint32_t id_after = 0;  // id + 1, 0: empty
    std::uint32_t epoch = 0;     // last seen in
    std::uint32_t hash = 0;
    std::uint32_t size = 0;
    std::uint64_t first = 0;
    std::uint64_t second = 0;
  };
  /// A power of two of them, empty at first; many of them in large pages.
  class slot_table {
   public:
    explicit slot_table(std::size_t size);

    slot& operator[](std::size_t place) const { return begin_[place]; }
    std::size_t size() const { return mask_ + 1; }
    std::size_t mask() const { return mask_; }

   private:
    slot* begin_;
    std::size_t mask_;
    std::unique_ptr<slot[]> few_;
    large_memory many_;
  };
  static constexpr std::size_t slots_least = 16;
  static constexpr std::uint32_t kept_for_good = ~std::uint32_t{0};

  symbol intern(const sought_text& text, std::uint32_t epoch) {
    std::size_t place = text.hash & slots_.mask();
    for (; slots_[place].id_after != 0; place = (place + 1) & slots_.mask()) {
      slot& one = slots_[place];
      if (!holds(one, text)) continue;
      if (one.epoch < epoch) one.epoch = epoch;
      return static_cast<symbol>(one.id_after - 1);
    }
    return add(text, epoch);
  }
  bool holds(const slot& one, const sought_text& text) const {
    return one.hash == text.hash && one.first == text.first && one.second == text.second &&
           one.size == text.text.size() && (one.size <= slot::text_bytes || holds_rest(one, text));
  }
  bool holds_rest(const slot& one, const sought_text& text) const;
  symbol add(const sought_text& text, std::uint32_t epoch);
  std::size_t free_place(std::uint32_t hash) const;
  std::uint32_t take_id();
  void grow();
  void sweep();
  void erase(std::size_t place);

  slot_table slots_;  // at most two thirds taken
  std::size_t taken_ = 0;
  text_store texts_;
  std::uint32_t ids_ = 0;

  std::uint32_t epoch_ = 1;
  std::uint32_t forgotten_ = 0;  // the last epoch that is
  id_recycling how_;
  std::size_t swept_ = 0;             // the place where sweeping goes on
  std::vector<std::uint32_t> gone_;   // ids that no text has, and that nobody may have yet
  std::vector<std::uint32_t> again_;  // ids to be handed out
  std::atomic<std::uint32_t> generation_ = 0;
};

/// The dictionaries of a program: one of all interned texts, one an entity type. Owned by the loop, filled by decoders.
class symbols {
 public:
  explicit symbols(const schema& types) : entities_(types.entities().size()) {}

  dictionary& texts() { return texts_; }
  const dictionary& texts() const { return texts_; }
  dictionary& entities(entity_type_id type) { return entities_[static_cast<std::size_t>(type)]; }
  const dictionary& entities(entity_type_id type) const { return entities_[static_cast<std::size_t>(type)]; }

  /// The dictionary that a field of this type is interned in: texts share one.
  dictionary& of(const field_type& type) { return type.kind == type_kind::entity ? entities(type.entity) : texts_; }
  const dictionary& of(const field_type& type) const {
    return type.kind == type_kind::entity ? entities(type.entity) : texts_;
  }

  /// From now on ids of passing texts are handed out again as `how` allows; nothing: never, as it is at first.
  void recycle(std::optional<id_recycling> how) { how_ = how; }
  /// Between two batches: what has been interned so far came with events at `greatest` or before, and everything that
  /// comes from events before the watermark has been worked on, alerts included.
  void pass(timestamp greatest, timestamp watermark);

  /// Texts that all of them hold.
  std::size_t size() const;
  bool any_handed_out_again() const;

 private:
  struct closed_epoch {
    std::uint32_t number = 0;
    timestamp greatest;  // of the events that its texts, and those of all before, came with
  };

  template <class Act>
  void for_each(const Act& act) {
    act(texts_);
    for (dictionary& one : entities_) act(one);
  }

  dictionary texts_;
  std::vector<dictionary> entities_;
  std::optional<id_recycling> how_;
  std::uint32_t epoch_ = 1;
  timestamp began_ = start_of_time;  // the epoch's first moment, or before
  std::deque<closed_epoch> closed_;
};

}  // namespace weir::stream
