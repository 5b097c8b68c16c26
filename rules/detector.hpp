#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cep/engine.hpp"
#include "rules/alert.hpp"
#include "rules/program.hpp"
#include "stream/event_log.hpp"

namespace weir::rules {

/// Runs a program's rules over a stream: an engine and a log for each stratum, so that the events which rules raise
/// reach the rules that match them (docs/semantics.md, "Derived events"). Where no rule matches what another raises
/// there is one stratum, and nothing stands between the batches and its engine. Owned by the loop; one thread.
class detector {
 public:
  /// `rules`, `names`, `writer` and the workers outlive the detector.
  detector(const program& rules, stream::symbols& names, const alert_writer& writer, cep::threading threads = {});

  /// Takes the stream's next batch. The alerts that it brings, in their order; `pattern` counts program::active().
  /// Valid until the next call.
  std::span<const cep::match> advance(stream::batch arrived);

  /// A limit whose policy is to stop was reached, in the last batch: its alerts are those that end before that event.
  /// Nothing is to be advanced any more. `pattern` counts program::active().
  const std::optional<cep::limit_stop>& stopped() const { return stop_; }

  /// The log that the events of the alert are read from, until `forget` is called.
  const stream::event_log& log_of(const cep::match& alert) const { return strata_[stratum_of_[alert.pattern]].log; }

  /// Drops the batches that no rule reads any more: to be called when the alerts of a batch have been written.
  void forget();

  /// Whether matching these rules, or writing their alerts, makes new texts: then no other thread may intern meanwhile.
  bool interns() const { return interns_; }

  /// Takes over what `reload` has read again into the program, between two batches.
  void update(const reloaded& changes);

  /// The program has become that of a `successor`: goes on with its rules, between two batches. `kept` is the
  /// successor's. The stream's batches may go on coming as the first schema has them.
  void replace(std::span<const std::optional<std::uint32_t>> kept);

  /// How long after an event's time what came with it may be remembered by any rule, also through events that rules
  /// raise; `duration::max()` without a bound.
  stream::duration remembered() const;

  std::vector<cep::pattern_counters> counters() const;  // by rule, as in program::active()
  std::size_t live_subjects() const;
  std::size_t log_bytes() const;

 private:
  struct stratum {
    std::vector<std::uint32_t> rules;            // of its engine's patterns: their places in program::active()
    std::vector<stream::event_type_id> matched;  // the types that they match
    cep::engine engine;
    stream::event_log log;
  };

  /// Where an event or an alert stands in the order of all: at an event of a source or behind the events of a time
  /// (of deadlines), and there by stages.
  struct place {
    stream::timestamp at;
    bool deadline = false;
    std::size_t root = 0;    // the event's place in the batch of the source
    std::size_t stage = 0;   // 0: itself; 2k + 1: raised by stratum k; 2k, of a deadline: passed in stratum k
    std::size_t number = 0;  // among those of its stage

    friend auto operator<=>(const place&, const place&) = default;
  };
  struct placed_alert {
    place where;
    cep::match alert;
    std::size_t number = 0;  // as its engine gave it
  };
  struct placed_row {
    place where;
    stream::row_ref row;
  };

  /// A stratum's rules: their places among the active ones, what they look for, and what of.
  struct membership {
    std::vector<std::uint32_t> rules;
    std::vector<cep::pattern> patterns;
    std::vector<stream::event_type_id> matched;
  };

  stream::duration remembered_for(const cep::pattern& p) const;
  void find_active();
  std::uint32_t strata_in_all() const;
  membership members_of(std::uint32_t index) const;
  void add_stratum(membership members);
  void take_alerts(std::size_t index);
  void note_stop(std::size_t index);
  std::span<const cep::match> alerts_in_order();
  place place_of(const cep::match& alert, std::size_t stratum, std::size_t number) const;
  void raise(const cep::match& alert, std::size_t stratum, place from);
  stream::batch batch_for(std::size_t stratum);

  const program& program_;
  const alert_writer& writer_;
  stream::symbols& names_;
  cep::threading threads_;
  stream::schema first_schema_;  // which batches come with
  stream::schema schema_;        // which the logs have: the program's
  bool grown_ = false;           // the two differ
  std::vector<const rule*> active_;
  std::vector<std::uint32_t> stratum_of_;  // by active rule
  std::vector<stratum> strata_;
  bool interns_ = false;
  std::optional<cep::limit_stop> stop_;
  std::vector<std::uint64_t> passed_over_;  // by active rule: alerts behind the stop

  // Of the batch at hand.
  stream::batch raised_;
  std::vector<placed_row> raised_rows_;
  std::vector<place> places_;  // of the events in the stratum's batch, in its order
  std::vector<placed_alert> placed_;
  std::optional<place> stop_place_;
  std::vector<cep::match> alerts_;
};

}  // namespace weir::rules
