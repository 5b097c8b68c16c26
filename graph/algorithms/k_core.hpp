#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/core_order.hpp"
#include "graph/peeling.hpp"
#include "graph/simple_reader.hpp"
#include "graph/vertex_states.hpp"
#include "graph/work_limit.hpp"

namespace weir::graph {

/// The core number of every vertex in the simple undirected graph: the greatest k such that it is in a set of vertices
/// each of which has edges with k others of the set. Directions, parallel edges and self loops don't count. Exact.
///
/// Keeps an order in which the graph can be peeled: of each vertex no more neighbours are behind it than its core
/// number (the k-order of Zhang, Yu, Zhang, Qin, *A Fast Order-Based Approach for Core Maintenance*, ICDE 2017). So an
/// edge that comes asks only for a search where the first of its ends has more behind it then; the search goes forward
/// in the order (Guo, Sekerinski, *Simplified Algorithms for Order-Based Core Maintenance*, 2022). Edges that leave
/// lower those who have too few neighbours as high as they are, all of a batch together.
///
/// `apply` takes the edges of the vertices it comes to, and for each edge of the change those of the end with fewer;
/// when that is more than a fresh start takes (see `work_limit`), it makes one, by `peel`. Some 60 bytes a vertex, and
/// nothing for an edge.
class k_core {
 public:
  std::uint32_t operator[](vertex_id v) const { return core_[v]; }

  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D& change) {
    meet_vertices(g.vertex_count());
    const std::size_t leaving = change.expired().size() + change.retracted().size();
    limit_ = work_limit((g.edge_count() + g.vertex_count()) / 2 * 7 + few_steps,
                        leaving * (part_work + lower_work) + change.inserted().size() * join_work);
    read_before_ = reader_.edges_read();
    done_ = 0;
    if (size_of_change(change) > g.edge_count() / 8 + few || !follow(g, change)) recompute_in_place(g);
    return core_.take_changed();
  }

  template <directed_graph G>
  void recompute(const G& g) {
    recompute_in_place(g);
    core_.take_changed();
  }

  template <directed_graph G>
  bool verify(const G& g) const {
    k_core afresh;
    afresh.recompute(g);
    return afresh.core_ == core_;
  }

 private:
  static constexpr std::size_t few = 16;
  static constexpr std::uint64_t few_steps = 2'500;
  // What an edge takes that leaves, those that it lowers, and one that comes, as a rule: now and then the innermost
  // core falls by one and rises again.
  static constexpr std::uint64_t part_work = 1;
  static constexpr std::uint64_t lower_work = 2;
  static constexpr std::uint64_t join_work = 3;

  struct counts {
    std::uint32_t behind = 0;    // neighbours that are behind it in the order
    std::uint32_t support = 0;   // neighbours with a core number not below its own
    std::uint32_t promised = 0;  // neighbours before it that may rise, while a search goes on
    bool rises = false;          // may rise
    bool waits = false;          // is in a queue
  };

  static vertex_id id(std::size_t i) { return vertex_id{static_cast<std::uint32_t>(i)}; }
  counts& at(vertex_id v) { return counts_[static_cast<std::size_t>(v)]; }
  bool exhausted() const { return !limit_.allows(reader_.edges_read() - read_before_, done_); }

  void meet_vertices(std::size_t count) {
    for (std::size_t i = order_.grow(count); i < count; ++i) order_.append(id(i), 0);
    if (counts_.size() < count) counts_.resize(count);
  }

  // First what left, in the graph without what came; then what came, edge by edge.
  template <directed_graph G, edge_delta D>
  bool follow(const G& g, const D& change) {
    part(g, change, first_new(change));
    for (const edge& e : change.inserted()) {
      if (exhausted()) return false;
      done_ += join_work;
      if (e.from != e.to && !reader_.together(g, e.from, e.to, e.id)) join(g, e.from, e.to, after(e.id));
    }
    return !exhausted();
  }

