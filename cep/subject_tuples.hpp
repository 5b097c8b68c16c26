#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "stream/dictionary.hpp"

namespace weir::cep {

/// Numbers the subjects of a rule about several (`for card, merchant`), so that a composite subject is one dense id.
class subject_tuples {
 public:
  explicit subject_tuples(std::size_t width) : width_(width) {}

  stream::symbol number(std::span<const stream::symbol> parts) {
    if (const auto known = numbers_.find(bytes_of(parts)); known != numbers_.end()) return known->second;
    const auto id = static_cast<stream::symbol>(numbers_.size());
    parts_.insert(parts_.end(), parts.begin(), parts.end());
    numbers_.emplace(std::string{bytes_of(parts)}, id);
    return id;
  }

  std::span<const stream::symbol> operator[](stream::symbol id) const {
    return std::span{parts_}.subspan(static_cast<std::size_t>(id) * width_, width_);
  }

 private:
  static std::string_view bytes_of(std::span<const stream::symbol> parts) {
    return {reinterpret_cast<const char*>(parts.data()), parts.size_bytes()};
  }
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view bytes) const { return std::hash<std::string_view>{}(bytes); }
  };

  std::size_t width_;
  std::vector<stream::symbol> parts_;
  boost::unordered_flat_map<std::string, stream::symbol, hash, std::equal_to<>> numbers_;
};

}  // namespace weir::cep
