#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stream/schema.hpp"

namespace weir::stream {

/// A dense id: of an entity within its entity type, or of an interned text.
enum class symbol : std::uint32_t {};

/// Texts and their dense ids, both ways. One thread at a time.
class dictionary {
 public:
  dictionary() : slots_(slots_least) {}

  symbol intern(std::string_view text);
  std::optional<symbol> find(std::string_view text) const;
  std::string_view operator[](symbol id) const { return texts_[static_cast<std::size_t>(id)]; }
  std::size_t size() const { return texts_.size(); }

 private:
  /// A place of the hash table, probed one after the other. A short text stands in its slot, so that finding it touches
  /// one line of memory; of a longer one its beginning.
  ///
  ///     | id + 1, 0: empty | hash's upper half | size | the text's first bytes, then zeros |
  struct slot {
    static constexpr std::size_t text_bytes = 20;

    std::uint32_t id_after = 0;
    std::uint32_t tag = 0;
    std::uint32_t size = 0;
    std::array<char, text_bytes> text{};
  };
  static constexpr std::size_t slots_least = 16;

  const slot& slot_of(std::string_view text, std::uint64_t hash) const;
  bool holds(const slot& one, std::string_view text, std::uint64_t hash) const;
  void grow();
  std::string_view keep(std::string_view text);

  std::vector<slot> slots_;  // a power of two of them, at most two thirds taken
  std::vector<std::string_view> texts_;
  std::deque<std::string> blocks_;  // the bytes behind the views; blocks never move
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

 private:
  dictionary texts_;
  std::vector<dictionary> entities_;
};

}  // namespace weir::stream
