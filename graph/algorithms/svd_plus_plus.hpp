#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ranges>
#include <span>
#include <vector>

#include "graph/concepts.hpp"

namespace weir::graph {

struct svd_options {
  std::size_t rank = 10;  // numbers that describe a vertex
  std::size_t rounds = 20;
  /// Between these is what can be predicted.
  double rating_min = -std::numeric_limits<double>::infinity();
  double rating_max = std::numeric_limits<double>::infinity();
  /// How far a step goes, for the biases and for the factors: γ1 and γ2 of the paper.
  double bias_step = 0.007;
  double factor_step = 0.007;
  /// How much large values are held back: λ6 and λ7 of the paper.
  double bias_penalty = 0.005;
  double factor_penalty = 0.015;
};

/// SVD++ (Koren, *Factorization Meets the Neighborhood*, 2008), as GraphX has it: each edge is a rating, its weight, of
/// its target by its source. A rating is predicted as μ + b_u + b_i + q_iᵀ (p_u + |N(u)|^(-1/2) Σ y_j): the mean, how
/// the two are to be rated otherwise, and how their factors fit, those of the source being its own and what those that
/// it rated say of it.
///
/// Only computed afresh, by stochastic gradient descent from fixed beginnings over the edges by source: so the same
/// graph gives the same numbers. What it finds is a local optimum. Of a source the y are changed once a round, after
/// its edges. A round takes `rank` steps for each edge, three times; memory is `rank` numbers for each vertex, four
/// times.
class svd_plus_plus {
 public:
  svd_plus_plus() = default;
  explicit svd_plus_plus(svd_options options) : options_(options) {}

  template <directed_graph G>
  void recompute(const G& g) {
    begin(g);
    for (std::size_t round = 0; round < options_.rounds; ++round) {
      for (std::size_t u = 0; u < g.vertex_count(); ++u) descend(g, vertex_id{static_cast<std::uint32_t>(u)});
    }
    for (std::size_t u = 0; u < g.vertex_count(); ++u) sum_implied(g, vertex_id{static_cast<std::uint32_t>(u)});
  }

  /// What `item` would be rated by `user`. Of vertices without ratings only the mean is known.
  double predict(vertex_id user, vertex_id item) const {
    const auto u = static_cast<std::size_t>(user);
    const auto i = static_cast<std::size_t>(item);
    double rating = mean_;
    if (u < user_bias_.size()) rating += user_bias_[u];
    if (i < item_bias_.size()) rating += item_bias_[i];
    if (u < user_bias_.size() && i < item_bias_.size()) {
      for (std::size_t k = 0; k < options_.rank; ++k) {
        rating += row(item_, i)[k] * (row(user_, u)[k] + row(implied_, u)[k]);
      }
    }
    return std::clamp(rating, options_.rating_min, options_.rating_max);
  }
  /// Of all ratings.
  double mean() const { return mean_; }

 private:
  std::span<double> row(std::vector<double>& of, std::size_t i) const {
    return std::span(of).subspan(i * options_.rank, options_.rank);
  }
  std::span<const double> row(const std::vector<double>& of, std::size_t i) const {
    return std::span(of).subspan(i * options_.rank, options_.rank);
  }

  template <directed_graph G>
  void begin(const G& g) {
    double sum = 0;
    for (const edge& e : g.edges()) sum += static_cast<double>(e.weight);
    mean_ = g.edge_count() == 0 ? 0 : sum / static_cast<double>(g.edge_count());
    user_bias_.assign(g.vertex_count(), 0);
    item_bias_.assign(g.vertex_count(), 0);
    implied_.assign(g.vertex_count() * options_.rank, 0);
    std::uint64_t drawn = 0;
    for (std::vector<double>* factors : {&user_, &item_, &implicit_}) {
      factors->resize(g.vertex_count() * options_.rank);
      for (double& factor : *factors) factor = 0.1 * small_number(++drawn);
    }
  }
  // Between -0.5 and 0.5, by Steele's splitmix64.
  static double small_number(std::uint64_t n) {
    std::uint64_t mixed = n * 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return static_cast<double>((mixed ^ mixed >> 31) >> 11) * 0x1p-53 - 0.5;
  }

  // What a source's ratings say of it, whatever they are.
  template <directed_graph G>
  double sum_implied(const G& g, vertex_id user) {
    const auto rated = g.out_edges(user);
    const std::span<double> implied = row(implied_, static_cast<std::size_t>(user));
    std::ranges::fill(implied, 0);
    if (std::ranges::empty(rated)) return 0;
    const double share = 1 / std::sqrt(static_cast<double>(std::ranges::size(rated)));
    for (const neighbour n : rated) {
      const std::span<const double> theirs = row(implicit_, static_cast<std::size_t>(n.vertex));
      for (std::size_t k = 0; k < options_.rank; ++k) implied[k] += share * theirs[k];
    }
    return share;
  }

  template <directed_graph G>
  void descend(const G& g, vertex_id user) {
    const double share = sum_implied(g, user);
    const auto rated = g.out_edges(user);
    std::vector<double> pull(options_.rank);  // of the errors, on what is implied
    for (const neighbour n : rated) correct(user, n.vertex, static_cast<double>(g.weight(n.edge)), pull);
    for (const neighbour n : rated) {
      const std::span<double> theirs = row(implicit_, static_cast<std::size_t>(n.vertex));
      for (std::size_t k = 0; k < options_.rank; ++k) {
        theirs[k] += options_.factor_step * (share * pull[k] - options_.factor_penalty * theirs[k]);
      }
    }
  }

  void correct(vertex_id user, vertex_id item, double rating, std::vector<double>& pull) {
    const auto u = static_cast<std::size_t>(user);
    const auto i = static_cast<std::size_t>(item);
    const double error = rating - predict(user, item);
    user_bias_[u] += options_.bias_step * (error - options_.bias_penalty * user_bias_[u]);
    item_bias_[i] += options_.bias_step * (error - options_.bias_penalty * item_bias_[i]);
    for (std::size_t k = 0; k < options_.rank; ++k) {
      double& p = row(user_, u)[k];
      double& q = row(item_, i)[k];
      const double before = q;
      pull[k] += error * q;
      q += options_.factor_step * (error * (p + row(implied_, u)[k]) - options_.factor_penalty * q);
      p += options_.factor_step * (error * before - options_.factor_penalty * p);
    }
  }

  svd_options options_;
  double mean_ = 0;                // μ
  std::vector<double> user_bias_;  // b_u
  std::vector<double> item_bias_;  // b_i
  std::vector<double> user_;       // p, a row for each vertex
  std::vector<double> item_;       // q
  std::vector<double> implicit_;   // y
  std::vector<double> implied_;    // |N(u)|^(-1/2) Σ y
};

}  // namespace weir::graph
