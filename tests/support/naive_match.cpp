#include "tests/support/naive_match.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "tests/support/naive_limits.hpp"

namespace weir::testing {
namespace {

using places = std::vector<std::size_t>;
using subject_values = std::vector<std::string>;

/// One `then`: its group, and the number of its first step in the pattern.
struct numbered_group {
  const cep::step_group& group;
  std::size_t first = 0;
  std::size_t size() const { return group.steps.size(); }
};

/// A `no`, and how many groups stand before it.
struct placed_absence {
  const cep::absence& absence;
  std::size_t groups_before = 0;
};

/// The body of a pattern, taken apart.
struct plain_body {
  explicit plain_body(const cep::pattern& pattern) {
    std::size_t steps = 0;
    for (const auto& part : pattern.body.parts) {
      if (const auto* group = std::get_if<cep::step_group>(&part)) {
        groups.push_back({*group, steps});
        steps += group->steps.size();
      } else {
        absences.push_back({std::get<cep::absence>(part), groups.size()});
      }
    }
    for (const numbered_group& g : groups) {
      for (const cep::step& s : g.group.steps) {
        filters.push_back(&s.events);
        group_of_step.push_back(static_cast<std::size_t>(&g - groups.data()));
      }
    }
    step_count = filters.size();
    for (const placed_absence& a : absences) filters.push_back(&a.absence.events);
  }

  std::vector<numbered_group> groups;
  std::vector<placed_absence> absences;
  std::size_t step_count = 0;
  std::vector<std::size_t> group_of_step;
  std::vector<const cep::event_filter*> filters;  // of the steps, then of the absences
};

/// The matches of one subject.
class subject_matches {
 public:
  subject_matches(const cep::pattern& pattern, const naive_context& stream, stream::timestamp final_watermark,
                  subject_values subject)
      : pattern_(pattern),
        body_(pattern),
        stream_(stream),
        final_watermark_(final_watermark),
        subject_(std::move(subject)),
        bound_(body_.step_count) {}

  /// Only these events are there for its steps and absences: of a pattern with limits.
  subject_matches& seeing(std::function<bool(std::size_t)> sees) {
    sees_ = std::move(sees);
    return *this;
  }
  /// Matches whose deadline is to come, whatever comes until then.
  subject_matches& at_last_event() {
    at_last_event_ = true;
    return *this;
  }

  std::vector<naive_match> find() {
    extend(0);
    return std::move(found_);
  }

 private:
  // Events of free steps belong to no subject: no limit is about them.
  bool is_there(const cep::event_filter& filter, std::size_t place) const {
    return !sees_ || (filter.keys.empty() && !pattern_.subjects.empty()) || sees_(place);
  }

  // ---- every choice of events

  // "`then` is 'later in the stream's order, other events may come between'": every later event is tried.
  void extend(std::size_t group) {
    if (group == body_.groups.size()) {
      keep_if_match();
      return;
    }
    const numbered_group& g = body_.groups[group];
    // "`optional S`: what S binds, or nothing."
    if (g.group.optional) extend(group + 1);
    if (g.group.gathered == cep::step_group::gathering::all_of) {
      extend_by_all(group, 0, places_after(last_bound_before(group)));
      return;
    }
    // "`one of (A, B, …)`: what one of the members binds. The labels of the others are missing."
    for (std::size_t member = 0; member < g.size(); ++member) {
      extend_by_runs(group, member, [&] { extend(group + 1); });
    }
  }

  // "`all of (A, B, …)`: an event for each member, in any order, all after the event before." A group of one step is
  // the same, but that its step may take a run.
  void extend_by_all(std::size_t group, std::size_t member, const places& after) {
    const numbered_group& g = body_.groups[group];
    if (member == g.size()) {
      extend(group + 1);
    } else if (g.size() == 1) {
      extend_by_runs(group, member, [&] { extend(group + 1); });
    } else {
      for (const std::size_t place : after) {
        if (is_bound(place) || !qualifies_for(group, member, place)) continue;
        with_bound(g.first + member, {place}, [&] { extend_by_all(group, member + 1, after); });
      }
    }
  }

