#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

/// Looks for a way between two vertices from both ends in turn, always on the side that has read less: so it takes
/// twice what the smaller side takes. 16 bytes a vertex. Of one thread.
class two_sided_search {
 public:
  /// What one side met, of which the first `next` have been read.
  struct side {
    std::vector<vertex_id> met;
    std::size_t next = 0;
    std::uint64_t read = 0;
    vertex_states<std::uint64_t> marks;  // in which search a vertex was met last

    bool is_done() const { return next == met.size(); }
  };

  /// From `a` by `ahead` and from `b` by `behind`. Null if they meet, or `goes_on` says no; otherwise the side that
  /// came to its end, which has met all there is on it. Each of `ahead` and `behind` says how many edges a vertex has,
  /// `size(v)`, and calls `visit` for the ends of those that count, `each(v, visit)`, until it says no.
  const side* side_that_ends(vertex_id a, vertex_id b, const auto& ahead, const auto& behind, auto goes_on) {
    ++search_;
    begin(ahead_, a);
    begin(behind_, b);
    while (goes_on()) {
      if (ahead_.is_done()) return &ahead_;
      if (behind_.is_done()) return &behind_;
      const bool forward =
          ahead_.read + ahead.size(ahead_.met[ahead_.next]) <= behind_.read + behind.size(behind_.met[behind_.next]);
      if (forward ? meets(ahead_, behind_, ahead) : meets(behind_, ahead_, behind)) return nullptr;
    }
    return nullptr;
  }

  /// Of the last search.
  bool is_ahead(const side& of) const { return &of == &ahead_; }
  bool has(const side& of, vertex_id v) const { return of.marks[v] == search_; }
  std::uint64_t edges_read() const { return ahead_.read + behind_.read; }

 private:
  void begin(side& of, vertex_id v) {
    of.met.assign(1, v);
    of.marks.at(v) = search_;
    of.next = 0;
    of.read = 0;
  }
  bool meets(side& mine, const side& other, const auto& edges) {
    const vertex_id v = mine.met[mine.next++];
    mine.read += 1 + edges.size(v);
    bool met = false;
    edges.each(v, [&](vertex_id w) {
      if (std::exchange(mine.marks.at(w), search_) == search_) return true;
      mine.met.push_back(w);
      met = has(other, w);
      return !met;
    });
    return met;
  }

  side ahead_;
  side behind_;
  std::uint64_t search_ = 0;
};

}  // namespace weir::graph
