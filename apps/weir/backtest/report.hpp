#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "apps/weir/backtest/comparison.hpp"
#include "apps/weir/backtest/overlap.hpp"
#include "apps/weir/backtest/replay.hpp"

namespace weir::backtest {

/// How well alerts and labelled cases go together. An alert is true if one of its events, or its subject, is labelled.
/// A case is found if an alert has one of its events, or its subject. A ratio of nothing is missing.
struct score {
  std::uint64_t alerts = 0;
  std::uint64_t true_alerts = 0;
  std::uint64_t cases = 0;  // in the input
  std::uint64_t found = 0;
  bool own_cases = false;  // only those whose kind is the rule's name

  std::optional<double> precision() const;
  std::optional<double> recall() const;
  std::optional<double> f1() const;  // 2PR / (P + R); 0 where both are 0
};

struct rule_report {
  std::string name;
  std::string severity;
  std::string mode;
  std::uint32_t version = 1;
  std::uint64_t alerts = 0;
  std::uint64_t suppressed = 0;
  std::uint64_t subjects = 0;  // different ones with an alert
  std::map<day_number, std::uint64_t> by_day;
  std::optional<score> scored;
};

/// One set of rules.
struct set_report {
  std::vector<std::string> files;
  std::vector<rule_report> rules;
  rule_report all;
  std::vector<overlap> same_events;
  std::vector<overlap> same_subject_days;  // the same subject alerted on the same day
};

struct labels_report {
  std::vector<std::string> files;
  std::uint64_t events = 0;
  std::uint64_t subjects = 0;
  std::uint64_t cases = 0;
  std::uint64_t cases_in_input = 0;
  std::vector<std::string> kinds;  // of the cases in the input, sorted
};

/// All that a backtest says; the rest is how it looks.
struct report {
  std::vector<std::string> inputs;
  input_count input;
  std::vector<stream::set_aside_record> examples_aside;
  set_report now;
  std::optional<labels_report> known;
  std::optional<set_report> before;  // of --against
  std::vector<rule_difference> differences;

  /// The days that the events and alerts span; nothing where there is neither.
  struct day_range {
    day_number first = 0;
    day_number last = 0;
    std::int64_t days() const { return std::int64_t{last} - first + 1; }
  };
  std::optional<day_range> days() const;
};

set_report describe(const replay& run, std::vector<std::string> files, const labels* known);
labels_report describe(const labels& known, std::vector<std::string> files);

/// What the numbers of a score mean, in sentences; printed wherever they are.
const std::vector<std::string>& score_definition();

/// For a terminal of a hundred columns.
std::string as_text(const report& r);
std::string as_json(const report& r);
/// One page that needs nothing beside itself.
std::string as_html(const report& r);

}  // namespace weir::backtest
