#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <ranges>
#include <span>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/named_sets.hpp"
#include "graph/simple_reader.hpp"
#include "graph/strong_walk.hpp"
#include "graph/two_sided_search.hpp"
#include "graph/vertex_states.hpp"
#include "graph/work_limit.hpp"

namespace weir::graph {

/// The strongly connected components of the window: who reaches whom along the edges, and back. Each is named by its
/// least vertex, so that names follow from the graph alone. Exact.
///
/// An edge inside a component that leaves changes nothing if its source still reaches its target: this is asked from
/// both ends in turn, always on the side that has read less. A side that comes to its end is all that reaches no
/// further: it is taken out, its components are found by a walk over it alone (`strong_walk`), and what led through it
/// is asked again in the rest. An edge that comes between two components is searched for a way back in the same manner,
/// among components, never through the one at the other end; where both sides meet on the way, that one is joined
/// first.
///
/// So `apply` takes twice the edges of the smaller side for each edge of the change. When that is more than a fresh
/// start takes (see `work_limit`), it makes one. Some 80 bytes a vertex.
class strong_components {
 public:
  /// The least vertex of its component.
  vertex_id operator[](vertex_id v) const { return sets_.name(v); }
  /// Vertices in the component of `v`, itself among them.
  std::size_t size_of(vertex_id v) const { return sets_.size_of(v); }

  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D& change) {
    sets_.grow(g.vertex_count());
    if (size_of_change(change) > g.edge_count() / 32 + few || !follow(g, change)) recompute_in_place(g);
    return sets_.take_changed();
  }

  template <directed_graph G>
  void recompute(const G& g) {
    recompute_in_place(g);
    sets_.take_changed();
  }

  template <directed_graph G>
  bool verify(const G& g) const {
    strong_components afresh;
    afresh.recompute(g);
    for (std::size_t i = 0; i < g.vertex_count(); ++i) {
      const vertex_id v{static_cast<std::uint32_t>(i)};
      if (afresh.size_of(v) != size_of(v)) return false;
    }
    return afresh.sets_ == sets_;
  }

 private:
  static constexpr std::size_t few = 16;
  static constexpr std::uint64_t few_steps = 2'500;
  static constexpr std::uint64_t search_cost = 30;  // what a search takes beside the edges that it reads
  // Most edges that come join what is joined already, but all that leave a component are searched for.
  static constexpr std::uint64_t claim_work = 16;

  /// That there is a way from one vertex to another.
  struct claim {
    vertex_id from{};
    vertex_id to{};
    friend auto operator<=>(const claim&, const claim&) = default;
  };

  /// The edges of a vertex to others of its component, out or in, for a search.
  template <class G, edge_side Along>
  struct within {
    const G& g;
    const named_sets& sets;
    edge_id end;

    auto edges(vertex_id v) const {
      if constexpr (Along == edge_side::out) return g.out_edges(v);
      if constexpr (Along == edge_side::in) return g.in_edges(v);
    }
    std::size_t size(vertex_id v) const { return std::ranges::size(edges(v)); }
    void each(vertex_id v, auto visit) const {
      const vertex_id component = sets.name(v);
      const auto all = edges(v);
      for (const neighbour n : all) {
        if (n.edge >= end || (sets.name(n.vertex) == component && !visit(n.vertex))) return;
      }
    }
  };

  /// One side of a search among components: those met, of which the first `next` have been read.
  struct side {
    std::vector<vertex_id> met;
    std::size_t next = 0;
    vertex_id member{};  // of the component that is being read
    std::uint64_t read = 0;
    vertex_states<std::uint64_t> marks;  // in which search a vertex was met last

    bool has(vertex_id v, std::uint64_t search) const { return marks[v] == search; }
    bool meet(vertex_id v, std::uint64_t search) { return std::exchange(marks.at(v), search) != search; }
    bool is_done() const { return next == met.size(); }
    void begin(vertex_id v, std::uint64_t search) {
      met.assign(1, v);
      meet(v, search);
      next = 0;
      member = v;
      read = 0;
    }
  };

  bool exhausted() const { return !limit_.allows(steps_, done_); }

