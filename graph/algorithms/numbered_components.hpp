#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>

#include "graph/concepts.hpp"
#include "graph/spanning_forest.hpp"

namespace weir::graph {

/// Weakly connected components with numbers that last, for who follows a window edge by edge: each edge that comes,
/// and each that has become too old, in the order of the stream. Exact, and the same however the stream was cut.
///
/// A component has a number from its first edge between two vertices on. Where two join, the number of the one with
/// more vertices stays, of equal ones the lesser number; where one is split, the part with more vertices keeps it, of
/// equal ones that of the edge's source, and the other gets a new one. A vertex alone has none.
///
/// An edge takes the depth of the forest's trees (see `spanning_forest`). 40 bytes or so a component.
class numbered_components {
 public:
  bool connected(vertex_id a, vertex_id b) const { return a == b || forest_.connected(a, b); }
  /// Vertices in the component of `v`, itself among them.
  std::size_t size_of(vertex_id v) const { return forest_.tree_size(v); }
  std::optional<std::uint64_t> number_of(vertex_id v) const {
    const auto found = numbers_.find(forest_.root(v));
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  }

  /// Takes the next edge of the stream.
  void insert(const edge& e) {
    if (e.from == e.to) return;
    const part a = take(e.from);
    if (forest_.connected(e.from, e.to)) {
      forest_.add(e);  // may change the root
      numbers_.emplace(forest_.root(e.from), *a.number);
      return;
    }
    const part b = take(e.to);
    forest_.add(e);
    numbers_.emplace(forest_.root(e.from), joined(a, b));
  }

  /// Takes away the oldest edge that is left.
  void expire(const edge& e) {
    if (e.from == e.to || !forest_.has(e)) return;
    const std::uint64_t number = *take(e.from).number;
    forest_.cut(e);
    const bool source_keeps = forest_.tree_size(e.from) >= forest_.tree_size(e.to);
    give(source_keeps ? e.from : e.to, number);
    give_new(source_keeps ? e.to : e.from);
  }

 private:
  struct part {
    std::optional<std::uint64_t> number;
    std::size_t size = 1;
  };

  part take(vertex_id v) {
    const vertex_id root = forest_.root(v);
    const auto found = numbers_.find(root);
    if (found == numbers_.end()) return {};
    const part taken{found->second, forest_.tree_size(root)};
    numbers_.erase(found);
    return taken;
  }
  std::uint64_t joined(const part& a, const part& b) {
    if (!a.number || !b.number) return a.number ? *a.number : b.number ? *b.number : next_++;
    if (a.size != b.size) return a.size > b.size ? *a.number : *b.number;
    return std::min(*a.number, *b.number);
  }
  void give(vertex_id v, std::uint64_t number) {
    if (forest_.tree_size(v) > 1) numbers_.emplace(forest_.root(v), number);
  }
  void give_new(vertex_id v) {
    if (forest_.tree_size(v) > 1) numbers_.emplace(forest_.root(v), next_++);
  }

  spanning_forest forest_;
  std::unordered_map<vertex_id, std::uint64_t> numbers_;  // by root; of those with two vertices at least
  std::uint64_t next_ = 0;
};

}  // namespace weir::graph
