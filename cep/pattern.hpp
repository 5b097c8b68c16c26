#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cep/expression.hpp"
#include "cep/limits.hpp"
#include "stream/time.hpp"

namespace weir::cep {

/// Which events take part: those of a type that belong to the subjects through `keys`, one a subject, and for which
/// `where` holds. Without keys the events belong to no subject: in a pattern that has subjects, such a step is free,
/// and joined by its `where` alone.
struct event_filter {
  stream::event_type_id type{};
  std::vector<stream::field_id> keys;
  expression where = always();

  friend bool operator==(const event_filter&, const event_filter&) = default;
};

/// How many events a step takes: a run of those that qualify, none between left out. Without `most` it is the longest
/// run: from the first event that the earlier steps and the windows allow to the last before the next step.
struct quantity {
  std::uint32_t least = 1;
  std::optional<std::uint32_t> most = 1;

  bool single() const { return least == 1 && most == 1; }
  friend bool operator==(const quantity&, const quantity&) = default;
};

/// `within D of LABEL`: at most `length` after the (last) event that `step` bound.
struct time_since {
  stream::duration length{};
  std::uint16_t step = 0;

  friend bool operator==(const time_since&, const time_since&) = default;
};

/// An event, or a run of them, to be bound. `where` may read the events bound by earlier steps.
struct step {
  std::string label;  // empty when the rule gives none
  event_filter events;
  quantity count{};
  std::optional<time_since> within{};

  friend bool operator==(const step&, const step&) = default;
};

/// What one `then` asks for: a step; all of several, in any order; or one of several. Members of `all_of` take one
/// event each. Steps are numbered through the whole pattern as they are written: that is what `bound_field` indexes.
struct step_group {
  enum class gathering : std::uint8_t { all_of, one_of };

  std::vector<step> steps;  // at least one
  gathering gathered = gathering::all_of;
  bool optional = false;
  /// The first event of the group is the very next one of this subject, among the event types named in the pattern's
  /// body, after the event bound before it.
  bool next = false;

  friend bool operator==(const step_group&, const step_group&) = default;
};

/// Events that must not come.
/// - Between groups: strictly between the event bound before and the one bound after; with `within`, only those no
/// later
///   than that after the event before, or after the event that step `of` bound.
/// - As the first part: none in [b − within, b] that comes before the first event b of the match.
/// - As the last part, or parts: none after the last event and no later than `within` after it (or after step `of`):
///   the match ends at the greatest of these deadlines. One that lies before the last event makes no match.
/// `where` may read the events bound by earlier steps.
struct absence {
  event_filter events;
  std::optional<stream::duration> within{};  // always on first and last parts
  std::optional<std::uint16_t> of{};         // a step; with `within`

  friend bool operator==(const absence&, const absence&) = default;
};

/// Groups in the order of the stream, with absences between. `within` bounds the time from the first to the last bound
/// event, both ends included; `within_events` how many places apart they are among the events of this subject of the
/// types named in the body (docs/semantics.md).
struct sequence {
  std::vector<std::variant<step_group, absence>> parts;
  std::optional<stream::duration> within;
  std::optional<std::uint32_t> within_events{};

  friend bool operator==(const sequence&, const sequence&) = default;
};

struct time_extent {  // [t − length, t]
  stream::duration length{};
  friend bool operator==(const time_extent&, const time_extent&) = default;
};
struct count_extent {  // the last `events` ones
  std::uint32_t events = 0;
  friend bool operator==(const count_extent&, const count_extent&) = default;
};
struct past_extent {  // [t − ago − length, t − ago)
  stream::duration length{};
  stream::duration ago{};
  friend bool operator==(const past_extent&, const past_extent&) = default;
};
struct calendar_extent {  // from the local midnight that began the day, the week (a Monday) or the month of t, to t
  enum class unit : std::uint8_t { day, week, month };
  unit counted = unit::day;
  std::string zone = "UTC";  // of the IANA time zone database
  friend bool operator==(const calendar_extent&, const calendar_extent&) = default;
};
struct session_extent {  // back to the last gap longer than `gap`, counted from t
  stream::duration gap{};
  friend bool operator==(const session_extent&, const session_extent&) = default;
};

/// Which of the filter's events an aggregate sees at a moment t. `prior` (with a time or a count) leaves out the event
/// at which the match ends.
struct window {
  std::variant<time_extent, count_extent, past_extent, calendar_extent, session_extent> extent;
  bool prior = false;

  friend bool operator==(const window&, const window&) = default;
};

/// A function over the subject's events in a window. With a field, events that lack it take no part. The filter's
/// `where` may read the events that the match has bound (not with a count_extent or a session_extent). `previous` has a
/// prior count_extent of 1, and takes the latest event whether or not it has the field.
struct aggregate {
  aggregate_function function = aggregate_function::count;
  event_filter events;
  std::optional<stream::field_id> field;  // none only for count
  cep::window window;
  value_type type;
  double parameter = 0;  // of percentile: from 0 to 1

  friend bool operator==(const aggregate&, const aggregate&) = default;
};

/// `each`: an alert for every event at which a match ends. `first`: then silence until `within` has passed. `all`: an
/// alert for every match, but for one event no more than `emit_limit`.
enum class emission : std::uint8_t { each, first, all };

/// After an alert, further ones with equal `by` values (none: of the same subject) are counted instead of raised,
/// as long as they are no more than `length` later.
struct suppression {
  std::vector<expression> by;
  stream::duration length{};

  friend bool operator==(const suppression&, const suppression&) = default;
};

/// What to find: a plain value. A rule's `on` is a sequence of one step.
struct pattern {
  std::vector<stream::field_type> subjects;  // entities and texts; none: the whole stream is one subject
  sequence body;
  expression condition = always();  // judged where the match ends: `when` and not `unless`
  std::vector<aggregate> aggregates;
  std::vector<expression> graph_calls = {};  // that are read where the match ends
  emission emit = emission::each;
  std::uint32_t emit_limit = 0;  // of `all`
  std::optional<suppression> suppress;
  state_limits limits{};  // what the deployment allows it, not what it looks for

  friend bool operator==(const pattern&, const pattern&) = default;
};

/// The body's steps, without the absences, as they are written: what `bound_field` indexes.
std::vector<const step*> steps_of(const pattern& p);
/// What its expressions ask of graphs, each once.
std::vector<graph_question> questions_of(const pattern& p);
/// The absences that the body ends in.
std::vector<const absence*> last_absences(const pattern& p);

/// The pattern on several lines; equal texts mean equal patterns.
std::string to_text(const pattern& p);

}  // namespace weir::cep
