#include "rules/index/names.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

#include <boost/container_hash/hash.hpp>

namespace weir::rules::indexing {

std::size_t name_table::hash::operator()(const key& k) const {
  std::size_t seed = std::hash<std::string_view>{}(k.name);
  boost::hash_combine(seed, k.owner);
  boost::hash_combine(seed, static_cast<std::size_t>(k.kind));
  return seed;
}

name_table::name_table(const std::vector<symbol>& symbols) : symbols_(symbols) {
  first_.reserve(symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    first_.try_emplace(key{symbols[i].name, symbols[i].owner, symbols[i].kind}, i);
  }
}

std::size_t name_table::find(symbol_kind kind, std::string_view name, std::size_t owner) const {
  const auto found = first_.find(key{name, owner, kind});
  return found == first_.end() ? no_symbol : found->second;
}

std::size_t name_table::find_any(std::initializer_list<symbol_kind> kinds, std::string_view name,
                                 std::size_t owner) const {
  for (const auto kind : kinds) {
    if (const auto found = find(kind, name, owner); found != no_symbol) return found;
  }
  return no_symbol;
}

std::size_t name_table::declared_at(symbol_kind kind, std::uint32_t file, std::uint32_t begin) const {
  // Symbols are in the order in which they stand in the files.
  const auto place = [](const symbol& s) { return std::tuple(s.where.file, s.where.begin); };
  const auto found = std::ranges::lower_bound(symbols_, std::tuple(file, begin), {}, place);
  const bool is_it = found != symbols_.end() && place(*found) == std::tuple(file, begin) && found->kind == kind;
  return is_it ? static_cast<std::size_t>(found - symbols_.begin()) : no_symbol;
}

}  // namespace weir::rules::indexing
