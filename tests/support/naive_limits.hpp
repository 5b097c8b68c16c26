#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "cep/engine.hpp"
#include "cep/pattern.hpp"
#include "tests/support/naive_evaluator.hpp"
#include "tests/support/naive_window.hpp"

namespace weir::testing {

/// The filter with what of its condition is judged when an event comes: all but what reads bound events.
cep::event_filter without_joins(cep::event_filter filter);

/// What a pattern with limits has forgotten and refused of a stream, by docs/semantics.md, "Limits", with everything
/// that is held looked at anew at every event.
class naive_limits {
 public:
  using subject_values = std::vector<std::string>;

  /// At the event `place` all up to the event `up_to` were forgotten.
  struct forgetting {
    std::size_t place = 0;
    std::size_t up_to = 0;
  };

  /// `stream` has the events; nothing is bound. `pattern` and the events outlive it.
  naive_limits(const cep::pattern& pattern, const naive_context& stream);

  /// Whether the event is there for the subject's steps, absences and windows, as of the end of a match.
  bool sees(std::span<const std::string> subject, std::size_t place, const match_end& end) const;

  /// How often the subject has forgotten something, as of the end.
  std::size_t times_forgotten(std::span<const std::string> subject, const match_end& end) const;
  bool sees(std::span<const std::string> subject, std::size_t place, std::size_t times) const;
  /// How often it does in all.
  std::size_t times_forgotten(std::span<const std::string> subject) const { return of(subject).log.size(); }

  /// What was counted; only of the limits.
  const cep::pattern_counters& counted() const { return counted_; }
  /// The event at which the run ends.
  std::optional<std::size_t> stop() const { return stop_; }

 private:
  struct record {
    std::vector<std::size_t> taken;  // and not forgotten
    std::set<std::size_t> refused;
    std::vector<forgetting> log;
    std::size_t touched = 0;
  };
  /// A window of the pattern, or its match.
  struct part {
    std::vector<cep::event_filter> filters;
    std::optional<cep::window> held{};        // none: the match …
    std::optional<stream::duration> reach{};  // … that holds them for so long, or for ever
    std::optional<stream::field_id> field{};  // that an event must have
  };

  void find_parts();
  std::set<subject_values> subjects_of(std::size_t place) const;
  bool enters(const part& p, std::size_t place, const subject_values& subject) const;
  bool enters_any(std::size_t place, const subject_values& subject) const;
  bool breaks(std::size_t place, const subject_values& subject) const;
  std::vector<std::size_t> held(const std::vector<std::size_t>& taken, const subject_values& subject,
                                stream::timestamp now) const;
  std::vector<std::size_t> held_by(const part& p, std::vector<std::size_t> events, stream::timestamp now) const;
  void admit(std::size_t place, const subject_values& subject);
  bool make_room(std::size_t place, const subject_values& subject);
  static void forget(record& r, std::size_t place, std::size_t up_to);
  const record& of(std::span<const std::string> subject) const;

  const cep::pattern& pattern_;
  naive_context stream_;
  std::vector<part> parts_;
  std::vector<cep::event_filter> absences_;
  std::map<subject_values, record> records_;
  std::size_t touches_ = 0;
  cep::pattern_counters counted_;
  std::optional<std::size_t> stop_;
};

}  // namespace weir::testing
