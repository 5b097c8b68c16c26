#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <ranges>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/leiden.hpp"
#include "graph/two_sided_search.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

struct community_options {
  /// More of it makes more and smaller communities.
  double resolution = 1;
  /// The communities are made afresh when so many edges have come and left since, as a share of those there are.
  double afresh_after = 0.5;
};

/// Communities of high modularity in the undirected multigraph, by the dynamic frontier approach to Leiden (Sahu,
/// *Heuristic-based Dynamic Leiden Algorithm for Efficient Tracking of Communities on Evolving Graphs*, 2024). A
/// heuristic. What holds: every community is connected; the same batches give the same communities; another cut of the
/// stream may give others.
///
/// `apply` looks at the ends of edges that left from within a community or came between two: each moves to the
/// community that it fits best, and whoever is next to one that moved is looked at too. Communities that came apart are
/// split, and looked at again. That takes the edges of those who are looked at. It does not merge communities as a
/// whole: for that they are made afresh (`leiden`) from time to time, or when a change takes too much.
class communities {
 public:
  communities() = default;
  explicit communities(community_options options) : options_(options) {}

  /// The same for all of a community, until the next change: a vertex, not always one of its own.
  vertex_id operator[](vertex_id v) const { return vertex_id{static_cast<std::uint32_t>(v) ^ member_[v]}; }
  /// Vertices in the community of `v`, itself among them.
  std::size_t size_of(vertex_id v) const {
    const auto i = static_cast<std::size_t>((*this)[v]);
    return i < communities_.size() ? communities_[i].size : 1;
  }