  // "A step with a quantity binds a run: events that all qualify for it, after the event before, such that no event
  // that qualifies for it stands between the first and the last of them and is left out."
  void extend_by_runs(std::size_t group, std::size_t member, const std::function<void()>& go_on) {
    const cep::quantity& count = step(group, member).count;
    places qualifying;
    for (const std::size_t place : places_after(last_bound_before(group))) {
      if (qualifies_for(group, member, place)) qualifying.push_back(place);
    }
    for (auto first = qualifying.begin(); first != qualifying.end(); ++first) {
      for (auto last = first; last != qualifying.end(); ++last) {
        const auto size = static_cast<std::size_t>(last - first) + 1;
        if (count.most && size > *count.most) break;
        if (size < count.least) continue;
        with_bound(body_.groups[group].first + member, {first, last + 1}, go_on);
      }
    }
  }

  void with_bound(std::size_t step, places events, const std::function<void()>& go_on) {
    bound_[step] = std::move(events);
    go_on();
    bound_[step].clear();
  }

  const cep::step& step(std::size_t group, std::size_t member) const { return body_.groups[group].group.steps[member]; }

  bool qualifies_for(std::size_t group, std::size_t member, std::size_t place) const {
    const cep::step& s = step(group, member);
    return is_there(s.events, place) && qualifies(s.events, place, context()) && is_in_time(s, place);
  }

  // "`within D of LABEL` behind a step: every event that the step binds comes no later than D after the (last) event of
  // LABEL. False if LABEL is missing."
  bool is_in_time(const cep::step& step, std::size_t place) const {
    if (!step.within) return true;
    const places& label = bound_[step.within->step];
    return !label.empty() && at(place) <= at(label.back()) + step.within->length;
  }

  // ---- what a match is

  void keep_if_match() {
    const places events = sorted_events();
    if (events.empty() || !shows_subject()) return;
    if (!is_within(events.front(), events.back())) return;
    for (std::size_t g = 0; g < body_.groups.size(); ++g) {
      if (!runs_are_longest(g) || !comes_next(g)) return;
    }
    if (!std::ranges::all_of(body_.absences, [&](const auto& a) { return is_absent(a); })) return;
    const std::optional<match_end> end = end_of(events.back());
    if (end) found_.push_back({subject_, bound_, body_.group_of_step, *end});
  }

  // Events of free steps belong to no subject: a match needs one that does.
  bool shows_subject() const {
    if (pattern_.subjects.empty()) return true;
    for (std::size_t s = 0; s < body_.step_count; ++s) {
      if (!bound_[s].empty() && !body_.filters[s]->keys.empty()) return true;
    }
    return false;
  }

  // "within D (last line): time of the last event − time of the first ≤ D." "`within N events`: … the number of the
  // last event of the match minus that of its first is at most N."
  bool is_within(std::size_t first, std::size_t last) const {
    const cep::sequence& body = pattern_.body;
    if (body.within && at(last) - at(first) > *body.within) return false;
    return !body.within_events || number_of(last) - number_of(first) <= *body.within_events;
  }

  // "Number the events of the rule for this subject in the stream's order."
  std::size_t number_of(std::size_t place) const {
    std::size_t number = 0;
    for (std::size_t i = 0; i < place; ++i) number += is_of_the_rule(i) ? 1 : 0;
    return number;
  }

  // "An event is of the rule for a subject if one of the match's steps or absences names its type and the fields by
  // which events of that step or absence belong to the subject hold it; conditions play no part."
  bool is_of_the_rule(std::size_t place) const {
    return std::ranges::any_of(body_.filters, [&](const auto* filter) { return belongs(*filter, place, context()); });
  }

  // "`then next S`: between the event before and the first event that S binds there is no event of the rule for this
  // subject."
  bool comes_next(std::size_t group) const {
    const std::optional<std::size_t> before = last_bound_before(group);
    const std::optional<std::size_t> first = first_bound_in(group, group + 1);
    if (!body_.groups[group].group.next || !before || !first) return true;
    for (std::size_t place = *before + 1; place < *first; ++place) {
      if (is_of_the_rule(place)) return false;
    }
    return true;
  }

