#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "cep/guards.hpp"
#include "cep/matchers.hpp"
#include "cep/pattern.hpp"
#include "cep/silences.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// Patterns that came into the engine at one time: planned together, they share guards, windows and rows. Later on some
/// of them may go; those that stay have new numbers then, and all that they know of the stream. Owned by the engine.
class generation {
 public:
  /// `numbers` are the patterns' in the engine. `names` and `lookups` outlive the generation.
  /// Its work is cut into shards: one for each of `threads`, and where these are several one more, for afterwards. What
  /// one shard has may be empty.
  generation(const std::vector<pattern>& patterns, std::vector<std::uint32_t> numbers, const stream::schema& types,
             stream::symbols& names, const references& lookups, std::size_t threads);

  /// Comes before the shards' work on a batch.
  void evaluate_guards(const stream::event_log& log) { shared_.evaluate(log.last()); }
  /// Adds the matches of a shard that end in the log's last batch, with the engine's numbers of their patterns. Those
  /// of different threads may be worked on side by side; the one for afterwards when they are done.
  void advance(std::size_t shard, const stream::event_log& log, findings& into);

  // In steps through the batch, of the patterns that ask graphs (see `stepwise`).
  void begin_steps(const stream::event_log& log);
  void add_relevant(std::span<std::uint64_t> places) const;
  void step(std::size_t place, findings& into);
  stream::timestamp next_deadline() const;
  void pass_deadlines(stream::timestamp before, findings& into);
  void finish_steps();

  /// Comes after the shards' work.
  void pass(stream::timestamp watermark);

  /// Gives each pattern a new number, by its number so far; those that get none go. False when none is left.
  bool renumber(std::span<const std::optional<std::uint32_t>> next);

  /// What pattern number `own` of this generation is in the engine; none: it has gone.
  std::optional<std::uint32_t> number_of(std::size_t own) const { return numbers_[own]; }
  std::size_t size() const { return numbers_.size(); }

  /// Adds where its matchers were stopped by limits, with the engine's numbers of the patterns.
  void add_stops(std::vector<limit_stop>& into) const;

  std::span<const stream::symbol> subject_of(std::size_t shard, std::size_t own, const finding& f) const;
  pattern_counters counters(std::size_t own) const;
  std::size_t live_subjects() const;
  stream::duration retention() const;

 private:
  void find_steps();
  void take_out(std::size_t own);
  void take_out(std::size_t own, matchers& from) const;
  void pass_on(findings& found, std::size_t first) const;

  guards shared_;
  std::vector<std::unique_ptr<silences>> suppressed_;  // by the pattern's number here; none: it never is
  std::vector<matchers> shards_;
  std::vector<stepwise*> steps_;                       // those of the matchers that go in steps
  std::vector<std::optional<std::uint32_t>> numbers_;  // by the pattern's number here
  bool as_planned_ = true;                             // the matchers' findings have the engine's numbers
};

}  // namespace weir::cep
