#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "rules/alert.hpp"
#include "rules/detector.hpp"
#include "rules/program.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/oracle.hpp"

namespace weir::testing {

/// So many threads, 1 to 8, that match side by side however small a batch is.
cep::threading with_threads(std::size_t threads);

/// What the engine said, with the ids of its alerts and its counters.
struct engine_run {
  std::vector<plain_alert> alerts;
  std::vector<std::string> ids;
  std::vector<cep::pattern_counters> counted;  // by rule
  std::optional<cep::limit_stop> stop{};
};

/// A program that runs: takes batches as they come, and reads every match into plain values.
class engine_session {
 public:
  /// `events` outlive the session; matches name events by their places in `events`, raised ones by `events.size()` and
  /// the number of their alert.
  engine_session(const rules::program& program, std::span<const plain_event> events, cep::threading threads = {});

  stream::symbols& names() { return names_; }
  /// Ids are handed out again, as soon as may be.
  void recycle_ids();
  /// Drops what the engine says it no longer reads, as the loop does. After a stop at a limit it takes nothing.
  void take(stream::batch batch);
  /// Goes on with this set of rules in place of the one so far. Alerts name rules of the first set by their numbers
  /// there, and others by numbers behind those. Throws when it is refused; says which rules began again.
  std::vector<std::string> replace(rules::program fresh);
  engine_run run() && {
    run_.counted = detector_.counters();
    run_.stop = detector_.stopped();
    return std::move(run_);
  }

 private:
  plain_alert read(const cep::match& m) const;
  std::size_t place_of(const stream::origin& from) const;

  std::uint32_t number_of(const std::string& rule);

  rules::program program_;
  std::vector<cep::pattern> patterns_;
  std::vector<std::string> names_of_rules_;                     // by number
  std::vector<std::uint32_t> numbers_;                          // by pattern
  std::vector<std::pair<stream::origin, std::size_t>> places_;  // sorted
  stream::symbols names_;
  rules::alert_writer writer_;
  rules::detector detector_;
  stream::timestamp greatest_ = stream::start_of_time;
  engine_run run_;
};

/// The same, with ids handed out again as soon as may be; also whether any was.
std::pair<engine_run, bool> run_engine_recycling(const rules::program& program, std::span<const plain_event> events,
                                                 std::span<const batch_cut> cuts, cep::threading threads = {});

/// Runs the program's patterns over the events, cut as asked.
engine_run run_engine(const rules::program& program, std::span<const plain_event> events,
                      std::span<const batch_cut> cuts, cep::threading threads = {});

}  // namespace weir::testing