  // "`at least N times`, and `some`: the longest run. It begins at the first event that qualifies, comes after the
  // event before, and lies within the match's windows; it ends at the last one that qualifies before the event after,
  // again within the windows. As the last step it ends at the event where the match ends."
  bool runs_are_longest(std::size_t group) {
    for (std::size_t member = 0; member < body_.groups[group].size(); ++member) {
      const places run = bound_[body_.groups[group].first + member];
      if (run.empty() || step(group, member).count.most) continue;
      if (can_begin_before(group, member, run.front()) || can_end_after(group, member, run.back())) return false;
    }
    return true;
  }

  bool can_begin_before(std::size_t group, std::size_t member, std::size_t first) const {
    const std::size_t last_of_match = sorted_events().back();
    return std::ranges::any_of(places_after(last_bound_before(group)), [&](std::size_t place) {
      const bool fits = last_bound_before(group) || is_within(place, last_of_match);
      return place < first && fits && qualifies_for(group, member, place);
    });
  }

  bool can_end_after(std::size_t group, std::size_t member, std::size_t last) const {
    const std::optional<std::size_t> after = first_bound_in(group + 1, body_.groups.size());
    if (!after) return false;
    for (std::size_t place = last + 1; place < *after; ++place) {
      if (qualifies_for(group, member, place)) return true;
    }
    return false;
  }

  // ---- absences

  bool is_last(const placed_absence& a) const { return a.groups_before == body_.groups.size(); }

  bool is_absent(const placed_absence& a) const {
    if (a.groups_before == 0) return is_absent_first(a.absence);
    return is_last(a) ? is_absent_last(a) : is_absent_between(a);
  }

  bool none_qualifies(const cep::absence& absence, const std::function<bool(std::size_t)>& counts) const {
    for (std::size_t place = 0; place < stream_.events.size(); ++place) {
      const bool comes = counts(place) && is_there(absence.events, place);
      if (comes && qualifies(absence.events, place, context())) return false;
    }
    return true;
  }

  // "`no F within D` at the beginning: with b the first event of the match, no event that qualifies for F comes before
  // b in the order and has a time ≥ b.at − D."
  bool is_absent_first(const cep::absence& absence) const {
    const std::size_t first = sorted_events().front();
    return none_qualifies(absence,
                          [&](std::size_t place) { return place < first && at(first) - at(place) <= *absence.within; });
  }

  // "Absences stand between the event before and the event after, whatever steps those belong to. `no F within D`: no
  // event that qualifies for F between them with a time ≤ (event before).at + D; `within D of LABEL` counts from
  // LABEL's (last) event."
  bool is_absent_between(const placed_absence& a) const {
    const std::optional<std::size_t> before = last_bound_before(a.groups_before);
    const std::optional<std::size_t> after = first_bound_in(a.groups_before, body_.groups.size());
    if (!before || !after) return true;
    const std::optional<stream::timestamp> until = deadline_of(a.absence, *before);
    if (a.absence.within && !until) return true;  // a comparison with a missing time is false
    return none_qualifies(a.absence, [&](std::size_t place) {
      return place > *before && place < *after && (!until || at(place) <= *until);
    });
  }

  // "At the end: no event that qualifies for F comes after en in the order and has a time ≤ d."
  bool is_absent_last(const placed_absence& a) const {
    const std::size_t last = sorted_events().back();
    const std::optional<stream::timestamp> deadline = deadline_of(a.absence, last);
    if (at_last_event_) return deadline.has_value();
    return deadline &&
           none_qualifies(a.absence, [&](std::size_t place) { return place > last && at(place) <= *deadline; });
  }

  // From the event before, or from the label's last. None without `within`, or where the label is missing.
  std::optional<stream::timestamp> deadline_of(const cep::absence& absence, std::size_t before) const {
    if (!absence.within) return std::nullopt;
    if (!absence.of) return at(before) + *absence.within;
    const places& label = bound_[*absence.of];
    return label.empty() ? std::nullopt : std::optional(at(label.back()) + *absence.within);
  }

