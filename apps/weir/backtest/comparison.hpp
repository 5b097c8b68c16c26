#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/weir/backtest/replay.hpp"

namespace weir::backtest {

/// An alert as an example of what changed.
struct alert_example {
  std::string subject;
  stream::timestamp at;
  std::string events;  // their ids

  friend bool operator==(const alert_example&, const alert_example&) = default;
};

/// How the alerts of two sets of rules differ, for the rules of one name.
struct rule_difference {
  static constexpr std::size_t examples_max = 3;

  std::string name;
  bool in_old = false;  // the set has such a rule
  bool in_new = false;
  std::uint64_t only_old = 0;
  std::uint64_t only_new = 0;
  std::uint64_t both = 0;
  std::vector<alert_example> examples_old;  // the earliest of each
  std::vector<alert_example> examples_new;

  friend bool operator==(const rule_difference&, const rule_difference&) = default;
};

/// Compares the alerts of two replays of one input that keep ids. Alerts are the same when rule name, subject, time and
/// the ids of the events are. Rules of the new set first, in its order, then those that only the old one has.
std::vector<rule_difference> compare(const replay& old_rules, const replay& new_rules);

}  // namespace weir::backtest
