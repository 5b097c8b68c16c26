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
