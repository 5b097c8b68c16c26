#include <algorithm>
#include <bit>

#include "cep/pattern_matcher.hpp"

// How a pattern_matcher finds the matches of a body that is more than single steps.
namespace weir::cep {

void pattern_matcher::take_body(const arrival& a, std::span<const claim> claims, subject_state& s, findings& into) {
  const body_shape& shape = *plan_.body;
  body_state& body = *s.body;
  const auto is_member = [](const claim& c) { return c.role->part == role::part_kind::member; };
  if (std::ranges::any_of(claims, is_member)) ++body.number;
  body.advance(shape, a.itself.at);
  const numbered_event itself{a.itself.handle, a.itself.at, body.number};
  if (a.held) fill_windows(a, claims, s, false);
  // Absences look strictly before and behind an event, so it may be kept as one before it ends or sets a deadline.
  for (const claim& c : claims) {
    if (a.held && c.role->part == role::part_kind::absence) body.absences[c.role->index].push_back(itself);
  }
  const bool waits = shape.any_free();  // until the event closes, so that subjects come in their order
  if (!waits) end_or_arm(itself, a.subject, steps_held(a, steps_of(claims)), into);
  if (!a.held) return;
  // A search looks before the event at the end, so it may be kept as a candidate before it ends a match.
  for (const claim& c : claims) {
    const bool kept = c.role->part == role::part_kind::step && shape.steps[c.role->index].has_followers;
    if (kept) body.steps[c.role->index].push_back(itself);
  }
  if (!waits) fill_windows(a, claims, s, true);
}

std::uint64_t pattern_matcher::steps_of(std::span<const claim> claims) {
  std::uint64_t steps = 0;
  for (const claim& c : claims) {
    if (c.role->part == role::part_kind::step) steps |= std::uint64_t{1} << c.role->index;
  }
  return steps;
}

void pattern_matcher::end_or_arm(const numbered_event& end, stream::symbol subject, std::uint64_t end_steps,
                                 findings& into) {
  if (plan_.body->at_end.empty()) {
    end_body(end, subject, end_steps, into);
  } else {
    arm_body(end, subject, end_steps);
  }
}

/// After an event has come to all its subjects: the matches that end at it, also those of subjects that it does not
/// belong to. Then it can be found by what is linked to it.
void pattern_matcher::close_event(const arrival& a, findings& into) {
  const body_shape& shape = *plan_.body;
  const stream::duration horizon = shape.horizon();
  if (horizon != stream::duration::max()) {
    linked_.forget_before(stream::saturating_add(a.itself.at, -horizon));
  }
  const numbered_event itself{a.itself.handle, a.itself.at, 0};
  const auto claims_of = [this](const arrival& one) {
    return std::span<const claim>{claims_}.subspan(one.first_claim, one.claims);
  };
  // The event's arrivals at its own subjects stand right before this one.
  const auto last = static_cast<std::size_t>(&a - arrivals_.data());
  std::size_t first = last;
  while (first > 0 && !arrivals_[first - 1].closes && arrivals_[first - 1].itself.handle == itself.handle) --first;
  const auto own = std::span<const arrival>{arrivals_}.subspan(first, last - first);
  std::vector<std::pair<stream::symbol, std::uint64_t>> ends;
  for (const arrival& one : own) {
    ends.emplace_back(one.subject, steps_held(one, steps_of(claims_of(one))) | a.free_steps);
  }
  for (const stream::symbol subject : subjects_led_to(a)) {
    if (std::ranges::find(own, subject, &arrival::subject) == own.end()) ends.emplace_back(subject, a.free_steps);
  }
  std::ranges::sort(ends, [this](const auto& x, const auto& y) { return comes_before(x.first, y.first); });
  for (const auto& [subject, steps] : ends) end_or_arm(itself, subject, steps, into);
  for (const arrival& one : own) {
    if (one.held) fill_windows(one, claims_of(one), subjects_[one.state], true);
  }
  for (std::size_t step = 0; step < shape.steps.size(); ++step) {
    if ((a.all_steps >> step) & 1) linked_.add(step, a.event, itself);
  }
}

/// The subjects of events that links lead to from this one.
std::vector<stream::symbol> pattern_matcher::subjects_led_to(const arrival& a) {
  std::vector<free_candidates::lead> leads;
  for (std::size_t step = 0; step < plan_.body->steps.size(); ++step) {
    const bool may_end = ((a.free_steps >> step) & 1) && plan_.body->steps[step].may_be_last;
    if (may_end) linked_.find_leads(step, a.event, *log_, leads);
  }
  std::vector<stream::symbol> subjects;
  for (const auto& lead : leads) {
    const auto is_of = [&](const role& r) { return r.part == role::part_kind::step && r.index == lead.step; };
    const auto keyed = std::ranges::find_if(plan_.roles, is_of);
    if (const auto subject = subject_of((*log_)[lead.event], *keyed)) subjects.push_back(*subject);
  }
  std::ranges::sort(subjects);
  const auto repeated = std::ranges::unique(subjects);
  subjects.erase(repeated.begin(), repeated.end());
  return subjects;
}

void pattern_matcher::end_body(const numbered_event& end, stream::symbol subject, std::uint64_t end_steps,
                               findings& into) {
  const std::uint32_t state = by_subject_.find(subject);
  if (state == subject_index::none) return;
  subject_state& s = subjects_[state];
  bindings from = reading(subject);
  if (!may_end(end_steps) || (!plan_.condition_reads_bound && !condition_holds(s, from, end.at))) return;
  distinct_matches alerts(plan_.matches_max);
  body_search search{*plan_.body, *s.body, linked_, from};
  search.run(end, end_steps, [&](const std::vector<bound_step>& bound) {
    from.bound = bound;
    from.span = span_of(bound);
    if (plan_.condition_reads_bound && !condition_holds(s, from, end.at)) return false;
    if (alerts.add(bound)) emit(s, from, {.at = end.at, .end = end.handle, .subject = subject}, into);
    return alerts.enough();
  });
}

bool pattern_matcher::may_end(std::uint64_t end_steps) const {
  for (std::size_t step = 0; step < plan_.body->steps.size(); ++step) {
    if (((end_steps >> step) & 1) && plan_.body->steps[step].may_be_last) return true;
  }
  return false;
}

/// Of the deadlines of the absences at the end the latest; nothing when one of them makes no match.
std::optional<stream::timestamp> pattern_matcher::deadline_of_match(std::span<const bound_step> bound,
                                                                    stream::timestamp last) const {
  stream::timestamp latest = last;
  for (const auto& absence : plan_.body->at_end) {
    const auto due = deadline_of(absence, bound, last, *log_);
    if (!due) return std::nullopt;
    latest = std::max(latest, *due);
  }
  return latest;
}

/// An event may end several matches with deadlines of their own, where these count from an earlier event.
void pattern_matcher::arm_body(const numbered_event& end, stream::symbol subject, std::uint64_t end_steps) {
  const std::uint32_t state = by_subject_.find(subject);
  if (state == subject_index::none || !may_end(end_steps)) return;
  subject_state& s = subjects_[state];
  const bool one = std::ranges::none_of(plan_.body->at_end, [](const auto& a) { return a.of.has_value(); });
  std::vector<stream::timestamp> deadlines;
  body_search search{*plan_.body, *s.body, linked_, reading(subject)};
  search.run(end, end_steps, [&](const std::vector<bound_step>& bound) {
    const auto due = deadline_of_match(bound, end.at);
    const bool is_new = due && std::ranges::find(deadlines, *due) == deadlines.end();
    if (is_new) deadlines.push_back(*due);
    return one && is_new;
  });
  for (const stream::timestamp at : deadlines) {
    ++s.body->open_deadlines;
    deadlines_.push({.at = at,
                     .armed = end.handle,
                     .sequence = deadlines_set_++,
                     .subject = subject,
                     .number = end.number,
                     .end_steps = end_steps});
  }
}

void pattern_matcher::pass_body(const deadline& d, findings& into) {
  const std::uint32_t state = by_subject_.find(d.subject);
  if (state == subject_index::none) return;  // forgotten; else kept by the open deadline
  subject_state& s = subjects_[state];
  std::uint64_t end_steps = d.end_steps;
  if (s.limited) {
    if (d.sequence < s.limited->first_deadline) return;
    if (d.armed < s.limited->kept_from) end_steps &= free_steps();
  }
  --s.body->open_deadlines;
  if (!may_end(end_steps)) return;
  const numbered_event end{d.armed, (*log_)[d.armed].at(), d.number};
  bindings from = reading(d.subject);
  distinct_matches alerts(plan_.matches_max);
  body_search search{*plan_.body, *s.body, linked_, from};
  search.run(end, end_steps, [&](const std::vector<bound_step>& bound) {
    if (deadline_of_match(bound, end.at) != d.at) return false;
    from.bound = bound;
    from.span = span_of(bound);
    for (const auto& absence : plan_.body->at_end) {
      const auto until = *deadline_of(absence, bound, end.at, *log_);
      if (absence_broken(absence, *s.body, from, end.handle, stream::no_event, until)) return false;
    }
    if (!condition_holds(s, from, d.at)) return false;
    if (alerts.add(bound)) emit(s, from, {.at = d.at, .armed = d.armed, .subject = d.subject}, into);
    return alerts.enough();
  });
}

}  // namespace weir::cep
