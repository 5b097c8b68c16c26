#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/concepts.hpp"
#include "stream/dictionary.hpp"

namespace weir::app {

/// Which of a graph's ends: where both are entities of one type, they share one.
enum class edge_end : std::uint8_t { from, to };

/// Vertices in the order in which they come, and their names. One thread.
class vertex_names {
 public:
  /// Where the ends are of different types, names are written with them: "card:4711".
  vertex_names(std::string from_type, std::string to_type);

  /// The vertex of an interned name.
  graph::vertex_id of(edge_end end, stream::symbol id, std::string_view text) {
    auto& known = by_symbol_[types_.size() == 1 ? 0 : static_cast<std::size_t>(end)];
    const auto i = static_cast<std::size_t>(id);
    if (i >= known.size()) known.resize(i + 1, none);
    if (known[i] == none) known[i] = add(end, text);
    return known[i];
  }

  const std::string& operator[](graph::vertex_id v) const { return names_[static_cast<std::size_t>(v)]; }
  std::size_t size() const { return names_.size(); }
  /// Reads all names.
  std::optional<graph::vertex_id> find(std::string_view name) const;
  /// The vertex of a name that a flag gave. Throws `failure` (usage), with the nearest name, when there is none.
  graph::vertex_id find_or_fail(const std::string& flag, const std::string& name) const;

 private:
  static constexpr graph::vertex_id none{~std::uint32_t{0}};

  graph::vertex_id add(edge_end end, std::string_view text);

  std::vector<std::string> types_;
  std::vector<graph::vertex_id> by_symbol_[2];
  std::vector<std::string> names_;
};

}  // namespace weir::app
