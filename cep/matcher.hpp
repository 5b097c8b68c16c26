#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "cep/engine.hpp"
#include "cep/finding.hpp"
#include "cep/guards.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// A matcher whose patterns ask graphs: it goes through a batch event by event, in step with the graphs and with all
/// others that ask them, so that every answer is as of the event at hand.
class stepwise {
 public:
  virtual ~stepwise() = default;

  /// Comes before the steps through the log's last batch.
  virtual void begin(const stream::event_log& log, const guards& shared) = 0;
  /// Adds the places of the batch that it wants to step on.
  virtual void add_relevant(std::span<std::uint64_t> places) const = 0;
  /// Adds the matches that end at the event at a place; no deadline before it is open any more.
  virtual void step(std::size_t place, const guards& shared, findings& into) = 0;
  /// The next deadline that is open; `end_of_time` without any.
  virtual stream::timestamp next_deadline() const = 0;
  /// Passes the deadlines before that time.
  virtual void pass_deadlines(stream::timestamp before, findings& into) = 0;
  /// Comes after the last step and deadline of the batch.
  virtual void finish() = 0;
};

/// Finds the matches of one pattern or several, with a plan that is made for their kind. Owned by the engine, which
/// hands it every batch after the guards were evaluated.
class matcher {
 public:
  matcher() = default;
  virtual ~matcher() = default;
  matcher(const matcher&) = delete;
  matcher& operator=(const matcher&) = delete;

  /// Adds the matches that end in the log's last batch, those of each pattern in order.
  virtual void advance(const stream::event_log& log, const guards& shared, findings& into) = 0;

  /// What it is instead, where its patterns ask graphs: then `advance` is not called.
  virtual stepwise* in_steps() { return nullptr; }

  /// Its pattern number `own` is no longer wanted, while others of it are: what only that one needs may go. What is
  /// still found of it is passed over. Between two batches.
  virtual void retire(std::size_t /*own*/) {}

  /// Where a limit ended it; then nothing more is found.
  virtual std::optional<limit_stop> stopped() const { return std::nullopt; }

  /// The subject of a finding of this matcher; reads `f`, which has to stay.
  virtual std::span<const stream::symbol> subject_of(const finding& f) const { return {&f.subject, 1}; }
  /// The counters of its pattern number `own`, without what the pattern's guards have met: that is counted once,
  /// however many matchers share the pattern.
  virtual pattern_counters counters(std::size_t own) const = 0;
  /// Divisions by zero and overflows in the pattern's guards.
  virtual std::uint64_t undefined_in_guards(std::size_t own, const guards& shared) const = 0;
  /// Subjects that hold state now.
  virtual std::size_t live_subjects() const = 0;
  /// How long after its time an event may be read through a handle; `duration::max()` without a bound.
  virtual stream::duration retention() const = 0;
};

}  // namespace weir::cep