  template <directed_graph G, edge_delta D>
  bool follow(const G& g, const D& change) {
    std::vector<claim> claims;
    note_inside(change.expired(), claims);
    note_inside(change.retracted(), claims);
    const auto component = [this](const claim& c) { return std::pair(sets_.name(c.from), c); };
    std::ranges::sort(claims, {}, component);
    claims.erase(std::ranges::unique(claims).begin(), claims.end());
    steps_ = done_ = 0;
    limit_ = work_limit((g.edge_count() + g.vertex_count()) / 2 * 5 + few_steps,
                        claims.size() * claim_work + change.inserted().size());
    while (!claims.empty() && !exhausted()) settle(g, take_last_component(claims), first_new(change));
    for (const edge& e : change.inserted()) {
      if (exhausted()) return false;
      ++done_;
      insert(g, {e.from, e.to}, after(e.id));
    }
    return !exhausted();
  }

  // An edge that left was a way between two vertices of one component: is there still one?
  void note_inside(const auto& edges, std::vector<claim>& claims) const {
    for (const edge& e : edges) {
      if (e.from != e.to && sets_.name(e.from) == sets_.name(e.to)) claims.push_back({e.from, e.to});
    }
  }
  std::vector<claim> take_last_component(std::vector<claim>& claims) const {
    const vertex_id last = sets_.name(claims.back().from);
    auto first = claims.end();
    while (first != claims.begin() && sets_.name(std::prev(first)->from) == last) --first;
    std::vector<claim> taken(first, claims.end());
    claims.erase(first, claims.end());
    return taken;
  }

  // If all claims hold, the component does: whatever way led over an edge that left can go on over what replaces it.
  template <directed_graph G>
  void settle(const G& g, std::vector<claim> claims, edge_id end) {
    const within<G, edge_side::out> out{g, sets_, end};
    const within<G, edge_side::in> in{g, sets_, end};
    const auto goes_on = [this] { return limit_.allows(steps_ + search_.edges_read(), done_); };
    while (!claims.empty() && !exhausted()) {
      const claim c = claims.back();
      claims.pop_back();
      done_ += claim_work;
      if (c.from == c.to) continue;
      const auto* off = search_.side_that_ends(c.from, c.to, out, in, goes_on);
      steps_ += search_cost + search_.edges_read();
      if (off != nullptr) cut(g, *off, c, claims, end);
    }
  }

  // Takes out what a search came to the end of. Whatever led through it must lead by the end of the claim that stays.
  template <directed_graph G>
  void cut(const G& g, const two_sided_search::side& off, const claim& c, std::vector<claim>& claims, edge_id end) {
    const bool forward = search_.is_ahead(off);
    const vertex_id stays = forward ? c.to : c.from;
    const auto is_off = [&](vertex_id v) { return search_.has(off, v); };
    std::erase_if(claims, [&](const claim& o) { return is_off(o.from) && is_off(o.to); });
    for (claim& o : claims) {
      if (is_off(o.from)) o.from = stays;
      if (is_off(o.to)) o.to = stays;
    }
    ++cut_;
    const auto to_stays = [&](vertex_id v) { claims.push_back({v, stays}); };
    const auto from_stays = [&](vertex_id v) { claims.push_back({stays, v}); };
    for (const vertex_id v : off.met) {
      forward ? each_left(g.in_edges(v), end, off, stays, to_stays)
              : each_left(g.out_edges(v), end, off, stays, from_stays);
    }
    sets_.split(components_within(g, off, end), stays);
  }

  // Neighbours in what is left of the component, each once.
  void each_left(const auto& edges, edge_id end, const two_sided_search::side& off, vertex_id stays, auto visit) {
    for (const neighbour n : edges) {
      if (n.edge >= end) break;
      ++steps_;
      if (search_.has(off, n.vertex) || n.vertex == stays || sets_.name(n.vertex) != sets_.name(stays)) continue;
      if (std::exchange(claimed_.at(n.vertex), cut_) != cut_) visit(n.vertex);
    }
  }

  template <directed_graph G>
  std::vector<std::vector<vertex_id>> components_within(const G& g, const two_sided_search::side& part, edge_id end) {
    std::vector<std::vector<vertex_id>> found;
    walk_.forget(part.met);
    const std::uint64_t before = walk_.edges_read();
    walk_.from(
        g, part.met, end, [&](vertex_id v) { return search_.has(part, v); },
        [&](std::span<const vertex_id> members) { found.emplace_back(members.begin(), members.end()); });
    steps_ += walk_.edges_read() - before;
    return found;
  }

  // Joins what a new edge makes a cycle of. That there is a way over a component where both sides of the search met is
  // as good as an edge to it, which is put in first.
  template <directed_graph G>
  void insert(const G& g, const claim& e, edge_id end) {
    std::vector<claim> edges{e};
    while (!edges.empty() && !exhausted()) {
      const claim next{sets_.name(edges.back().from), sets_.name(edges.back().to)};
      std::optional<vertex_id> met;
      if (next.from != next.to) met = search_back(g, next, end);
      if (met) {
        edges.push_back({next.from, *met});
      } else {
        edges.pop_back();
      }
    }
  }

