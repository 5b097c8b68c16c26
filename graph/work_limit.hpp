#pragma once

#include <algorithm>
#include <cstdint>

namespace weir::graph {

/// Decides, while a change is followed, whether to go on or to start afresh: what has been done is lost then. Up to a
/// tenth of what a fresh start takes it goes on; from there to a quarter while what is left of the change, if it takes
/// as much as what was done, is not more than half of a fresh start; then, while it is not more than one. So a change
/// that is much the same throughout takes a tenth longer than a fresh start at most. One whose end takes much more
/// than its beginning can take two and a half times as long.
class work_limit {
 public:
  work_limit() = default;
  /// `steps` is what a fresh start takes, and `work` all that the change has to be done: its edges, each as often as it
  /// takes more than others do.
  work_limit(std::uint64_t steps, std::uint64_t work) : steps_(steps), work_(work) {}

  bool allows(std::uint64_t steps, std::uint64_t work_done) const {
    if (steps <= steps_ / 10) return true;
    if (steps > steps_ / 2 * 3) return false;
    const std::uint64_t most_left = steps <= steps_ / 4 ? steps_ / 2 : steps_;
    const std::uint64_t left = work_ - std::min(work_, work_done);
    return static_cast<double>(steps) * static_cast<double>(left) <=
           static_cast<double>(most_left) * static_cast<double>(work_done);
  }

 private:
  std::uint64_t steps_ = 0;
  std::uint64_t work_ = 0;
};

}  // namespace weir::graph
