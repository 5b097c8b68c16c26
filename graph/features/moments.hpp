#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

namespace weir::graph {

/// How some weights are spread: number, sum, least and greatest, and what mean, deviation, skewness and kurtosis are
/// computed from. Two can be put together (Pébay, *Formulas for Robust, One-Pass Parallel Computation of Covariances
/// and Arbitrary-Order Statistical Moments*, 2008; mean, M₂, M₃, M₄ are its symbols), so that nothing is subtracted and
/// no error grows with time. A value.
class moments {
 public:
  std::uint64_t count() const { return n_; }
  /// Exact; wraps around beyond 2^63.
  std::int64_t sum() const { return static_cast<std::int64_t>(sum_); }
  /// Of none: 0. So is all that follows.
  std::int64_t least() const { return n_ == 0 ? 0 : least_; }
  std::int64_t greatest() const { return n_ == 0 ? 0 : greatest_; }
  double mean() const { return mean_; }
  /// Of all there are, not of a sample: √(M₂ / n).
  double deviation() const { return flat() ? 0 : std::sqrt(m2_ / static_cast<double>(n_)); }
  /// √n M₃ / M₂^1.5; 0 where all are equal.
  double skewness() const { return flat() ? 0 : std::sqrt(static_cast<double>(n_)) * m3_ / (m2_ * std::sqrt(m2_)); }
  /// What it is above the normal distribution's: n M₄ / M₂² - 3; 0 where all are equal.
  double kurtosis() const { return flat() ? 0 : static_cast<double>(n_) * m4_ / (m2_ * m2_) - 3; }

  /// Of all in a list: first their mean, and then how far they are from it.
  static moments of(std::span<const std::int64_t> weights) {
    moments all;
    if (weights.empty()) return all;
    all.n_ = weights.size();
    all.least_ = std::ranges::min(weights);
    all.greatest_ = std::ranges::max(weights);
    for (const std::int64_t w : weights) all.sum_ += static_cast<std::uint64_t>(w);
    for (const std::int64_t w : weights) all.mean_ += static_cast<double>(w);
    all.mean_ /= static_cast<double>(all.n_);
    for (const std::int64_t w : weights) {
      const double d = static_cast<double>(w) - all.mean_;
      all.m2_ += d * d;
      all.m3_ += d * d * d;
      all.m4_ += d * d * d * d;
    }
    return all;
  }

  void add(std::int64_t weight) {
    least_ = n_ == 0 ? weight : std::min(least_, weight);
    greatest_ = n_ == 0 ? weight : std::max(greatest_, weight);
    sum_ += static_cast<std::uint64_t>(weight);
    const auto before = static_cast<double>(n_++);
    const auto n = static_cast<double>(n_);
    const double delta = static_cast<double>(weight) - mean_;
    const double step = delta / n;
    const double term = delta * step * before;
    mean_ += step;
    m4_ += term * step * step * (n * n - 3 * n + 3) + 6 * step * step * m2_ - 4 * step * m3_;
    m3_ += term * step * (n - 2) - 3 * step * m2_;
    m2_ += term;
  }

  friend moments operator+(const moments& a, const moments& b) {
    if (a.n_ == 0) return b;
    if (b.n_ == 0) return a;
    moments both;
    both.n_ = a.n_ + b.n_;
    both.sum_ = a.sum_ + b.sum_;
    both.least_ = std::min(a.least_, b.least_);
    both.greatest_ = std::max(a.greatest_, b.greatest_);
    const auto na = static_cast<double>(a.n_);
    const auto nb = static_cast<double>(b.n_);
    const double n = na + nb;
    const double delta = b.mean_ - a.mean_;
    const double step = delta / n;
    const double cross = delta * step * na * nb;
    both.mean_ = a.mean_ + step * nb;
    both.m2_ = a.m2_ + b.m2_ + cross;
    both.m3_ = a.m3_ + b.m3_ + cross * step * (na - nb) + 3 * step * (na * b.m2_ - nb * a.m2_);
    both.m4_ = a.m4_ + b.m4_ + cross * step * step * (na * na - na * nb + nb * nb) +
               6 * step * step * (na * na * b.m2_ + nb * nb * a.m2_) + 4 * step * (na * b.m3_ - nb * a.m3_);
    return both;
  }

 private:
  bool flat() const { return least_ == greatest_ || !(m2_ > 0); }

  std::uint64_t n_ = 0;
  std::uint64_t sum_ = 0;
  std::int64_t least_ = 0;
  std::int64_t greatest_ = 0;
  double mean_ = 0;
  double m2_ = 0;
  double m3_ = 0;
  double m4_ = 0;
};

}  // namespace weir::graph