  template <directed_graph G, edge_delta D>
  void part(const G& g, const D& change, edge_id end) {
    std::vector<std::pair<vertex_id, vertex_id>> pairs;
    const auto note = [&pairs](const auto& edges) {
      for (const edge& e : edges) {
        if (e.from != e.to) pairs.push_back(std::minmax(e.from, e.to));
      }
    };
    note(change.expired());
    note(change.retracted());
    std::ranges::sort(pairs);
    pairs.erase(std::ranges::unique(pairs).begin(), pairs.end());
    weak_.clear();
    for (const auto& [a, b] : pairs) {
      if (exhausted()) return;
      done_ += part_work;
      if (!reader_.together(g, a, b, end)) lose(a, b);
    }
    done_ += pairs.size() * lower_work;
    for (std::size_t i = 0; i < weak_.size() && !exhausted(); ++i) lower(g, weak_[i], end);
  }

  void lose(vertex_id a, vertex_id b) {
    --at(order_.before(a, b) ? a : b).behind;
    if (core_[b] >= core_[a]) lose_support(a);
    if (core_[a] >= core_[b]) lose_support(b);
  }
  void lose_support(vertex_id v) {
    counts& c = at(v);
    if (--c.support < core_[v] && !std::exchange(c.waits, true)) weak_.push_back(v);
  }

  // One level down, to the end of it, as often as there are too few neighbours as high as it is.
  template <directed_graph G>
  void lower(const G& g, vertex_id v, edge_id end) {
    at(v).waits = false;
    while (at(v).support < core_[v]) {
      const std::uint32_t level = core_[v];
      std::uint32_t behind = 0;
      std::uint32_t support = 0;
      reader_.each(g, v, end, [&](vertex_id w) {
        const std::uint32_t other = core_[w];
        if (other + 1 >= level) ++support;
        if (other >= level) ++behind;
        if (other != level) return;
        if (order_.before(w, v)) --at(w).behind;
        lose_support(w);
      });
      order_.remove(v);
      order_.append(v, level - 1);
      core_.touch(v) = level - 1;
      at(v).behind = behind;
      at(v).support = support;
    }
  }

  template <directed_graph G>
  void join(const G& g, vertex_id a, vertex_id b, edge_id end) {
    if (core_[b] >= core_[a]) ++at(a).support;
    if (core_[a] >= core_[b]) ++at(b).support;
    const vertex_id first = order_.before(a, b) ? a : b;
    if (++at(first).behind > core_[first]) search(g, first, end);
  }

  // Goes forward in the order, from vertex to vertex that may rise or has neighbours before it that may.
  template <directed_graph G>
  void search(const G& g, vertex_id start, edge_id end) {
    const std::uint32_t level = core_[start];
    risers_.clear();
    reach(start);
    while (!ahead_.empty() && !exhausted()) {
      const vertex_id v = next_ahead();
      const counts& c = at(v);
      if (c.promised + c.behind > level) {
        accept(g, v, end, level);
      } else if (c.promised > 0) {
        reject(g, v, end, level);
      }
    }
    if (!ahead_.empty()) return ahead_.clear();  // exhausted: all is to be found afresh
    raise(g, end, level + 1);
  }

  auto later() const {
    return [this](vertex_id a, vertex_id b) { return order_.before(b, a); };
  }
  void reach(vertex_id v) {
    if (std::exchange(at(v).waits, true)) return;
    ahead_.push_back(v);
    std::ranges::push_heap(ahead_, later());
  }
  vertex_id next_ahead() {
    std::ranges::pop_heap(ahead_, later());
    const vertex_id v = ahead_.back();
    ahead_.pop_back();
    at(v).waits = false;
    return v;
  }

  template <directed_graph G>
  void accept(const G& g, vertex_id v, edge_id end, std::uint32_t level) {
    at(v).rises = true;
    risers_.push_back(v);
    reader_.each(g, v, end, [&](vertex_id w) {
      if (core_[w] != level || !order_.before(v, w)) return;
      ++at(w).promised;
      reach(w);
    });
  }

