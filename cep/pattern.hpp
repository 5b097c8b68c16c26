#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cep/expression.hpp"
#include "stream/time.hpp"

namespace weir::cep {

/// Which events take part: those of a type that belong to the subject through `key` and for which `where` holds.
/// A pattern without a subject has filters without a key.
struct event_filter {
  stream::event_type_id type{};
  std::optional<stream::field_id> key;
  expression where = always();

  friend bool operator==(const event_filter&, const event_filter&) = default;
};

/// An event to be bound. `where` may read the events bound by earlier steps.
struct step {
  std::string label;  // empty when the rule gives none
  event_filter events;

  friend bool operator==(const step&, const step&) = default;
};

/// Events that must not come: strictly between the steps on both sides, or, as the last part, after the last step and
/// no later than `within` after it. `where` may read the events bound by earlier steps.
struct absence {
  event_filter events;
  std::optional<stream::duration> within;  // exactly on a last part

  friend bool operator==(const absence&, const absence&) = default;
};

/// Steps in the order of the stream, with absences between; the first part is a step. `within` bounds the time from
/// the first to the last step's event, both ends included.
struct sequence {
  std::vector<std::variant<step, absence>> parts;
  std::optional<stream::duration> within;

  friend bool operator==(const sequence&, const sequence&) = default;
};

enum class aggregate_function : std::uint8_t { count, sum, avg, min, max, distinct, first, last };

struct time_extent {
  stream::duration length{};
  friend bool operator==(const time_extent&, const time_extent&) = default;
};
struct count_extent {
  std::uint32_t events = 0;
  friend bool operator==(const count_extent&, const count_extent&) = default;
};

/// Which of the filter's events an aggregate sees at a moment t: those of [t − length, t], or the last `events` ones;
/// `prior` leaves out the event at which the match ends.
struct window {
  std::variant<time_extent, count_extent> extent;
  bool prior = false;

  friend bool operator==(const window&, const window&) = default;
};

/// A function over the subject's events in a window. With a field, events that lack it take no part. The filter's
/// `where` may read the events that the match has bound (only with a time_extent).
struct aggregate {
  aggregate_function function = aggregate_function::count;
  event_filter events;
  std::optional<stream::field_id> field;  // none only for count
  cep::window window;
  value_type type;

  friend bool operator==(const aggregate&, const aggregate&) = default;
};

/// `each`: an alert for every event at which a match ends. `first`: then silence until `within` has passed.
enum class emission : std::uint8_t { each, first };

/// After an alert, further ones with equal `by` values (none: of the same subject) are counted instead of raised,
/// as long as they are no more than `length` later.
struct suppression {
  std::vector<expression> by;
  stream::duration length{};

  friend bool operator==(const suppression&, const suppression&) = default;
};

/// What to find: a plain value. A rule's `on` is a sequence of one step.
struct pattern {
  std::optional<stream::field_type> subject;  // an entity or a text; none: the whole stream is one subject
  sequence body;
  expression condition = always();  // judged where the match ends: `when` and not `unless`
  std::vector<aggregate> aggregates;
  emission emit = emission::each;
  std::optional<suppression> suppress;

  friend bool operator==(const pattern&, const pattern&) = default;
};

/// The body's steps, without the absences, in order: what `bound_field` indexes.
std::vector<const step*> steps_of(const pattern& p);
/// The absence at the end, if the body ends in one.
const absence* last_absence(const pattern& p);

/// The pattern on several lines; equal texts mean equal patterns.
std::string to_text(const pattern& p);

}  // namespace weir::cep
