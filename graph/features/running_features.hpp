#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "graph/concepts.hpp"
#include "graph/features/feature_table.hpp"
#include "graph/features/flow_window.hpp"
#include "graph/fetch_ahead.hpp"
#include "graph/pair_counts.hpp"
#include "graph/store.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

/// A window over a store's edges that ends at any of them, each time not before the last: forgets the oldest one by
/// one.
class window_edge {
 public:
  explicit window_edge(std::int64_t keep_us) : keep_us_(keep_us) {}

  /// Gives `forget` the edges that are older than the window is at `now`. The store still has them.
  void forget_before(const store& g, time_us now, auto forget) {
    for (; is_older(g, now); first_ = next(first_)) forget(g.edge_of(first_));
  }
  /// The first edge that is not. Constant time, amortised.
  edge_id first_at(const store& g, time_us now) {
    while (is_older(g, now)) first_ = next(first_);
    return first_;
  }

 private:
  static edge_id next(edge_id e) { return edge_id{static_cast<std::uint64_t>(e) + 1}; }
  bool is_older(const store& g, time_us now) const {
    return first_ < g.next_edge() &&
           static_cast<std::int64_t>(g.at(first_)) < static_cast<std::int64_t>(now) - keep_us_;
  }

  std::int64_t keep_us_;
  edge_id first_{};
};

/// What is counted of a vertex in each direction.
template <class T>
struct by_direction {
  T in{};
  T out{};
};

/// What a group of features that is kept up to date has: `add` and `forget` an edge, `write` a row, and `fetch` what
/// that will touch.
class degree_features {
 public:
  explicit degree_features(feature_table& table) {
    for (const std::string end : {"from", "to"}) {
      table.add<std::int64_t>(end + "_in_degree", "edges that come to `" + end + "` in the window");
      table.add<std::int64_t>(end + "_out_degree", "edges that leave `" + end + "` in the window");
    }
    first_ = table.columns().size() - 4;
  }
  void fetch(const edge& e) const { fetch_ahead(&degrees_[e.from]), fetch_ahead(&degrees_[e.to]); }
  void add(const edge& e) { ++degrees_.at(e.from).out, ++degrees_.at(e.to).in; }
  void forget(const edge& e) { --degrees_.at(e.from).out, --degrees_.at(e.to).in; }
  void write(const edge& e, std::size_t row, feature_table& table) const {
    write_end(degrees_[e.from], first_, row, table);
    write_end(degrees_[e.to], first_ + 2, row, table);
  }

 private:
  static void write_end(const by_direction<std::int64_t>& of, std::size_t column, std::size_t row,
                        feature_table& table) {
    table.set(column, row, of.in);
    table.set(column + 1, row, of.out);
  }

  std::size_t first_;
  vertex_states<by_direction<std::int64_t>> degrees_;
};

class fan_features {
 public:
  explicit fan_features(feature_table& table) {
    for (const std::string end : {"from", "to"}) {
      table.add<std::int64_t>(end + "_fan_in", "distinct vertices with an edge to `" + end + "` in the window");
      table.add<std::int64_t>(end + "_fan_out", "distinct vertices to which `" + end + "` has an edge in the window");
    }
    first_ = table.columns().size() - 4;
  }
  void fetch(const edge& e) const { fetch_ahead(&fans_[e.from]), fetch_ahead(&fans_[e.to]); }
  void add(const edge& e) {
    if (pairs_.add(e.from, e.to) > 1) return;
    ++fans_.at(e.from).out;
    ++fans_.at(e.to).in;
  }
  void forget(const edge& e) {
    if (pairs_.take(e.from, e.to) > 0) return;
    --fans_.at(e.from).out;
    --fans_.at(e.to).in;
  }
  void write(const edge& e, std::size_t row, feature_table& table) const {
    table.set(first_, row, fans_[e.from].in);
    table.set(first_ + 1, row, fans_[e.from].out);
    table.set(first_ + 2, row, fans_[e.to].in);
    table.set(first_ + 3, row, fans_[e.to].out);
  }

 private:
  std::size_t first_;
  pair_counts pairs_;
  vertex_states<by_direction<std::int64_t>> fans_;
};

class flow_features {
 public:
  explicit flow_features(feature_table& table) : first_(table.columns().size()) {
    for (const std::string end : {"from", "to"}) {
      for (const std::string way : {"in", "out"}) {
        const std::string name = end + "_" + way + "_";
        const std::string of = way == "in" ? " of the weights that came to `" + end + "` in the window"
                                           : " of the weights that left `" + end + "` in the window";
        table.add<std::int64_t>(name + "sum", "sum" + of, feature_unit::weight);
        table.add<double>(name + "mean", "mean" + of, feature_unit::weight);
        table.add<std::int64_t>(name + "min", "least" + of, feature_unit::weight);
        table.add<std::int64_t>(name + "max", "greatest" + of, feature_unit::weight);
        table.add<double>(name + "std", "standard deviation (of all, not of a sample)" + of, feature_unit::weight);
        table.add<double>(name + "skew", "skewness" + of);
        table.add<double>(name + "kurtosis", "excess kurtosis" + of);
      }
    }
  }
  void fetch(const edge& e) const {
    for (const vertex_id v : {e.from, e.to}) fetch_ahead(&flows_[v].in), fetch_ahead(&flows_[v].out);
  }
  void add(const edge& e) {
    flows_.at(e.from).out.push(e.weight);
    flows_.at(e.to).in.push(e.weight);
  }
  void forget(const edge& e) {
    flows_.at(e.from).out.pop();
    flows_.at(e.to).in.pop();
  }
  void write(const edge& e, std::size_t row, feature_table& table) const {
    std::size_t column = first_;
    for (const vertex_id v : {e.from, e.to}) {
      for (const flow_window* way : {&flows_[v].in, &flows_[v].out}) {
        write_spread(way->spread(), column, row, table);
        column += columns_each;
      }
    }
  }

 private:
  static constexpr std::size_t columns_each = 7;

  static void write_spread(const moments& of, std::size_t column, std::size_t row, feature_table& table) {
    table.set(column, row, of.sum());
    table.set(column + 1, row, of.mean());
    table.set(column + 2, row, of.least());
    table.set(column + 3, row, of.greatest());
    table.set(column + 4, row, of.deviation());
    table.set(column + 5, row, of.skewness());
    table.set(column + 6, row, of.kurtosis());
  }

  std::size_t first_;
  vertex_states<by_direction<flow_window>> flows_;
};

}  // namespace weir::graph