  // `v` stays, and with it those who cannot rise without it: they go behind it.
  template <directed_graph G>
  void reject(const G& g, vertex_id v, edge_id end, std::uint32_t level) {
    staying_.clear();
    const auto keep_if_too_few = [&](vertex_id w) {
      counts& c = at(w);
      if (c.promised + c.behind <= level && !std::exchange(c.waits, true)) staying_.push_back(w);
    };
    const auto is_before = [&](vertex_id w) {
      --at(w).behind;
      keep_if_too_few(w);
    };
    reader_.each(g, v, end, [&](vertex_id w) {
      if (at(w).rises) is_before(w);
    });
    keep_promises(v);
    vertex_id last = v;
    for (std::size_t i = 0; i < staying_.size(); ++i) {
      const vertex_id stays = staying_[i];
      at(stays).rises = at(stays).waits = false;
      reader_.each(g, stays, end, [&](vertex_id w) {
        if (core_[w] != level) return;
        counts& c = at(w);
        if (order_.before(w, stays)) {
          if (c.rises) is_before(w);
        } else if (c.promised > 0) {
          --c.promised;
          if (c.rises) keep_if_too_few(w);
        }
      });
      order_.remove(stays);
      order_.insert_after(last, stays);
      last = stays;
      keep_promises(stays);
    }
  }
  // Those who were before it and might have risen are behind it in the end, whether they do or not.
  void keep_promises(vertex_id v) {
    counts& c = at(v);
    c.behind += std::exchange(c.promised, 0);
  }

  // To the beginning of the next level.
  template <directed_graph G>
  void raise(const G& g, edge_id end, std::uint32_t level) {
    std::erase_if(risers_, [this](vertex_id v) { return !at(v).rises; });
    for (std::size_t i = risers_.size(); i-- > 0;) {
      const vertex_id v = risers_[i];
      order_.remove(v);
      order_.prepend(v, level);
      core_.touch(v) = level;
    }
    for (const vertex_id v : risers_) {
      std::uint32_t support = 0;
      reader_.each(g, v, end, [&](vertex_id w) {
        if (core_[w] < level) return;
        ++support;
        if (core_[w] == level && !at(w).rises) ++at(w).support;
      });
      at(v).support = support;
      at(v).promised = 0;
    }
    for (const vertex_id v : risers_) at(v).rises = false;
  }

  template <directed_graph G>
  void recompute_in_place(const G& g) {
    const simple_rows rows = rows_of(g);
    const peeling peeled = peel(rows);
    order_.reset(rows.vertex_count());
    for (const vertex_id v : peeled.order) order_.append(v, peeled.core[static_cast<std::size_t>(v)]);
    for (std::size_t i = 0; i < std::max(core_.size(), peeled.core.size()); ++i) {
      const std::uint32_t core = i < peeled.core.size() ? peeled.core[i] : 0;
      if (core_[id(i)] != core) core_.touch(id(i)) = core;
    }
    count_all(rows, peeled);
  }

  // Those that are peeled later are behind.
  void count_all(const simple_rows& rows, const peeling& peeled) {
    counts_.assign(rows.vertex_count(), {});
    for (std::size_t i = 0; i < rows.vertex_count(); ++i) {
      for (const vertex_id neighbour : rows.row(i)) {
        const auto other = static_cast<std::size_t>(neighbour);
        if (peeled.place[other] > peeled.place[i]) ++counts_[i].behind;
        if (peeled.core[other] >= peeled.core[i]) ++counts_[i].support;
      }
    }
  }

  template <directed_graph G>
  simple_rows rows_of(const G& g) {
    simple_rows rows;
    rows.neighbours.reserve(2 * g.edge_count());
    for (std::size_t i = 0; i < g.vertex_count(); ++i) {
      reader_.each(g, id(i), beyond_all, [&](vertex_id w) { rows.neighbours.push_back(w); });
      rows.first.push_back(rows.neighbours.size());
    }
    return rows;
  }

  core_order order_;
  tracked_states<std::uint32_t> core_;
  std::vector<counts> counts_;
  simple_reader reader_;
  work_limit limit_;
  std::uint64_t read_before_ = 0;   // this change
  std::uint64_t done_ = 0;          // of the work of this change
  std::vector<vertex_id> weak_;     // with fewer neighbours as high as they are than they need
  std::vector<vertex_id> ahead_;    // to be looked at, in the order: a heap
  std::vector<vertex_id> risers_;   // may rise, or might have
  std::vector<vertex_id> staying_;  // might have risen
};

}  // namespace weir::graph