  // "The match ends at the last event"; with absences behind it "at the latest of the deadlines. A deadline before the
  // last event makes no match." "It is decided when the watermark is greater than d."
  std::optional<match_end> end_of(std::size_t last) const {
    match_end end{at(last), last, false};
    for (const placed_absence& a : body_.absences) {
      if (!is_last(a)) continue;
      const stream::timestamp deadline = *deadline_of(a.absence, last);
      if (deadline < at(last)) return std::nullopt;
      end.at = std::max(end.at, deadline);
      end.is_deadline = true;
    }
    if (end.is_deadline && final_watermark_ <= end.at && !at_last_event_) return std::nullopt;
    return end;
  }

  // ---- what is bound

  stream::timestamp at(std::size_t place) const { return stream_.events[place].at; }

  naive_context context() const {
    naive_context made = stream_;
    made.bound = bound_;
    made.subject = subject_;
    return made;
  }

  places bound_by(std::size_t from_group, std::size_t to_group) const {
    places all;
    for (std::size_t g = from_group; g < to_group; ++g) {
      for (std::size_t member = 0; member < body_.groups[g].size(); ++member) {
        const places& run = bound_[body_.groups[g].first + member];
        all.insert(all.end(), run.begin(), run.end());
      }
    }
    std::ranges::sort(all);
    return all;
  }
  places sorted_events() const { return bound_by(0, body_.groups.size()); }

  // "'The event before' a step is the latest event that the steps before it have bound, and 'the event after' is the
  // earliest that the steps behind it bind."
  std::optional<std::size_t> last_bound_before(std::size_t group) const {
    const places bound = bound_by(0, group);
    return bound.empty() ? std::nullopt : std::optional(bound.back());
  }
  std::optional<std::size_t> first_bound_in(std::size_t from_group, std::size_t to_group) const {
    const places bound = bound_by(from_group, to_group);
    return bound.empty() ? std::nullopt : std::optional(bound.front());
  }

  places places_after(std::optional<std::size_t> before) const {
    places after;
    for (std::size_t place = before ? *before + 1 : 0; place < stream_.events.size(); ++place) after.push_back(place);
    return after;
  }

  bool is_bound(std::size_t place) const {
    return std::ranges::any_of(bound_, [&](const places& run) { return std::ranges::find(run, place) != run.end(); });
  }

  const cep::pattern& pattern_;
  const plain_body body_;
  const naive_context& stream_;
  stream::timestamp final_watermark_;
  subject_values subject_;
  std::function<bool(std::size_t)> sees_;
  bool at_last_event_ = false;
  naive_binding bound_;
  std::vector<naive_match> found_;
};

// "It belongs to s if the field that the `where` equates with the subject, or else the field of the subject's name, is
// s." "An event whose field for the subject is missing belongs to no subject."
std::optional<subject_values> subject_of(const plain_event& event, const cep::event_filter& filter) {
  subject_values subject;
  for (const stream::field_id key : filter.keys) {
    const naive_value value = read_field(event, key);
    if (is_missing(value)) return std::nullopt;
    subject.push_back(std::get<std::string>(value));
  }
  return subject;
}

std::set<subject_values> all_subjects(const cep::pattern& pattern, const naive_context& stream) {
  if (pattern.subjects.empty()) return {{}};
  const plain_body body(pattern);
  std::set<subject_values> subjects;
  for (std::size_t s = 0; s < body.step_count; ++s) {
    const cep::event_filter& filter = *body.filters[s];
    if (filter.keys.empty()) continue;
    for (const plain_event& event : stream.events) {
      if (event.type != filter.type) continue;
      if (auto subject = subject_of(event, filter)) subjects.insert(*std::move(subject));
    }
  }
  return subjects;
}

/// The matches of one subject of a pattern with limits. What it sees shrinks whenever something is forgotten; so they
/// are looked for once for every time that this has happened, and those count that end while it has happened so often.
class limited_matches {
 public:
  limited_matches(const cep::pattern& pattern, const naive_context& stream, stream::timestamp final_watermark,
                  subject_values subject)
      : pattern_(pattern),
        stream_(stream),
        final_watermark_(final_watermark),
        subject_(std::move(subject)),
        limits_(*stream.limits) {}

