#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "apps/weir/backtest/labels.hpp"
#include "rules/alert.hpp"
#include "stream/event_log.hpp"

namespace weir::backtest {

/// Days since 1970, in UTC.
using day_number = std::int32_t;

day_number day_of(stream::timestamp at);

/// "2024-02-03".
std::string to_text(day_number day);

/// What is kept of an alert: enough to count and compare it, far less than its JSON.
struct kept_alert {
  std::uint32_t rule = 0;     // among the active ones
  std::uint32_t subject = 0;  // in tally::subjects
  stream::timestamp at;
  std::uint32_t first_event = 0;  // in tally::events
  std::uint32_t event_count = 0;
  bool labelled = false;  // one of its events, or its subject
};

/// All alerts of one set of rules over one input.
class tally {
 public:
  struct options {
    bool keeps_ids = false;  // of the alerts' events
  };

  /// `known` (none: no labels) and `writer` outlive the tally.
  tally(const rules::program& rules, const rules::alert_writer& writer, const labels* known, options chosen);

  void add(const cep::match& m, const stream::event_log& log);

  const std::vector<kept_alert>& alerts() const { return alerts_; }
  /// A number for each of the alert's events; two are equal when the events are the same.
  std::span<const std::uint64_t> events_of(const kept_alert& a) const;
  /// The ids of the alert's events, one after another with ", " between; empty unless they are kept.
  const std::string& ids_of(const kept_alert& a) const { return ids_[static_cast<std::size_t>(&a - alerts_.data())]; }
  const std::string& subject_of(const kept_alert& a) const { return subjects_[a.subject]; }
  /// By case: whether an alert of the rule touched it.
  const std::vector<bool>& touched(std::uint32_t rule) const { return touched_[rule]; }

 private:
  std::uint32_t subject_number(const cep::match& m);
  void note_labels(kept_alert& kept, const cep::match& m, const stream::event_log& log);

  const rules::program& rules_;
  const rules::alert_writer& writer_;
  const labels* known_;
  options chosen_;
  std::vector<kept_alert> alerts_;
  std::vector<std::uint64_t> events_;
  std::vector<std::string> ids_;
  std::vector<std::string> subjects_;
  boost::unordered_flat_map<std::string, std::uint32_t> subject_numbers_;
  std::vector<std::vector<bool>> touched_;
  std::vector<case_id> found_;  // of one alert; kept for its memory
};

}  // namespace weir::backtest
