#include "tests/support/naive_limits.hpp"

#include <algorithm>
#include <iterator>

#include "cep/condition_split.hpp"
#include "tests/support/naive_calendar.hpp"

namespace weir::testing {
namespace {

using places = std::vector<std::size_t>;

// "A `then` that is the last one, takes one event, and has no absence behind it, holds none: its event ends the match."
bool is_held(const cep::step_group& group, const cep::step& step, bool last, bool waits) {
  const bool one_of_all = group.gathered == cep::step_group::gathering::all_of && group.steps.size() > 1;
  return !last || waits || one_of_all || !step.count.single();
}

// "From its time on as long as the match's `within`, and the `within` of absences at its ends; for ever where there is
// no `within`. Of a match of one event the absences alone count."
std::optional<stream::duration> reach_of(const cep::pattern& p) {
  const auto steps = cep::steps_of(p);
  const bool single = steps.size() == 1 && steps.front()->count.single();
  if (!single && !p.body.within) return std::nullopt;
  stream::duration first{};
  stream::duration last{};
  bool bound = false;
  for (const auto& part : p.body.parts) {
    if (const auto* absence = std::get_if<cep::absence>(&part)) {
      if (!bound) first = std::max(first, *absence->within);
      if (bound && absence->within) last = std::max(last, *absence->within);
    } else {
      bound = true;
      last = {};
    }
  }
  return (single ? stream::duration{} : *p.body.within) + first + last;
}

}  // namespace

cep::event_filter without_joins(cep::event_filter filter) {
  cep::expression where = cep::always();
  for (cep::expression& part : cep::conjuncts(filter.where)) {
    if (!cep::reads_bound(part)) where = cep::both(std::move(where), std::move(part));
  }
  filter.where = std::move(where);
  return filter;
}

naive_limits::naive_limits(const cep::pattern& pattern, const naive_context& stream)
    : pattern_(pattern), stream_(stream) {
  find_parts();
  for (std::size_t place = 0; place < stream_.events.size(); ++place) {
    for (const subject_values& subject : subjects_of(place)) {
      if (enters_any(place, subject)) admit(place, subject);
      if (stop_) return;
    }
  }
}

void naive_limits::find_parts() {
  const auto is_free = [&](const cep::event_filter& f) { return f.keys.empty() && !pattern_.subjects.empty(); };
  const bool waits = std::holds_alternative<cep::absence>(pattern_.body.parts.back());
  const cep::step_group* last = nullptr;
  for (const auto& p : pattern_.body.parts) {
    if (const auto* group = std::get_if<cep::step_group>(&p)) last = group;
  }
  part match{.filters = {}, .reach = reach_of(pattern_)};
  for (const auto& p : pattern_.body.parts) {
    if (const auto* absence = std::get_if<cep::absence>(&p)) {
      absences_.push_back(without_joins(absence->events));
      match.filters.push_back(absences_.back());
      continue;
    }
    const auto& group = std::get<cep::step_group>(p);
    for (const cep::step& s : group.steps) {
      const bool held = is_held(group, s, &group == last, waits);
      if (held && !is_free(s.events)) match.filters.push_back(without_joins(s.events));
    }
  }
  parts_.push_back(std::move(match));
  for (const cep::aggregate& a : pattern_.aggregates) {
    parts_.push_back({.filters = {without_joins(a.events)},
                      .held = a.window,
                      .field = a.function == cep::aggregate_function::previous ? std::nullopt : a.field});
  }
}

std::set<naive_limits::subject_values> naive_limits::subjects_of(std::size_t place) const {
  std::set<subject_values> subjects;
  const plain_event& event = stream_.events[place];
  for (const part& p : parts_) {
    for (const cep::event_filter& filter : p.filters) {
      if (event.type != filter.type) continue;
      subject_values subject;
      for (const stream::field_id key : filter.keys) {
        const naive_value value = read_field(event, key);
        if (!is_missing(value)) subject.push_back(std::get<std::string>(value));
      }
      if (subject.size() == pattern_.subjects.size()) subjects.insert(std::move(subject));
    }
  }
  return subjects;
}

bool naive_limits::enters(const part& p, std::size_t place, const subject_values& subject) const {
  naive_context context = stream_;
  context.subject = subject;
  const bool any = std::ranges::any_of(p.filters, [&](const auto& f) { return qualifies(f, place, context); });
  return any && !(p.field && is_missing(read_field(stream_.events[place], *p.field)));
}

bool naive_limits::enters_any(std::size_t place, const subject_values& subject) const {
  return std::ranges::any_of(parts_, [&](const part& p) { return enters(p, place, subject); });
}

bool naive_limits::breaks(std::size_t place, const subject_values& subject) const {
  naive_context context = stream_;
  context.subject = subject;
  return std::ranges::any_of(absences_, [&](const auto& filter) { return qualifies(filter, place, context); });
}

places naive_limits::held(const places& taken, const subject_values& subject, stream::timestamp now) const {
  std::set<std::size_t> all;
  for (const part& p : parts_) {
    places events;
    std::ranges::copy_if(taken, std::back_inserter(events), [&](auto place) { return enters(p, place, subject); });
    for (const std::size_t place : held_by(p, std::move(events), now)) all.insert(place);
  }
  return {all.begin(), all.end()};
}

places naive_limits::held_by(const part& p, places events, stream::timestamp now) const {
  const auto age = [&](std::size_t place) { return now - stream_.events[place].at; };
  if (!p.held) {
    if (p.reach) std::erase_if(events, [&](std::size_t place) { return age(place) > *p.reach; });
    return events;
  }
  if (const auto* time = std::get_if<cep::time_extent>(&p.held->extent)) {
    std::erase_if(events, [&](std::size_t place) { return age(place) > time->length; });
  } else if (const auto* past = std::get_if<cep::past_extent>(&p.held->extent)) {
    std::erase_if(events, [&](std::size_t place) { return age(place) > past->ago + past->length; });
  } else if (const auto* days = std::get_if<cep::calendar_extent>(&p.held->extent)) {
    const stream::timestamp start = start_of_period(now, *days);
    std::erase_if(events, [&](std::size_t place) { return stream_.events[place].at < start; });
  } else if (const auto* count = std::get_if<cep::count_extent>(&p.held->extent)) {
    if (events.size() > count->events) events.erase(events.begin(), events.end() - count->events);
  } else {
    const stream::duration gap = std::get<cep::session_extent>(p.held->extent).gap;
    stream::timestamp next = now;
    auto first = events.end();
    while (first != events.begin() && next - stream_.events[*std::prev(first)].at <= gap) {
      next = stream_.events[*--first].at;
    }
    events.erase(events.begin(), first);
  }
  return events;
}

void naive_limits::admit(std::size_t place, const subject_values& subject) {
  const stream::timestamp now = stream_.events[place].at;
  if (!make_room(place, subject)) return;
  record& own = records_[subject];
  places with = own.taken;
  with.push_back(place);
  const places now_held = held(with, subject, now);
  const auto& most = pattern_.limits.events;
  const bool fits = !most || now_held.size() <= most->most;
  if (!fits && most->policy == cep::limit_policy::stop) {
    stop_ = place;
    return;
  }
  // "An event that breaks an absence is never refused."
  if (!fits && most->policy == cep::limit_policy::refuse && !breaks(place, subject)) {
    own.refused.insert(place);
    ++counted_.events_refused;
    return;
  }
  own.taken = with;
  own.touched = ++touches_;
  if (fits) return;
  forget(own, place, now_held.front());
  ++counted_.events_forgotten;
}

bool naive_limits::make_room(std::size_t place, const subject_values& subject) {
  if (!pattern_.limits.subjects) return true;
  const cep::state_limit most = *pattern_.limits.subjects;
  std::vector<record*> live;
  for (auto& [name, r] : records_) {
    if (held(r.taken, name, stream_.events[place].at).empty()) continue;
    if (name == subject) return true;
    live.push_back(&r);
  }
  if (live.size() < most.most) return true;
  if (most.policy == cep::limit_policy::stop) {
    stop_ = place;
    return false;
  }
  if (most.policy == cep::limit_policy::refuse) {
    records_[subject].refused.insert(place);
    ++counted_.subjects_refused;
    return false;
  }
  record& idle = **std::ranges::min_element(live, {}, [](const record* r) { return r->touched; });
  forget(idle, place, place);
  ++counted_.subjects_forgotten;
  return true;
}

void naive_limits::forget(record& r, std::size_t place, std::size_t up_to) {
  r.log.push_back({place, up_to});
  std::erase_if(r.taken, [&](std::size_t taken) { return taken <= up_to; });
}

const naive_limits::record& naive_limits::of(std::span<const std::string> subject) const {
  static const record nothing;
  const auto found = records_.find(subject_values(subject.begin(), subject.end()));
  return found == records_.end() ? nothing : found->second;
}

std::size_t naive_limits::times_forgotten(std::span<const std::string> subject, const match_end& end) const {
  const auto before = [&](const forgetting& f) {
    return end.is_deadline ? stream_.events[f.place].at <= end.at : f.place <= end.place;
  };
  return static_cast<std::size_t>(std::ranges::count_if(of(subject).log, before));
}

bool naive_limits::sees(std::span<const std::string> subject, std::size_t place, std::size_t times) const {
  const record& r = of(subject);
  if (r.refused.contains(place)) return false;
  return std::none_of(r.log.begin(), r.log.begin() + static_cast<std::ptrdiff_t>(times),
                      [&](const forgetting& f) { return place <= f.up_to; });
}

bool naive_limits::sees(std::span<const std::string> subject, std::size_t place, const match_end& end) const {
  return sees(subject, place, times_forgotten(subject, end));
}

}  // namespace weir::testing
