#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/weir/backtest/tally.hpp"
#include "rules/detector.hpp"
#include "stream/intake.hpp"

namespace weir::backtest {

/// What came of the input, over all its sources.
struct input_count {
  std::uint64_t events = 0;
  std::uint64_t late = 0;
  std::uint64_t bad = 0;
  std::optional<stream::timestamp> first;  // of an event
  stream::timestamp last;

  friend bool operator==(const input_count&, const input_count&) = default;
};

/// One set of rules over bounded sources: feed its intake, take what is there, finish. The events are the same as those
/// of `weir run`, and so are the alerts.
class replay {
 public:
  struct options {
    std::vector<stream::source_options> sources;
    std::size_t batch_rows = 4096;
    labels* known = nullptr;  // outlives the replay
    bool keeps_ids = false;
  };

  /// `rules` outlives the replay.
  replay(const rules::program& rules, options chosen);
  replay(const replay&) = delete;
  replay& operator=(const replay&) = delete;

  stream::intake& intake() { return intake_; }

  /// Works on all that the intake can give now.
  void take_all();
  /// All sources have ended: the clock runs past every deadline.
  void finish();

  const rules::program& program() const { return rules_; }
  const tally& alerts() const { return tally_; }
  input_count input() const;
  /// By active rule.
  std::vector<std::uint64_t> suppressed() const;
  /// The first records that took no part.
  const std::vector<stream::set_aside_record>& examples_aside() const { return examples_aside_; }

 private:
  void take(stream::batch arrived);
  void note_labelled_events(const stream::batch& arrived);
  void keep_examples();

  const rules::program& rules_;
  options options_;
  stream::symbols names_;
  stream::intake intake_;
  rules::alert_writer writer_;
  rules::detector detector_;
  tally tally_;
  std::optional<stream::timestamp> first_;
  stream::timestamp last_;
  std::vector<stream::set_aside_record> aside_;
  std::vector<stream::set_aside_record> examples_aside_;
};

}  // namespace weir::backtest
