#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cep/limits.hpp"
#include "cep/match.hpp"
#include "cep/pattern.hpp"
#include "cep/reference.hpp"
#include "stream/dictionary.hpp"
#include "stream/event_log.hpp"
#include "stream/worker_pool.hpp"

namespace weir::cep {

/// What has happened to one pattern so far.
struct pattern_counters {
  std::uint64_t matches = 0;     // that became alerts
  std::uint64_t suppressed = 0;  // that `suppress` or `emit first` kept back
  std::uint64_t undefined = 0;   // conditions that met a division by zero or an overflow
  std::uint64_t truncated = 0;   // searches in graphs that were too long to know

  // At its limits: what was let go before its time, and what was not taken.
  std::uint64_t events_forgotten = 0;
  std::uint64_t events_refused = 0;
  std::uint64_t subjects_forgotten = 0;
  std::uint64_t subjects_refused = 0;  // events of subjects that there was no room for

  pattern_counters& operator+=(const pattern_counters& other) {
    matches += other.matches;
    suppressed += other.suppressed;
    undefined += other.undefined;
    truncated += other.truncated;
    events_forgotten += other.events_forgotten;
    events_refused += other.events_refused;
    subjects_forgotten += other.subjects_forgotten;
    subjects_refused += other.subjects_refused;
    return *this;
  }
  friend bool operator==(const pattern_counters&, const pattern_counters&) = default;
};

/// Who helps the engine's thread. The alerts are the same whoever does.
struct threading {
  stream::worker_pool* workers = nullptr;  // match side by side, each a share of the subjects; others may use them, too
  std::size_t rows_least = 128;            // for smaller batches nobody is woken
};

/// Finds matches per subject, exactly as docs/semantics.md defines them: the same for any cut of the stream into
/// batches, and for any number of threads. One thread, which may have others help.
class engine {
 public:
  /// `names` must outlive the engine; the patterns' constants are interned there.
  engine(std::vector<pattern> patterns, const reference_data& data, const stream::schema& types, stream::symbols& names,
         threading threads = {});
  ~engine();
  engine(engine&&) noexcept;
  engine& operator=(engine&&) noexcept;

  /// Takes the batch that `log` was given last. The matches that end in it, in the order of their alerts:
  /// (time, source, position, pattern), a passed deadline after the events of its time. Valid until the next call.
  std::span<const match> advance(const stream::event_log& log);

  /// A limit whose policy is to stop was reached, in the last batch: its matches are those that end before that event.
  /// Nothing comes after it.
  const std::optional<limit_stop>& stopped() const;

  /// Puts other patterns in place of those so far, between two batches. `kept` says of each which one so far it is: an
  /// equal one, which goes on with all that it knows, its counters too. The others know nothing yet: for them the
  /// stream begins with the next batch. `data` and `types` begin with what the engine was given before.
  void replace(std::vector<pattern> patterns, std::span<const std::optional<std::uint32_t>> kept,
               const reference_data& data, const stream::schema& types);

  /// Puts new contents in place of a list's or a table's, of the same types. Between two batches.
  void replace_list(std::size_t index, const value_list& with);
  void replace_table(std::size_t index, const value_table& with);

  /// How long after its time an event may still be read through a handle; `duration::max()` without a bound.
  stream::duration retention() const;

  std::span<const pattern_counters> counters() const;
  /// Subjects that hold state now, over all patterns.
  std::size_t live_subjects() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace weir::cep
