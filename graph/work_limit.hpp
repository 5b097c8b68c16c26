#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::graph {

/// Decides, while a change is followed, whether to go on or to start afresh: what has been done is lost then. Up to a
/// fifth of what a fresh start takes it goes on; from there on only while the rest of the change, if it takes as much
/// for each edge as what was done, ends before a fresh start would.
class work_limit {
 public:
  work_limit() = default;
  /// `steps` is what a fresh start takes, and `edges` what the change has.
  work_limit(std::uint64_t steps, std::size_t edges) : steps_(steps), edges_(edges) {}

  bool allows(std::uint64_t steps, std::size_t edges_done) const {
    if (steps <= steps_ / 5) return true;
    return static_cast<double>(steps) * static_cast<double>(edges_) <=
           static_cast<double>(steps_) * static_cast<double>(edges_done);
  }

 private:
  std::uint64_t steps_ = 0;
  std::size_t edges_ = 0;
};

}  // namespace weir::graph