  /// The share of edges within communities less what it would be by chance (Newman and Girvan, 2004), from -1 to 1.
  /// Takes time for each edge.
  template <directed_graph G>
  double modularity(const G& g) const {
    if (g.edge_count() == 0) return 0;
    const auto within =
        std::ranges::count_if(g.edges(), [this](const edge& e) { return (*this)[e.from] == (*this)[e.to]; });
    const auto edges = static_cast<double>(g.edge_count());
    double by_chance = 0;
    for (const community& c : communities_) {
      const double share = static_cast<double>(c.strength) / (2 * edges);
      by_chance += options_.resolution * share * share;
    }
    return static_cast<double>(within) / edges - by_chance;
  }

  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D& change) {
    meet_vertices(g.vertex_count());
    changes_ += size_of_change(change);
    const bool is_old =
        static_cast<double>(changes_) > options_.afresh_after * static_cast<double>(g.edge_count()) + few;
    const bool is_large = size_of_change(change) > g.edge_count() / 32 + few_changes;
    if (is_old || is_large || !follow(g, change)) recompute_in_place(g);
    return member_.take_changed();
  }

  template <directed_graph G>
  void recompute(const G& g) {
    recompute_in_place(g);
    member_.take_changed();
  }

  /// Whether what is kept of each community is right, and each is connected.
  template <directed_graph G>
  bool verify(const G& g) const {
    std::vector<community> afresh(communities_.size());
    for (std::size_t i = 0; i < strength_.size(); ++i) {
      community& c = afresh[static_cast<std::size_t>((*this)[id(i)])];
      c.strength += degree(g, id(i));
      ++c.size;
    }
    if (afresh != communities_) return false;
    const auto parts = parts_of(g, [this](vertex_id v) { return (*this)[v]; });
    std::size_t apart = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) apart += parts[i] == i;
    return apart ==
           static_cast<std::size_t>(std::ranges::count_if(afresh, [](const community& c) { return c.size > 0; }));
  }

 private:
  static constexpr std::size_t few = 16;
  static constexpr std::size_t few_changes = 100;
  static constexpr std::uint64_t few_steps = 5'000;
  static constexpr int rounds_max = 4;

  struct community {
    std::uint64_t strength = 0;  // edges of its vertices, from both ends
    std::uint32_t size = 0;
    friend bool operator==(const community&, const community&) = default;
  };
  struct claim {
    vertex_id one{};
    vertex_id other{};
  };

  static vertex_id id(std::size_t i) { return vertex_id{static_cast<std::uint32_t>(i)}; }
  community& of(vertex_id name) { return communities_[static_cast<std::size_t>(name)]; }
  std::uint64_t& strength(vertex_id v) { return strength_[static_cast<std::size_t>(v)]; }

  template <directed_graph G>
  static std::size_t degree(const G& g, vertex_id v) {
    return std::ranges::size(g.out_edges(v)) + std::ranges::size(g.in_edges(v));
  }
  template <directed_graph G>
  static void each_edge(const G& g, vertex_id v, auto visit) {
    const auto all = [&](const auto& edges) {
      for (const neighbour n : edges) visit(n.vertex);
    };
    all(g.out_edges(v));
    all(g.in_edges(v));
  }

  void meet_vertices(std::size_t count) {
    for (std::size_t i = strength_.size(); i < count; ++i) communities_.push_back({0, 1});
    strength_.resize(std::max(count, strength_.size()));
    waits_.resize(strength_.size());
  }

  // To another community, which may be empty.
  void put(vertex_id v, vertex_id to) {
    const vertex_id from = (*this)[v];
    of(from).strength -= strength(v);
    if (--of(from).size == 0) empty_.push_back(from);
    of(to).strength += strength(v);
    ++of(to).size;
    member_.touch(v) = static_cast<std::uint32_t>(v) ^ static_cast<std::uint32_t>(to);
  }
  // There is one as long as some community has two members.
  vertex_id take_empty() {
    vertex_id name{};
    do {
      name = empty_.back();
      empty_.pop_back();
    } while (of(name).size > 0);
    return name;
  }
  void wake(vertex_id v) {
    if (!std::exchange(waits_[static_cast<std::size_t>(v)], 1)) waiting_.push_back(v);
  }

  template <directed_graph G, edge_delta D>
  bool follow(const G& g, const D& change) {
    for (const edge& e : change.expired()) take(e);
    for (const edge& e : change.retracted()) take(e);
    for (const edge& e : change.inserted()) add(e);
    steps_left_ = static_cast<std::int64_t>(3 * (g.edge_count() + g.vertex_count()) + few_steps);
    for (int round = 0; round < rounds_max && !waiting_.empty() && steps_left_ >= 0; ++round) {
      move_all(g);
      split_all(g);
      merge_all(g);
    }
    for (const vertex_id v : std::exchange(waiting_, {})) waits_[static_cast<std::size_t>(v)] = 0;
    disturbed_.clear();
    return steps_left_ >= 0;
  }

  void count_ends(const edge& e, std::uint64_t by) {
    for (const vertex_id v : {e.from, e.to}) {
      strength(v) += by;
      of((*this)[v]).strength += by;
    }
  }
  void add(const edge& e) {
    count_ends(e, 1);
    if ((*this)[e.from] == (*this)[e.to]) return;
    wake(e.from);
    wake(e.to);
  }
  void take(const edge& e) {
    count_ends(e, ~std::uint64_t{0});
    if (e.from == e.to || (*this)[e.from] != (*this)[e.to]) return;
    for (const vertex_id v : {e.from, e.to}) {
      wake(v);
      disturbed_.push_back(v);
    }
  }

  template <directed_graph G>
  void move_all(const G& g) {
    for (std::size_t i = 0; i < waiting_.size() && steps_left_ >= 0; ++i) {
      const vertex_id v = waiting_[i];
      waits_[static_cast<std::size_t>(v)] = 0;
      const vertex_id from = (*this)[v];
      const vertex_id to = best_for(g, v);
      if (to == from) continue;
      put(v, to);
      each_edge(g, v, [&](vertex_id w) {
        if ((*this)[w] != to) wake(w);
        if ((*this)[w] == from) disturbed_.push_back(w);
      });
    }
    looked_at_ = std::exchange(waiting_, {});
  }

  template <directed_graph G>
  vertex_id best_for(const G& g, vertex_id v) {
    met_.clear();
    each_edge(g, v, [&](vertex_id w) {
      if (w != v && edges_to_.at((*this)[w])++ == 0) met_.push_back((*this)[w]);
    });
    steps_left_ -= static_cast<std::int64_t>(strength(v)) + 1;
    const vertex_id from = (*this)[v];
    const auto fit_in = [&](vertex_id name) {
      const std::uint64_t others = of(name).strength - (name == from ? strength(v) : 0);
      return fit(edges_to_[name], strength(v), others, 2 * g.edge_count(), options_.resolution);
    };
    vertex_id best = from;
    double most = fit_in(from);
    for (const vertex_id name : met_) {
      const double here = fit_in(name);
      if (here > most) best = name;
      most = std::max(most, here);
    }
    for (const vertex_id name : met_) edges_to_.at(name) = 0;
    return most < 0 && of(from).size > 1 ? take_empty() : best;
  }

  // A community that came apart has in each of its pieces somebody who lost a neighbour there: are these together
  // still?
  template <directed_graph G>
  void split_all(const G& g) {
    auto lost = std::exchange(disturbed_, {});
    sort_once(lost);
    std::ranges::stable_sort(lost, {}, [this](vertex_id v) { return (*this)[v]; });
    std::vector<std::vector<claim>> groups;
    for (std::size_t i = 1; i < lost.size(); ++i) {
      if ((*this)[lost[i - 1]] != (*this)[lost[i]]) continue;
      if (groups.empty() || (*this)[groups.back().back().one] != (*this)[lost[i]]) groups.emplace_back();
      groups.back().push_back({lost[i - 1], lost[i]});
    }
    for (auto& claims : groups) settle(g, claims);
  }

  /// The neighbours of a vertex in its community, for a search.
  template <class G>
  struct inside {
    const G& g;
    const communities& all;

    std::size_t size(vertex_id v) const { return degree(g, v); }
    void each(vertex_id v, auto visit) const {
      const auto look = [&](const auto& edges) {
        for (const neighbour n : edges) {
          if (all[n.vertex] == all[v] && !visit(n.vertex)) return false;
        }
        return true;
      };
      if (look(g.out_edges(v))) look(g.in_edges(v));
    }
  };

  template <directed_graph G>
  void settle(const G& g, std::vector<claim>& claims) {
    const inside<G> edges{g, *this};
    while (!claims.empty()) {
      const claim c = claims.back();
      claims.pop_back();
      if (c.one == c.other) continue;
      const auto* apart = search_.side_that_ends(c.one, c.other, edges, edges, [] { return true; });
      steps_left_ -= static_cast<std::int64_t>(search_.edges_read());
      if (apart == nullptr) continue;
      const vertex_id stays = search_.is_ahead(*apart) ? c.other : c.one;
      for (claim& other : claims) {
        if (search_.has(*apart, other.one)) other.one = stays;
        if (search_.has(*apart, other.other)) other.other = stays;
      }
      const vertex_id name = take_empty();
      for (const vertex_id v : apart->met) {
        put(v, name);
        wake(v);
      }
    }
  }

  // Communities of those who were looked at join others as a whole, where that is better; large ones only by others
  // that join them.
  template <directed_graph G>
  void merge_all(const G& g) {
    std::vector<std::pair<vertex_id, vertex_id>> members;  // one of each community, by its name
    for (const vertex_id v : std::exchange(looked_at_, {})) members.emplace_back((*this)[v], v);
    std::ranges::sort(members);
    const auto same_name = [](const auto& a, const auto& b) { return a.first == b.first; };
    members.erase(std::ranges::unique(members, same_name).begin(), members.end());
    const std::uint64_t large = std::max<std::uint64_t>(g.edge_count() / 32, few);
    for (const auto& [name, member] : members) {
      if ((*this)[member] == name && of(name).strength <= large && steps_left_ >= 0) merge(g, member);
    }
  }
  template <directed_graph G>
  void merge(const G& g, vertex_id member) {
    const vertex_id name = (*this)[member];
    const std::vector<vertex_id> all = members_with(g, member);
    met_.clear();
    for (const vertex_id v : all) {
      each_edge(g, v, [&](vertex_id w) {
        if ((*this)[w] != name && edges_to_.at((*this)[w])++ == 0) met_.push_back((*this)[w]);
      });
    }
    vertex_id best = name;
    double most = 0;
    for (const vertex_id other : met_) {
      const std::uint32_t edges = std::exchange(edges_to_.at(other), 0);
      const double here = fit(edges, of(name).strength, of(other).strength, 2 * g.edge_count(), options_.resolution);
      if (here > most) best = other;
      most = std::max(most, here);
    }
    if (best == name) return;
    for (const vertex_id v : all) {
      put(v, best);
      wake(v);
    }
  }
  // A community is connected, so its edges lead to all of it.
  template <directed_graph G>
  std::vector<vertex_id> members_with(const G& g, vertex_id member) {
    std::vector<vertex_id> all{member};
    found_.at(member) = ++search_number_;
    for (std::size_t i = 0; i < all.size(); ++i) {
      each_edge(g, all[i], [&](vertex_id w) {
        if ((*this)[w] != (*this)[member] || found_[w] == search_number_) return;
        found_.at(w) = search_number_;
        all.push_back(w);
      });
      steps_left_ -= 2 * static_cast<std::int64_t>(strength(all[i]));
    }
    return all;
  }

  template <directed_graph G>
  void recompute_in_place(const G& g) {
    const partition found = leiden(rows_of(g), options_.resolution);
    const auto parts = parts_of(g, [&](vertex_id v) { return found[static_cast<std::size_t>(v)]; });
    changes_ = 0;
    communities_.assign(parts.size(), {});
    strength_.assign(parts.size(), 0);
    waits_.assign(parts.size(), 0);
    for (std::size_t i = 0; i < std::max(parts.size(), member_.size()); ++i) {
      const std::uint32_t now =
          static_cast<std::uint32_t>(i) ^ (i < parts.size() ? parts[i] : static_cast<std::uint32_t>(i));
      if (member_[id(i)] != now) member_.touch(id(i)) = now;
      if (i >= parts.size()) continue;
      strength_[i] = degree(g, id(i));
      communities_[parts[i]].strength += strength_[i];
      ++communities_[parts[i]].size;
    }
    empty_.clear();
    for (std::size_t i = 0; i < communities_.size(); ++i) {
      if (communities_[i].size == 0) empty_.push_back(id(i));
    }
  }

  template <directed_graph G>
  static weighted_rows rows_of(const G& g) {
    weighted_rows rows;
    rows.to.reserve(2 * g.edge_count());
    for (std::size_t i = 0; i < g.vertex_count(); ++i) {
      each_edge(g, id(i), [&](vertex_id w) {
        if (w != id(i)) rows.to.push_back(static_cast<std::uint32_t>(w));
      });
      rows.first.push_back(rows.to.size());
      rows.strength.push_back(degree(g, id(i)));
    }
    rows.weight.assign(rows.to.size(), 1);
    return rows;
  }

  // Of each vertex the least that it is connected with over vertices of the same kind.
  template <directed_graph G>
  static partition parts_of(const G& g, auto kind) {
    constexpr std::uint32_t none = ~std::uint32_t{0};
    partition least(g.vertex_count(), none);
    std::vector<vertex_id> walk;
    for (std::size_t i = 0; i < least.size(); ++i) {
      if (least[i] != none) continue;
      least[i] = static_cast<std::uint32_t>(i);
      walk.assign(1, id(i));
      for (std::size_t next = 0; next < walk.size(); ++next) {
        const vertex_id v = walk[next];
        each_edge(g, v, [&](vertex_id w) {
          std::uint32_t& there = least[static_cast<std::size_t>(w)];
          if (there != none || kind(w) != kind(v)) return;
          there = static_cast<std::uint32_t>(i);
          walk.push_back(w);
        });
      }
    }
    return least;
  }

  community_options options_;
  tracked_states<std::uint32_t> member_;  // the community, such that 0 is the vertex itself
  std::vector<community> communities_;    // by name
  std::vector<std::uint64_t> strength_;   // edges of each vertex, self loops twice
  std::vector<vertex_id> empty_;          // names without members, and some that have members again
  std::vector<vertex_id> waiting_;        // to be looked at
  std::vector<char> waits_;
  std::vector<vertex_id> disturbed_;       // who lost a neighbour in the community
  vertex_states<std::uint32_t> edges_to_;  // each community, from the vertex that is looked at
  std::vector<vertex_id> met_;
  std::vector<vertex_id> looked_at_;
  two_sided_search search_;
  vertex_states<std::uint64_t> found_;  // in which search for members
  std::uint64_t search_number_ = 0;
  std::size_t changes_ = 0;  // edges that came and left since the last fresh start
  std::int64_t steps_left_ = 0;
};

}  // namespace weir::graph
