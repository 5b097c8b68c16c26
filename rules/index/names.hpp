#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "rules/index.hpp"

namespace weir::rules::indexing {

/// Finds symbols by their names. The symbols must outlive it.
class name_table {
 public:
  explicit name_table(const std::vector<symbol>& symbols);

  const symbol& operator[](std::size_t index) const { return symbols_[index]; }

  /// The first one declared, or `no_symbol`.
  std::size_t find(symbol_kind kind, std::string_view name, std::size_t owner = no_symbol) const;

  /// The first of these kinds, in the order of the kinds.
  std::size_t find_any(std::initializer_list<symbol_kind> kinds, std::string_view name,
                       std::size_t owner = no_symbol) const;

  /// What is declared with its name at a place, or `no_symbol`.
  std::size_t declared_at(symbol_kind kind, std::uint32_t file, std::uint32_t begin) const;

 private:
  struct key {
    std::string_view name;
    std::size_t owner = no_symbol;
    symbol_kind kind{};

    friend bool operator==(const key&, const key&) = default;
  };
  struct hash {
    std::size_t operator()(const key& k) const;
  };

  const std::vector<symbol>& symbols_;
  boost::unordered_flat_map<key, std::size_t, hash> first_;
};

}  // namespace weir::rules::indexing