  void count_read(side& mine, std::uint64_t edges) {
    mine.read += edges;
    steps_ += edges;
  }

  // From the edge's target on, and back from its source. Where the two meet, or nothing: then all is joined.
  template <directed_graph G>
  std::optional<vertex_id> search_back(const G& g, const claim& e, edge_id end) {
    ++round_;
    ahead_.begin(e.to, round_);
    behind_.begin(e.from, round_);
    steps_ += search_cost;
    std::optional<vertex_id> met;
    while (!exhausted() && !met) {
      if (ahead_.is_done()) return join_between(ahead_, e.to, e.from, [&](vertex_id v) { return g.out_edges(v); }, end);
      if (behind_.is_done())
        return join_between(behind_, e.from, e.to, [&](vertex_id v) { return g.in_edges(v); }, end);
      const auto out = g.out_edges(ahead_.member);
      const auto in = g.in_edges(behind_.member);
      const bool forward = ahead_.read + std::ranges::size(out) <= behind_.read + std::ranges::size(in);
      met = forward ? extend_over(out, end, ahead_, behind_, e.from) : extend_over(in, end, behind_, ahead_, e.to);
    }
    return met;
  }

  // By the edges of one more member of the next component. `far` is met, but not gone through.
  std::optional<vertex_id> extend_over(const auto& edges, edge_id end, side& mine, const side& other, vertex_id far) {
    count_read(mine, 1);
    for (const neighbour n : edges) {
      if (n.edge >= end) break;
      count_read(mine, 1);
      const vertex_id name = sets_.name(n.vertex);
      if (!mine.meet(name, round_) || name == far) continue;
      mine.met.push_back(name);
      if (other.has(name, round_)) return name;
    }
    mine.member = sets_.next(mine.member);
    if (mine.member == mine.met[mine.next] && ++mine.next < mine.met.size()) mine.member = mine.met[mine.next];
    return std::nullopt;
  }

  // Of a side that came to its end: joins what lies on ways from its beginning to the far end.
  std::optional<vertex_id> join_between(const side& mine, vertex_id near, vertex_id far, auto edges_of, edge_id end) {
    if (!mine.has(far, round_)) return std::nullopt;
    std::vector<claim> links;  // backwards
    for (const vertex_id component : mine.met) {
      vertex_id member = component;
      do {
        const auto edges = edges_of(member);
        for (const neighbour n : edges) {
          if (n.edge >= end) break;
          ++steps_;
          if (sets_.name(n.vertex) != component) links.push_back({sets_.name(n.vertex), component});
        }
        member = sets_.next(member);
      } while (member != component);
    }
    std::ranges::sort(links);
    std::vector<vertex_id> joined{far, near};
    ++round_;
    for (const vertex_id v : joined) ahead_.meet(v, round_);
    for (std::size_t i = 0; i < joined.size(); ++i) {
      if (joined[i] == near) continue;
      for (const claim& l : std::ranges::equal_range(links, joined[i], {}, &claim::from)) {
        if (ahead_.meet(l.to, round_)) joined.push_back(l.to);
      }
    }
    sets_.join(joined);
    return std::nullopt;
  }

  template <directed_graph G>
  void recompute_in_place(const G& g) {
    sets_.grow(g.vertex_count());
    sets_.part_all();
    walk_ = {};
    const auto all = std::views::iota(std::uint32_t{0}, static_cast<std::uint32_t>(g.vertex_count())) |
                     std::views::transform([](std::uint32_t v) { return vertex_id{v}; });
    walk_.from(
        g, all, beyond_all, [](vertex_id) { return true; },
        [&](std::span<const vertex_id> members) {
          if (members.size() > 1) sets_.found(members);
        });
  }

  named_sets sets_;
  strong_walk walk_;
  two_sided_search search_;               // inside a component
  std::uint64_t cut_ = 0;                 // how often something was cut off
  vertex_states<std::uint64_t> claimed_;  // at which of these a vertex was put into a claim last
  side ahead_;                            // among components
  side behind_;
  std::uint64_t round_ = 0;
  work_limit limit_;
  std::uint64_t steps_ = 0;
  std::uint64_t done_ = 0;  // of the work of this change
};

}  // namespace weir::graph
