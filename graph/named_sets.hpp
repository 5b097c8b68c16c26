#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

/// The vertices in sets that don't overlap, each named by its least vertex; at first each is alone. Who is together is
/// what names a set, and nothing else of how it came to be. Splitting takes time for what is taken out, and joining for
/// the sets that get another name; a set whose least vertex leaves is renamed as a whole. Some 32 bytes a vertex. Of
/// one thread.
class named_sets {
 public:
  vertex_id name(vertex_id v) const { return vertex_id{static_cast<std::uint32_t>(v) - beyond_least_[v]}; }
  std::size_t size_of(vertex_id v) const {
    const auto i = static_cast<std::size_t>(name(v));
    return i < links_.size() ? links_[i].size : 1;
  }
  /// The vertex behind `v` in its set; behind the last comes the first.
  vertex_id next(vertex_id v) const { return links_[static_cast<std::size_t>(v)].next; }

  /// Makes room.
  void grow(std::size_t vertex_count) {
    for (std::size_t i = links_.size(); i < vertex_count; ++i) {
      const vertex_id v{static_cast<std::uint32_t>(i)};
      links_.push_back({v, v, 1});
    }
  }
  /// Puts each vertex alone.
  void part_all() {
    const std::size_t count = std::exchange(links_, {}).size();
    grow(count);
    for (std::size_t i = 0; i < beyond_least_.size(); ++i) {
      const vertex_id v{static_cast<std::uint32_t>(i)};
      if (beyond_least_[v] != 0) beyond_least_.touch(v) = 0;
    }
  }

  /// Makes one of all sets in which these vertices are.
  void join(std::span<const vertex_id> vertices) {
    for (const vertex_id v : vertices) {
      const vertex_id a = std::min(name(v), name(vertices.front()));
      const vertex_id b = std::max(name(v), name(vertices.front()));
      if (a == b) continue;
      rename(b, a);
      splice(a, b);
      link(a).size += link(b).size;
    }
  }

  /// Takes some members out of the set of `stays`: each of the parts is a set of its own then.
  void split(std::span<const std::vector<vertex_id>> parts, vertex_id stays) {
    const vertex_id before = name(stays);
    std::uint32_t left = link(before).size;
    bool renamed = false;
    for (const auto& part : parts) {
      left -= static_cast<std::uint32_t>(part.size());
      for (const vertex_id v : part) {
        renamed = renamed || v == before;
        take_out(v);
      }
    }
    const vertex_id now = renamed ? least_with(stays) : before;
    if (renamed) rename(stays, now);
    link(now).size = left;
    for (const auto& part : parts) found(part);
  }

  /// Makes one set of vertices each of which is alone, or was taken out.
  void found(std::span<const vertex_id> members) {
    const vertex_id name = std::ranges::min(members);
    for (std::size_t i = 0; i < members.size(); ++i) {
      tie(members[i], members[(i + 1) % members.size()]);
      put(members[i], name);
    }
    link(name).size = static_cast<std::uint32_t>(members.size());
  }

  /// The vertices, in order, whose set has another name than when this was asked last.
  std::vector<vertex_id> take_changed() { return beyond_least_.take_changed(); }

  friend bool operator==(const named_sets& a, const named_sets& b) { return a.beyond_least_ == b.beyond_least_; }

 private:
  struct links {
    vertex_id next{};
    vertex_id before{};
    std::uint32_t size = 1;  // of the set, where this is its name
  };

  links& link(vertex_id v) { return links_[static_cast<std::size_t>(v)]; }

  void put(vertex_id v, vertex_id name) {
    const std::uint32_t beyond = static_cast<std::uint32_t>(v) - static_cast<std::uint32_t>(name);
    if (beyond_least_[v] != beyond) beyond_least_.touch(v) = beyond;
  }
  void rename(vertex_id member, vertex_id name) {
    put(member, name);
    for (vertex_id v = next(member); v != member; v = next(v)) put(v, name);
  }
  vertex_id least_with(vertex_id member) const {
    vertex_id least = member;
    for (vertex_id v = next(member); v != member; v = next(v)) least = std::min(least, v);
    return least;
  }

  // Two circles become one.
  void splice(vertex_id a, vertex_id b) {
    const vertex_id behind_a = next(a);
    const vertex_id behind_b = next(b);
    tie(a, behind_b);
    tie(b, behind_a);
  }
  void tie(vertex_id v, vertex_id behind) {
    link(v).next = behind;
    link(behind).before = v;
  }
  void take_out(vertex_id v) { tie(link(v).before, link(v).next); }

  tracked_states<std::uint32_t> beyond_least_;  // how far a vertex is from its set's least
  std::vector<links> links_;
};

}  // namespace weir::graph