  std::vector<naive_match> find() {
    const std::size_t times = limits_.times_forgotten(subject_);
    for (std::size_t n = 0; n <= times; ++n) note_deadlines(n);
    for (std::size_t n = 0; n <= times; ++n) {
      keep(seeing(n).find(), [&](const naive_match& m) { return times_at(m.end) == n && was_set(m.end); });
    }
    // "It may end a match, and that is all": an event that was refused.
    for (std::size_t place = 0; place < stream_.events.size(); ++place) {
      const std::size_t n = times_at({stream_.events[place].at, place, false});
      if (limits_.sees(subject_, place, n)) continue;
      auto matches = matches_of();
      matches.seeing([this, n, place](std::size_t i) { return i == place || limits_.sees(subject_, i, n); });
      keep(matches.find(), [&](const naive_match& m) { return !m.end.is_deadline && m.end.place == place; });
    }
    return std::move(found_);
  }

 private:
  using deadline = std::pair<std::size_t, stream::timestamp>;

  // "A deadline is set by the last event, if there is a match then."
  void note_deadlines(std::size_t n) {
    for (const naive_match& m : seeing(n).at_last_event().find()) {
      const std::size_t last = m.end.place;
      const bool now = times_at({stream_.events[last].at, last, false}) == n;
      if (m.end.is_deadline && now) deadlines_.emplace(last, m.end.at);
    }
  }
  bool was_set(const match_end& end) const { return !end.is_deadline || deadlines_.contains({end.place, end.at}); }

  std::size_t times_at(const match_end& end) const { return limits_.times_forgotten(subject_, end); }
  subject_matches matches_of() const { return {pattern_, stream_, final_watermark_, subject_}; }
  subject_matches seeing(std::size_t n) const {
    auto matches = matches_of();
    matches.seeing([this, n](std::size_t place) { return limits_.sees(subject_, place, n); });
    return matches;
  }
  void keep(std::vector<naive_match> matches, const std::function<bool(const naive_match&)>& counts) {
    std::ranges::copy_if(matches, std::back_inserter(found_), counts);
  }

  const cep::pattern& pattern_;
  const naive_context& stream_;
  stream::timestamp final_watermark_;
  subject_values subject_;
  const naive_limits& limits_;
  std::set<deadline> deadlines_;
  std::vector<naive_match> found_;
};

}  // namespace

std::vector<std::size_t> naive_match::events() const {
  places all;
  for (const places& run : bound) all.insert(all.end(), run.begin(), run.end());
  return all;
}

namespace {

/// An event of a match with the step that binds it.
struct bound_place {
  std::size_t place = 0;
  std::size_t step = 0;
  friend auto operator<=>(const bound_place&, const bound_place&) = default;
};

std::vector<bound_place> in_stream_order(const naive_match& m) {
  std::vector<bound_place> events;
  for (std::size_t step = 0; step < m.bound.size(); ++step) {
    for (const std::size_t place : m.bound[step]) events.push_back({place, step});
  }
  std::ranges::sort(events);
  return events;
}

}  // namespace

// "Follow the events of both in the stream's order, each with the step that binds it, to the first place where they
// differ. If the steps belong to different `then`s, the match whose `then` is written earlier is the later one … Else,
// if the events differ, the match whose event is later is. Else one event is bound by different members of an `all of`
// or `one of`, and the match whose step is written first is the later one."
std::strong_ordering compare(const naive_match& a, const naive_match& b) {
  const std::vector<bound_place> first = in_stream_order(a);
  const std::vector<bound_place> second = in_stream_order(b);
  const auto [x, y] = std::ranges::mismatch(first, second);
  if (x == first.end() || y == second.end()) return first.size() <=> second.size();
  if (a.groups[x->step] != b.groups[y->step]) return b.groups[y->step] <=> a.groups[x->step];
  if (x->place != y->place) return x->place <=> y->place;
  return y->step <=> x->step;
}

std::vector<naive_match> all_matches(const cep::pattern& pattern, const naive_context& stream,
                                     stream::timestamp final_watermark) {
  std::vector<naive_match> all;
  for (const subject_values& subject : all_subjects(pattern, stream)) {
    std::vector<naive_match> found = stream.limits != nullptr
                                         ? limited_matches(pattern, stream, final_watermark, subject).find()
                                         : subject_matches(pattern, stream, final_watermark, subject).find();
    std::ranges::move(found, std::back_inserter(all));
  }
  return all;
}

}  // namespace weir::testing
