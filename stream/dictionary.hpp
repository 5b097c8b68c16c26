#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "stream/schema.hpp"

namespace weir::stream {

/// A dense id: of an entity within its entity type, or of an interned text.
enum class symbol : std::uint32_t {};

/// Texts and their dense ids, both ways. One thread at a time.
class dictionary {
 public:
  symbol intern(std::string_view text);
  std::optional<symbol> find(std::string_view text) const;
  std::string_view operator[](symbol id) const { return texts_[static_cast<std::size_t>(id)]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::string_view keep(std::string_view text);

  boost::unordered_flat_map<std::string_view, symbol> ids_;
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
