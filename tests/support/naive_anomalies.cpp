#include "tests/support/naive_anomalies.hpp"

#include <algorithm>

namespace weir::testing {

using namespace graph;

double naive_anomalies::score(const edge& e) {
  const auto at = static_cast<std::int64_t>(e.at);
  if (tick_ == 0) {
    first_ = at;
    tick_ = 1;
  }
  const std::int64_t tick = 1 + (at - first_) / options_.tick_us;
  if (tick != tick_) end_tick();
  tick_ = tick;
  return std::max(
      {add({kind::edge, {e.from, e.to}}), add({kind::source, {e.from, e.from}}), add({kind::target, {e.to, e.to}})});
}

double naive_anomalies::add(const key& of) {
  counts& c = counts_[of];
  c.current += 1;
  const auto ticks = static_cast<double>(tick_);
  const double mean_misses = c.current + c.total - c.current * ticks;
  c.score = c.total == 0 ? 0 : mean_misses * mean_misses / (c.total * (ticks - 1));
  return c.score;
}

void naive_anomalies::end_tick() {
  for (auto& [of, c] : counts_) {
    if (c.score < options_.threshold) {
      c.total += c.current;
    } else if (tick_ > 1) {
      c.total += c.total / static_cast<double>(tick_ - 1);
    }
    c.current *= options_.decay;
  }
}

}  // namespace weir::testing
