#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

/// Scatter and gather as of a payment m → k: from which sources money reached k over m, and over how many others too.
struct scatter_gather {
  std::uint64_t width = 0;    // middlemen of the widest source, m among them; 0 where nobody paid m before
  std::uint64_t sources = 0;  // those with two middlemen or more
  bool truncated = false;

  friend bool operator==(const scatter_gather&, const scatter_gather&) = default;
};

/// The widths of fan patterns that a payment is the last part of, as `find_scatter_gather` and `find_gather_scatter`
/// define them. Exact unless truncated. Keeps what it writes on, 12 bytes a vertex, for the next search. Of one thread.
class middleman_search {
 public:
  /// Edges that one search looks at, at most.
  explicit middleman_search(std::size_t steps_max) : steps_max_(steps_max) {}

  /// A source s, middlemen and k are distinct; s paid a middleman before the latest time that this one paid k
  /// (strictly). `g` is the graph as of `last`. Takes the edges into m and k, and into those who paid k.
  template <directed_graph G>
  scatter_gather to_sink(const G& g, const edge& last) {
    begin();
    sources_.clear();
    if (last.from != last.to) meet_sources(g, last);
    if (!sources_.empty()) count_others(g, last);
    scatter_gather found{.truncated = truncated_};
    for (const vertex_id s : sources_) {
      const std::uint64_t width = marks_[s].count;
      found.width = std::max(found.width, width);
      if (width >= 2) ++found.sources;
    }
    return found;
  }

  /// The greatest w for which m was paid by w distinct others, and after the first payment of the w-th paid w distinct
  /// others (strictly, by the last payment to each). Takes the edges of m.
  template <directed_graph G>
  std::uint64_t from_middle(const G& g, const edge& last, bool& truncated) {
    begin();
    gathered_.clear();
    scattered_.clear();
    const auto coming = g.in_edges(last.from);
    truncated = false;
    if (std::ranges::empty(coming)) return 0;
    times_of_distinct(g, coming, last.from, gathered_);
    begin_again();
    const auto leaving = g.out_edges(last.from);
    times_of_distinct(g, leaving | std::views::reverse, last.from, scattered_);
    truncated = truncated_;
    std::uint64_t width = 0;
    const std::size_t most = std::min(gathered_.size(), scattered_.size());
    while (width < most && scattered_[width] > gathered_[width]) ++width;
    return width;
  }

 private:
  struct mark {
    std::uint32_t round = 0;
    std::uint32_t by = 0;  // in `to_sink`, the last middleman that counted for a source; from 1
    std::uint32_t count = 0;
  };

  void begin() {
    begin_again();
    steps_left_ = steps_max_;
    truncated_ = false;
  }
  void begin_again() { ++round_; }

  // Who paid m before `last`.
  template <directed_graph G>
  void meet_sources(const G& g, const edge& last) {
    for (const neighbour n : g.in_edges(last.from)) {
      if (!step() || g.at(n.edge) >= last.at) return;
      if (n.vertex == last.from || n.vertex == last.to || marks_[n.vertex].round == round_) continue;
      marks_.at(n.vertex) = {.round = round_, .by = 0, .count = 1};
      sources_.push_back(n.vertex);
    }
  }

  // The latest payment of each other middleman comes first.
  template <directed_graph G>
  void count_others(const G& g, const edge& last) {
    const auto coming = g.in_edges(last.to);
    std::uint32_t number = 0;
    ++met_round_;
    met_.at(last.from) = met_round_;
    for (const neighbour pays : coming | std::views::reverse) {
      if (!step()) return;
      if (pays.vertex == last.to || met_[pays.vertex] == met_round_) continue;
      met_.at(pays.vertex) = met_round_;
      count_sources_of(g, pays, ++number);
    }
  }

  template <directed_graph G>
  void count_sources_of(const G& g, const neighbour& pays, std::uint32_t number) {
    const time_us before = g.at(pays.edge);
    for (const neighbour n : g.in_edges(pays.vertex)) {
      if (!step() || g.at(n.edge) >= before) return;
      if (n.vertex == pays.vertex || marks_[n.vertex].round != round_) continue;
      mark& source = marks_.at(n.vertex);
      if (source.by == number) continue;
      source.by = number;
      ++source.count;
    }
  }

  // Of the first edge with each other vertex.
  template <directed_graph G, class Edges>
  void times_of_distinct(const G& g, const Edges& edges, vertex_id self, std::vector<time_us>& times) {
    for (const neighbour n : edges) {
      if (!step()) return;
      if (n.vertex == self || marks_[n.vertex].round == round_) continue;
      marks_.at(n.vertex).round = round_;
      times.push_back(g.at(n.edge));
    }
  }

  bool step() {
    if (steps_left_ == 0) {
      truncated_ = true;
      return false;
    }
    --steps_left_;
    return true;
  }

  std::size_t steps_max_;
  vertex_states<mark> marks_;
  std::uint32_t round_ = 0;
  vertex_states<std::uint32_t> met_;
  std::uint32_t met_round_ = 0;
  std::vector<vertex_id> sources_;
  std::vector<time_us> gathered_;
  std::vector<time_us> scattered_;
  std::size_t steps_left_ = 0;
  bool truncated_ = false;
};

}  // namespace weir::graph
