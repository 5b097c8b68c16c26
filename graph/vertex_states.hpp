#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/memory/large_pages.hpp"

namespace weir::graph {

/// How many edges came and left with a change.
template <edge_delta D>
std::size_t size_of_change(const D& change) {
  return std::ranges::size(change.inserted()) + std::ranges::size(change.expired()) +
         std::ranges::size(change.retracted());
}

/// Puts vertices in order, each once. Takes linear time where they are not very few among those up to the greatest: by
/// a bit for each of these.
inline void sort_once(std::vector<vertex_id>& vertices) {
  if (vertices.empty()) return;
  const auto greatest = static_cast<std::size_t>(std::ranges::max(vertices));
  constexpr std::size_t few = 16;
  if (vertices.size() < std::max(greatest / 512, few)) {
    std::ranges::sort(vertices);
    vertices.erase(std::ranges::unique(vertices).begin(), vertices.end());
    return;
  }
  std::vector<std::uint64_t> words(greatest / 64 + 1);
  for (const vertex_id v : vertices) {
    const auto i = static_cast<std::size_t>(v);
    words[i / 64] |= std::uint64_t{1} << i % 64;
  }
  vertices.clear();
  for (std::size_t word = 0; word < words.size(); ++word) {
    for (std::uint64_t left = words[word]; left != 0; left &= left - 1) {
      vertices.push_back(
          vertex_id{static_cast<std::uint32_t>(word * 64) + static_cast<std::uint32_t>(std::countr_zero(left))});
    }
  }
}

/// The vertices that a change touches, each once, in order of their ids.
template <edge_delta D>
std::vector<vertex_id> ends_of(const D& change) {
  std::vector<vertex_id> ends;
  const auto add = [&ends](const auto& edges) {
    for (const edge& e : edges) ends.insert(ends.end(), {e.from, e.to});
  };
  add(change.inserted());
  add(change.expired());
  add(change.retracted());
  sort_once(ends);
  return ends;
}

/// A value for each vertex. Those that were never written are `State{}`, so that two are equal whatever room they have.
template <class State>
class vertex_states {
 public:
  const State& operator[](vertex_id v) const {
    static const State none{};
    const auto i = static_cast<std::size_t>(v);
    return i < states_.size() ? states_[i] : none;
  }
  State& at(vertex_id v) {
    const auto i = static_cast<std::size_t>(v);
    if (i >= states_.size()) states_.resize(i + 1);
    return states_[i];
  }
  std::size_t size() const { return states_.size(); }
  void clear() { states_.clear(); }

  friend bool operator==(const vertex_states& a, const vertex_states& b) {
    const std::size_t size = std::max(a.size(), b.size());
    for (std::size_t i = 0; i < size; ++i) {
      const vertex_id v{static_cast<std::uint32_t>(i)};
      if (!(a[v] == b[v])) return false;
    }
    return true;
  }
  /// The vertices, in order, whose state is another than there.
  std::vector<vertex_id> differing_from(const vertex_states& before) const {
    std::vector<vertex_id> changed;
    for (std::size_t i = 0; i < std::max(size(), before.size()); ++i) {
      const vertex_id v{static_cast<std::uint32_t>(i)};
      if (!((*this)[v] == before[v])) changed.push_back(v);
    }
    return changed;
  }

  /// Does `update` to the states of some vertices, and says which of these have another state now.
  template <class Update>
  std::vector<vertex_id> changed_by(std::vector<vertex_id> vertices, Update update) {
    std::vector<State> before;
    before.reserve(vertices.size());
    for (const vertex_id v : vertices) before.push_back((*this)[v]);
    update();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < vertices.size(); ++i) {
      if (!((*this)[vertices[i]] == before[i])) vertices[kept++] = vertices[i];
    }
    vertices.resize(kept);
    return vertices;
  }

 private:
  paged_vector<State> states_;
};

/// The same, where the vertices that a change reaches are known only while it is made: remembers what each was before.
template <class State>
class tracked_states {
 public:
  const State& operator[](vertex_id v) const { return states_[v]; }
  std::size_t size() const { return states_.size(); }

  /// To write to.
  State& touch(vertex_id v) {
    State& state = states_.at(v);
    if (std::exchange(touched_.at(v), round_) != round_) before_.emplace_back(v, state);
    return state;
  }
  /// The vertices, by id, that have another state than when this was asked last.
  std::vector<vertex_id> take_changed() {
    std::vector<vertex_id> changed;
    for (const auto& [v, before] : before_) {
      if (!(states_[v] == before)) changed.push_back(v);
    }
    sort_once(changed);
    before_.clear();
    ++round_;
    return changed;
  }

  friend bool operator==(const tracked_states& a, const tracked_states& b) { return a.states_ == b.states_; }

 private:
  vertex_states<State> states_;
  vertex_states<std::uint64_t> touched_;  // the round in which a vertex was touched last
  std::uint64_t round_ = 1;
  std::vector<std::pair<vertex_id, State>> before_;
};

}  // namespace weir::graph
