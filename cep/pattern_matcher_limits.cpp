#include <algorithm>
#include <utility>

#include "cep/pattern_matcher.hpp"

// What a pattern_matcher holds where its plan has limits (docs/semantics.md, "Limits").
namespace weir::cep {

/// The event of this arrival comes to all its subjects, before it is matched for any. Its other arrivals stand behind.
void pattern_matcher::admit(std::size_t first) {
  const stream::event_handle event = arrivals_[first].itself.handle;
  if (first > 0 && arrivals_[first - 1].itself.handle == event) return;
  std::size_t end = first;
  for (; end < arrivals_.size() && arrivals_[end].itself.handle == event && !arrivals_[end].closes; ++end) {
    arrivals_[end].held = admit(arrivals_[end]);
    if (stop_) return;
  }
  // One subject may have come in another's place.
  for (std::size_t i = first; i < end; ++i) {
    if (subjects_[arrivals_[i].state].limited->kept_from > event) arrivals_[i].held = false;
  }
}

/// Makes room for an event, as the policies say; false where it stays out.
bool pattern_matcher::admit(const arrival& a) {
  subject_state& s = subjects_[a.state];
  find_parts(a, std::span<const claim>{claims_}.subspan(a.first_claim, a.claims));
  s.limited->held.advance(*plan_.held, a.itself.at);
  const bool counts_subjects = plan_.held->most.subjects.has_value();
  if (counts_subjects) census_.advance(a.itself.at);
  const bool is_new = counts_subjects && !census_.contains(a.state);
  if (is_new) loose_.push_back(a.state);
  if (parts_.empty()) return true;
  if (is_new && !make_room_for_subject(a)) return false;
  if (!make_room_for_event(a, s)) return false;
  if (counts_subjects) census_.touch(a.state, s.limited->held.until(*plan_.held));
  return true;
}

bool pattern_matcher::make_room_for_subject(const arrival& a) {
  const auto& most = *plan_.held->most.subjects;
  if (census_.size() < most.most) return true;
  switch (most.policy) {
    case limit_policy::evict:
      ++counters_.subjects_forgotten;
      forget_subject(census_.idle_longest(), a.itself.handle);
      return true;
    case limit_policy::refuse: ++counters_.subjects_refused; return false;
    case limit_policy::stop: stop_at(a, true, most.most); return false;
  }
  std::unreachable();
}

// An event that breaks an absence is never refused: a match that it stands in the way of would be found.
bool pattern_matcher::make_room_for_event(const arrival& a, subject_state& s) {
  held_events& held = s.limited->held;
  const auto& most = plan_.held->most.events;
  const bool fits = !most || held.size_with(*plan_.held, parts_) <= most->most;
  if (!fits && most->policy == limit_policy::stop) {
    stop_at(a, false, most->most);
    return false;
  }
  const auto claims = std::span<const claim>{claims_}.subspan(a.first_claim, a.claims);
  const auto breaks = [](const claim& c) { return c.role->part == role::part_kind::absence; };
  if (!fits && most->policy == limit_policy::refuse && std::ranges::none_of(claims, breaks)) {
    ++counters_.events_refused;
    return false;
  }
  held.add(*plan_.held, a.itself, parts_);
  if (!fits) {
    ++counters_.events_forgotten;
    forget(s, held.oldest());
  }
  return true;
}

/// Which parts of the plan hold the event: its match, its windows.
void pattern_matcher::find_parts(const arrival& a, std::span<const claim> claims) {
  parts_.clear();
  const auto in_match = [this](const claim& c) {
    const bool is_step = c.role->part == role::part_kind::step;
    return c.role->part == role::part_kind::absence || (is_step && plan_.held->steps[c.role->index]);
  };
  if (std::ranges::any_of(claims, in_match)) parts_.push_back(0);
  for (const claim& c : claims) {
    if (c.role->part != role::part_kind::window) continue;
    const window_shape& shape = plan_.windows[c.role->index];
    if (shape.latest || shape.has_field(a.event)) parts_.push_back(static_cast<std::uint32_t>(c.role->index) + 1);
  }
}

/// The event goes, and all that are older.
void pattern_matcher::forget(subject_state& s, stream::event_handle event) {
  const auto drop = [event](auto& events) {
    while (!events.empty() && events.front().handle <= event) events.pop_front();
  };
  for (std::size_t i = 0; i < s.windows.size(); ++i) s.windows[i].forget(plan_.windows[i], event);
  std::ranges::for_each(s.sequence.steps, drop);
  std::ranges::for_each(s.sequence.absences, drop);
  if (s.body) {
    std::ranges::for_each(s.body->steps, drop);
    std::ranges::for_each(s.body->absences, drop);
  }
  drop(s.armed);
  s.limited->held.forget(event);
  s.limited->kept_from = static_cast<stream::event_handle>(static_cast<std::uint64_t>(event) + 1);
}

/// The subject begins anew; its silence, if it has one, goes on.
void pattern_matcher::forget_subject(std::uint32_t place, stream::event_handle up_to) {
  subject_state& s = subjects_[place];
  forget(s, up_to);
  if (s.body) s.body->open_deadlines = 0;
  s.limited->first_deadline = deadlines_set_;
  census_.remove(place);
  loose_.push_back(place);
}

void pattern_matcher::stop_at(const arrival& a, bool of_subjects, std::uint32_t most) {
  const auto parts = parts_of(a.subject);
  stop_ = limit_stop{.event = a.itself.handle,
                     .at = a.itself.at,
                     .pattern = index_,
                     .subject = {parts.begin(), parts.end()},
                     .of_subjects = of_subjects,
                     .most = most};
}

/// States that hold nothing are given back at once: many subjects may come for which there is no room. Not before the
/// end of a batch, since its arrivals know states by their places.
void pattern_matcher::free_loose(stream::timestamp watermark) {
  for (const std::uint32_t place : loose_) {
    subject_state& s = subjects_[place];
    if (s.live && !census_.contains(place) && is_idle(s, watermark)) end_state(place);
  }
  loose_.clear();
}

/// The steps that an event may be bound by at the end of a match: where a deadline is to come, it has to be held.
std::uint64_t pattern_matcher::steps_held(const arrival& a, std::uint64_t end_steps) const {
  return a.held || plan_.body->at_end.empty() ? end_steps : 0;
}

std::uint64_t pattern_matcher::free_steps() const {
  std::uint64_t steps = 0;
  for (std::size_t i = 0; i < plan_.body->steps.size(); ++i) {
    if (plan_.body->steps[i].free) steps |= std::uint64_t{1} << i;
  }
  return steps;
}

}  // namespace weir::cep
