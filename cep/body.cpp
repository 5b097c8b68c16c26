#include "cep/body.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace weir::cep {

namespace {

void drop_older(ring<numbered_event>& events, stream::timestamp oldest) {
  while (!events.empty() && events.front().at < oldest) events.pop_front();
}

// The first place in the ring whose event comes after `handle`.
std::size_t first_after(const ring<numbered_event>& events, stream::event_handle handle) {
  std::size_t low = 0;
  std::size_t high = events.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (events[middle].handle > handle) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

stream::duration saturating_sum(stream::duration a, stream::duration b) {
  return a > stream::duration::max() - b ? stream::duration::max() : a + b;
}

}  // namespace

// ---- body_shape, body_state

stream::duration body_shape::patience() const {
  stream::duration longest{};
  for (const absence_shape& a : at_end) longest = std::max(longest, *a.within);
  return longest;
}

bool body_shape::any_free() const { return std::ranges::any_of(steps, &step_shape::free); }

stream::duration body_shape::horizon() const {
  const bool single = steps.size() == 1 && steps.front().count.single();
  if (!within && !single) return stream::duration::max();
  return saturating_sum(saturating_sum(within.value_or(stream::duration{}), lookback), patience());
}

void body_state::advance(const body_shape& shape, stream::timestamp now) {
  const stream::duration horizon = shape.horizon();
  if (horizon != stream::duration::max()) {
    const stream::timestamp oldest = stream::saturating_add(now, -horizon);
    for (auto& events : steps) drop_older(events, oldest);
    for (auto& events : absences) drop_older(events, oldest);
  }
  // With a deadline to come, matches that ended earlier are looked for again.
  if (!shape.within_events || !shape.at_end.empty()) return;
  for (auto& events : steps) {
    while (!events.empty() && number - events.front().number > *shape.within_events) events.pop_front();
  }
}

bool body_state::empty() const {
  const auto is_empty = [](const ring<numbered_event>& events) { return events.empty(); };
  return open_deadlines == 0 && std::ranges::all_of(steps, is_empty) && std::ranges::all_of(absences, is_empty);
}

// ---- body_search

void body_search::run(const numbered_event& end, std::uint64_t end_steps, const visitor& visit) {
  end_ = end;
  end_steps_ = end_steps;
  visit_ = &visit;
  bound_.assign(shape_.steps.size(), {});
  runs_.resize(shape_.steps.size());
  path_.clear();
  from_.bound = bound_;
  extend({}, end_.handle);
}

const ring<numbered_event>& body_search::candidates(std::size_t step) const {
  if (!shape_.steps[step].free) return state_.steps[step];
  if (std::popcount(end_steps_) != 1) return shared_.find(step, bound_, *from_.log);
  std::vector<bound_step> with_end = bound_;  // which step the last event will take is known: links lead from it, too
  with_end[static_cast<std::size_t>(std::countr_zero(end_steps_))].last = end_.handle;
  return shared_.find(step, with_end, *from_.log);
}

/// Tries all events that may come next, the latest first; true when enough has been found.
bool body_search::extend(const position& at, stream::event_handle no_later) {
  std::vector<source> sources;
  gather(at, no_later, sources);
  for (;;) {
    source* best = nullptr;
    const numbered_event* event = nullptr;
    for (source& s : sources) {
      const numbered_event* const candidate = latest(s);
      if (candidate == nullptr) continue;
      const bool wins =
          event == nullptr || s.group < best->group || (s.group == best->group && candidate->handle > event->handle);
      if (!wins) continue;
      best = &s;
      event = candidate;
    }
    if (best == nullptr) return false;
    const source chosen = *best;
    const numbered_event next = *event;
    if (best->try_end) {
      best->try_end = false;
    } else if (best->only) {
      best->only.reset();
    } else {
      --best->left;
      if (path_.empty() && !in_window(next)) {
        best->left = 0;
        continue;
      }
    }
    if (choose(at, chosen, next)) return true;
  }
}

const numbered_event* body_search::latest(source& s) const {
  if (s.try_end) return &end_;
  if (s.only) return &*s.only;
  if (s.left == 0) return nullptr;
  const numbered_event& event = (*s.events)[s.left - 1];
  const bool behind = !path_.empty() && event.handle <= path_.back().handle;
  return behind ? nullptr : &event;
}

void body_search::gather(const position& at, stream::event_handle no_later, std::vector<source>& into) const {
  if (at.count > 0) {
    // Within a run: its next event, if it may grow, and whatever may follow it, if it may end.
    const auto& step = shape_.steps[at.step];
    if (at.count < *step.count.most) {
      if (const auto next = next_qualifying(at.step, path_.back().handle, false)) {
        into.push_back({.step = at.step, .group = at.group, .only = *next});
      }
    }
    if (at.count < step.count.least) return;
  } else if (at.taken != 0) {
    return gather_group(at.group, at.taken, no_later, into);
  }
  for (std::size_t group = at.count > 0 ? at.group + 1 : at.group; group < shape_.groups.size(); ++group) {
    gather_group(group, 0, no_later, into);
    if (!shape_.groups[group].optional) return;
  }
}

// Of two steps that could take the same event the first one written does.
void body_search::gather_group(std::size_t group, std::uint64_t taken, stream::event_handle no_later,
                               std::vector<source>& into) const {
  const auto& g = shape_.groups[group];
  for (std::size_t member = 0; member < g.size; ++member) {
    if ((taken >> member) & 1) continue;
    if (auto made = make_source(g.first + member, group, no_later)) into.push_back(*made);
  }
}

std::optional<body_search::source> body_search::make_source(std::size_t step, std::size_t group,
                                                            stream::event_handle no_later) const {
  const auto& shape = shape_.steps[step];
  source made{.step = step, .group = group};
  if (!shape.count.most) {
    const auto after = path_.empty() ? stream::event_handle{} : path_.back().handle;
    const auto first = next_qualifying(step, after, path_.empty());
    if (!first || first->handle > no_later) return std::nullopt;
    made.only = *first;
    return made;
  }
  made.try_end = no_later >= end_.handle && ends_with(step) && shape.may_be_last;
  if (shape.has_followers) {
    made.events = &candidates(step);
    const auto before = static_cast<stream::event_handle>(static_cast<std::uint64_t>(end_.handle) - 1);
    made.left = first_after(*made.events, std::min(no_later, before));
  }
  return made;
}

/// The first event that qualifies for a step of a quantity after another one, the event at the end among them.
/// `first`: of the whole match, so the windows say where it may begin.
std::optional<numbered_event> body_search::next_qualifying(std::size_t step, stream::event_handle after,
                                                           bool first) const {
  const auto& events = candidates(step);
  for (std::size_t i = first ? 0 : first_after(events, after); i < events.size(); ++i) {
    if (events[i].handle >= end_.handle) break;
    if (first && !in_window(events[i])) continue;
    if (!in_reach(step, events[i])) return std::nullopt;  // and so are all later ones
    if (qualifies(step, events[i])) return events[i];
  }
  const bool ends = ends_with(step) && in_reach(step, end_) && qualifies(step, end_);
  return ends ? std::optional{end_} : std::nullopt;
}

bool body_search::in_window(const numbered_event& first) const {
  if (shape_.within && end_.at - first.at > *shape_.within) return false;
  return !shape_.within_events || end_.number - first.number <= *shape_.within_events;
}

/// `within D of LABEL`
bool body_search::in_reach(std::size_t step, const numbered_event& event) const {
  const auto& within = shape_.steps[step].within;
  if (!within) return true;
  const bound_step& since = bound_[within->step];
  return since.bound() && event.at - (*from_.log)[since.last].at() <= within->length;
}

bool body_search::qualifies(std::size_t step, const numbered_event& event) const {
  const auto& join = shape_.steps[step].join;
  if (!join) return true;
  from_.event = (*from_.log)[event.handle];
  return join->holds(from_);
}

bool body_search::may_come(const position& at, const source& s, const numbered_event& event) {
  const auto& group = shape_.groups[s.group];
  const bool inside = s.group == at.group && (at.taken != 0 || at.count > 0);
  if (inside) return true;
  const bool follows = !path_.empty();
  if (group.next && follows && event.number != path_.back().number + 1) return false;
  const std::size_t from = at.count > 0 ? at.group + 1 : at.group;
  for (std::size_t g = from; g <= s.group; ++g) {
    for (const auto& absence : shape_.groups[g].before) {
      const bool broken = follows ? came_between(absence, event) : g == 0 && began_with(absence, event);
      if (broken) return false;
    }
  }
  return true;
}

/// A `no` between the last event bound and the next one.
bool body_search::came_between(const body_shape::absence_shape& absence, const numbered_event& next) const {
  stream::timestamp until = stream::end_of_time;
  if (absence.within) {
    stream::timestamp since = path_.back().at;
    if (absence.of) {
      if (!bound_[*absence.of].bound()) return false;  // nothing comes in time after an event that is missing
      since = (*from_.log)[bound_[*absence.of].last].at();
    }
    until = stream::saturating_add(since, *absence.within);
  }
  return absence_broken(absence, state_, from_, path_.back().handle, next.handle, until);
}

/// A `no` at the beginning: whether an event of it comes in the time before the first event of the match.
bool body_search::began_with(const body_shape::absence_shape& absence, const numbered_event& first) const {
  const auto& events = state_.absences[absence.slot];
  for (std::size_t i = first_after(events, first.handle); i-- > 0;) {
    if (events[i].handle == first.handle) continue;
    if (first.at - events[i].at > *absence.within) return false;
    if (!absence.join) return true;
    from_.event = (*from_.log)[events[i].handle];
    if (absence.join->holds(from_)) return true;
  }
  return false;
}

bool body_search::choose(const position& at, const source& s, const numbered_event& event) {
  const bool is_end = event.handle == end_.handle;
  const auto& step = shape_.steps[s.step];
  const bool grows = at.count > 0 && s.group == at.group;
  if (!may_come(at, s, event)) return false;
  if (!step.count.most) return bind_longest(s);
  if (!grows && (!in_reach(s.step, event) || !qualifies(s.step, event))) return false;

  position next{.group = s.group};
  if (step.count.single()) {
    const auto& group = shape_.groups[s.group];
    const bool all = group.gathered == step_group::gathering::all_of && group.size > 1;
    const std::uint64_t taken = (s.group == at.group ? at.taken : 0) | std::uint64_t{1} << (s.step - group.first);
    const bool whole = !all || std::popcount(taken) == static_cast<int>(group.size);
    next = whole ? position{.group = s.group + 1} : position{.group = s.group, .taken = taken};
    bound_[s.step].last = event.handle;
  } else {
    next.step = s.step;
    next.count = grows ? at.count + 1 : 1;
    auto& run = runs_[s.step];
    if (!grows) run.clear();
    run.push_back(event.handle);
    bound_[s.step] = {event.handle, run};
  }
  path_.push_back(event);
  const bool enough = go_on(next, end_.handle, is_end);
  path_.pop_back();
  if (step.count.single()) {
    bound_[s.step] = {};
  } else {
    auto& run = runs_[s.step];
    run.pop_back();
    bound_[s.step] = run.empty() ? bound_step{} : bound_step{run.back(), run};
  }
  return enough;
}

bool body_search::go_on(const position& next, stream::event_handle no_later, bool at_end) {
  if (!at_end) return extend(next, no_later);
  const bool run_is_short = next.count > 0 && next.count < shape_.steps[next.step].count.least;
  if (run_is_short || next.taken != 0) return false;
  return rest_is_optional(next.count > 0 ? next.group + 1 : next.group) && (*visit_)(bound_);
}

/// Binds a longest run, in all ways that it may end: the longer ones, which are later, first.
bool body_search::bind_longest(const source& s) {
  std::vector<numbered_event> events{*s.only};
  while (events.back().handle != end_.handle) {
    const auto next = next_qualifying(s.step, events.back().handle, false);
    if (!next) break;
    events.push_back(*next);
  }
  const std::size_t before = path_.size();
  const std::uint32_t least = shape_.steps[s.step].count.least;
  bool enough = false;
  for (std::size_t size = events.size(); !enough && size >= least; --size) {
    auto& run = runs_[s.step];
    run.clear();
    path_.resize(before);
    for (std::size_t i = 0; i < size; ++i) {
      run.push_back(events[i].handle);
      path_.push_back(events[i]);
    }
    bound_[s.step] = {run.back(), run};
    // It ends with the last event before the one that comes behind it.
    const auto no_later = size < events.size() ? events[size].handle : end_.handle;
    enough = go_on({.group = s.group + 1}, no_later, run.back() == end_.handle);
  }
  path_.resize(before);
  bound_[s.step] = {};
  return enough;
}

bool body_search::rest_is_optional(std::size_t group) const {
  for (; group < shape_.groups.size(); ++group) {
    if (!shape_.groups[group].optional) return false;
  }
  return true;
}

bool distinct_matches::add(std::span<const bound_step> bound) {
  if (at_most_ > 1) {
    std::vector<stream::event_handle> events;
    for (const bound_step& step : bound) {
      events.insert(events.end(), step.run.begin(), step.run.end());
      if (step.run.empty() && step.bound()) events.push_back(step.last);
    }
    const auto place = std::ranges::lower_bound(seen_, events);
    if (place != seen_.end() && *place == events) return false;
    seen_.insert(place, std::move(events));
  }
  ++count_;
  return true;
}

bool absence_broken(const body_shape::absence_shape& absence, const body_state& state, bindings from,
                    stream::event_handle after, stream::event_handle before, stream::timestamp until) {
  const auto& events = state.absences[absence.slot];
  for (std::size_t i = first_after(events, after); i < events.size() && events[i].handle < before; ++i) {
    if (events[i].at > until) return false;
    if (!absence.join) return true;
    from.event = (*from.log)[events[i].handle];
    if (absence.join->holds(from)) return true;
  }
  return false;
}

std::optional<stream::timestamp> deadline_of(const body_shape::absence_shape& absence,
                                             std::span<const bound_step> bound, stream::timestamp last,
                                             const stream::event_log& log) {
  stream::timestamp since = last;
  if (absence.of) {
    if (!bound[*absence.of].bound()) return std::nullopt;
    since = log[bound[*absence.of].last].at();
  }
  const auto deadline = stream::saturating_add(since, *absence.within);
  return deadline < last ? std::nullopt : std::optional{deadline};
}

}  // namespace weir::cep
