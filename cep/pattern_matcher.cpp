#include "cep/pattern_matcher.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace weir::cep {

namespace {

std::vector<bool> free_steps_of(const pattern_plan& plan) {
  std::vector<bool> free;
  if (!plan.body) return free;
  for (const auto& step : plan.body->steps) free.push_back(step.free);
  return free;
}

}  // namespace

pattern_matcher::pattern_matcher(std::uint32_t index, pattern_plan plan, std::vector<stream::field_type> subjects,
                                 const stream::symbols& names, subject_share share)
    : index_(index),
      plan_(std::move(plan)),
      subject_types_(std::move(subjects)),
      share_(share),
      names_(&names),
      addresses_(plan_.windows.size()),
      tuples_(plan_.subjects),
      by_subject_(plan_.subjects > 1 ? subject_share{} : share),  // tuples are numbered here
      linked_(plan_.links, free_steps_of(plan_)),
      computed_(plan_.aggregates.size()) {}

std::uint64_t pattern_matcher::undefined_in_guards(std::size_t /*own*/, const guards& shared) const {
  std::uint64_t sum = 0;
  for (const role& r : plan_.roles) sum += shared.undefined(r.guard);
  return sum;
}

// Subjects come in no order, so nearly every look at one's state is a cache miss. A batch is walked twice: first to
// find who is asked for, where look-ups of different subjects overlap, then to match, fetching states ahead of use.
void pattern_matcher::advance(const stream::event_log& log, const guards& shared, findings& into) {
  if (stop_) return;
  log_ = &log;
  const stream::batch& rows = log.last();
  collect_relevant(shared, rows.size());
  collect_arrivals(shared);
  for (std::size_t i = 0; i < arrivals_.size(); ++i) {
    prefetch(i);
    pass_deadlines(arrivals_[i].itself.at, into);
    if (plan_.held) admit(i);
    if (stop_) return;
    take(arrivals_[i], into);
  }
  pass_deadlines(rows.watermark(), into);
  finish();
}

void pattern_matcher::finish() {
  const stream::timestamp watermark = log_->last().watermark();
  if (!loose_.empty()) free_loose(watermark);
  if (watermark >= next_sweep_) sweep(watermark);
}

// ---- in steps

void pattern_matcher::begin(const stream::event_log& log, const guards& shared) {
  log_ = &log;
  collect_relevant(shared, log.last().size());
}

void pattern_matcher::add_relevant(std::span<std::uint64_t> places) const {
  for (std::size_t i = 0; i < relevant_.size(); ++i) places[i] |= relevant_[i];
}

void pattern_matcher::step(std::size_t place, const guards& shared, findings& into) {
  if (stop_ || ((relevant_[place / 64] >> (place % 64)) & 1) == 0) return;
  claims_.clear();
  arrivals_.clear();
  collect_arrivals_at(place, shared);
  for (std::size_t i = 0; i < arrivals_.size(); ++i) {
    if (plan_.held) admit(i);
    if (stop_) return;
    take(arrivals_[i], into);
  }
}

stream::timestamp pattern_matcher::next_deadline() const {
  return deadlines_.empty() || stop_ ? stream::end_of_time : deadlines_.top().at;
}

// ---- who comes to whom

void pattern_matcher::collect_relevant(const guards& shared, std::size_t places) {
  relevant_.assign((places + 63) / 64, 0);
  for (const role& r : plan_.roles) {
    const auto bits = shared.bitmap(r.guard);
    for (std::size_t i = 0; i < relevant_.size(); ++i) relevant_[i] |= bits[i];
  }
}

void pattern_matcher::collect_arrivals(const guards& shared) {
  claims_.clear();
  arrivals_.clear();
  for (std::size_t word = 0; word < relevant_.size(); ++word) {
    for (std::uint64_t bits = relevant_[word]; bits != 0; bits &= bits - 1) {
      collect_arrivals_at(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)), shared);
    }
  }
}

void pattern_matcher::collect_arrivals_at(std::size_t place, const guards& shared) {
  const stream::batch& rows = log_->last();
  const stream::row_ref row = rows.order()[place];
  claim_roles({{row.type, &rows[row.type], row.row}, {log_->handle(place), rows.at(row)}}, shared, place);
}

// An event may come to several subjects, as a transfer does to both its accounts; the claims on one stand together.
void pattern_matcher::claim_roles(const arrival& a, const guards& shared, std::size_t place) {
  const std::size_t first = claims_.size();
  std::uint64_t free_steps = 0;
  std::uint64_t all_steps = 0;
  for (const role& r : plan_.roles) {
    if (!shared.holds(r.guard, place)) continue;
    if (r.free) {
      free_steps |= std::uint64_t{1} << r.index;
      continue;
    }
    const auto subject = subject_of(a.event, r);
    if (!subject) continue;
    if (r.of_subject) {
      bindings from = reading(*subject);
      from.event = a.event;
      if (!r.of_subject->holds(from)) continue;
    }
    claims_.push_back({*subject, &r});
    if (r.part == role::part_kind::step) all_steps |= std::uint64_t{1} << r.index;
  }
  put_in_order(std::span{claims_}.subspan(first));
  for (std::size_t i = first; i < claims_.size(); ++i) {
    if (i == first || claims_[i].subject != claims_[i - 1].subject) {
      arrival& one = arrivals_.emplace_back(a);
      one.subject = claims_[i].subject;
      one.state = state_of(one.subject);
      one.first_claim = static_cast<std::uint32_t>(i);
    }
    ++arrivals_.back().claims;
  }
  if (!plan_.body || !plan_.body->any_free()) return;
  arrival& closing = arrivals_.emplace_back(a);
  closing.closes = true;
  closing.free_steps = free_steps;
  closing.all_steps = all_steps | free_steps;
}

// The claims on one subject stand together; subjects by their names, which do not depend on what came first.
void pattern_matcher::put_in_order(std::span<claim> added) const {
  const auto differs = [&](const claim& c) { return c.subject != added.front().subject; };
  if (std::ranges::none_of(added, differs)) return;
  std::ranges::stable_sort(
      added, [this](stream::symbol x, stream::symbol y) { return comes_before(x, y); }, &claim::subject);
}

bool pattern_matcher::comes_before(stream::symbol a, stream::symbol b) const {
  const auto x = parts_of(a);
  const auto y = parts_of(b);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] != y[i]) return names_->of(subject_types_[i])[x[i]] < names_->of(subject_types_[i])[y[i]];
  }
  return false;
}

// Nothing for an event that belongs to no subject, since a field that names it is missing, or to one of another share.
std::optional<stream::symbol> pattern_matcher::subject_of(const stream::event_view& event, const role& r) {
  for (const stream::field_id key : r.keys) {
    if (!event[key].present(event.row)) return std::nullopt;
  }
  if (r.keys.empty()) return stream::symbol{};
  if (r.keys.size() == 1) {
    const stream::symbol subject = event[r.keys.front()].id(event.row);
    return share_.owns(subject) ? std::optional{subject} : std::nullopt;
  }
  tuple_.clear();
  for (const stream::field_id key : r.keys) tuple_.push_back(event[key].id(event.row));
  return share_.owns(tuple_) ? std::optional{tuples_.number(tuple_)} : std::nullopt;
}

// From far to near: the subject's state, the arrays that it points to, and the oldest and newest of what those hold.
void pattern_matcher::prefetch(std::size_t next) const {
  constexpr std::size_t far = 24;
  constexpr std::size_t middle = 16;
  constexpr std::size_t near = 8;
  const auto state_at = [&](std::size_t ahead) -> const subject_state* {
    if (next + ahead >= arrivals_.size() || arrivals_[next + ahead].closes) return nullptr;  // a closing one has none
    return &subjects_[arrivals_[next + ahead].state];
  };
  const auto fetch_whole = [](const auto& object) {
    const char* const begin = reinterpret_cast<const char*>(&object);
    for (std::size_t line = 0; line < sizeof object; line += 64) stream::fetch_ahead(begin + line);
  };
  if (const subject_state* s = state_at(far)) fetch_whole(*s);
  if (const subject_state* s = state_at(middle)) {
    for (const window_state& w : s->windows) fetch_whole(w);
    stream::fetch_ahead(s->sequence.steps.data());
    s->armed.prefetch_ends();
  }
  if (const subject_state* s = state_at(near)) {
    for (const window_state& w : s->windows) w.prefetch();
    for (const auto& candidates : s->sequence.steps) candidates.prefetch_ends();
  }
}

// Within one event: windows that see it are filled first; what it breaks, it breaks before it can arm a deadline of its
// own; a match may end at it before it is kept as a candidate, since no event is bound twice.
void pattern_matcher::take(const arrival& a, findings& into) {
  if (a.closes) return close_event(a, into);
  const auto claims = std::span<const claim>{claims_}.subspan(a.first_claim, a.claims);
  subject_state& s = subjects_[a.state];
  if (s.body) return take_body(a, claims, s, into);
  s.sequence.advance(plan_.sequence, a.itself.at);
  if (a.held) fill_windows(a, claims, s, false);
  const std::size_t last = plan_.sequence.steps.size() - 1;
  const bool ends = std::ranges::any_of(
      claims, [&](const claim& c) { return c.role->part == role::part_kind::step && c.role->index == last; });
  if (ends && !plan_.sequence.at_end) end_at(a, s, into);
  if (!a.held) return;
  take_absences(a, claims, s);
  if (ends && plan_.sequence.at_end) arm(a, s);
  for (const claim& c : claims) {
    if (c.role->part == role::part_kind::step && c.role->index != last) {
      s.sequence.steps[c.role->index].push_back(a.itself);
    }
  }
  fill_windows(a, claims, s, true);
}

void pattern_matcher::fill_windows(const arrival& a, std::span<const claim> claims, subject_state& s, bool prior) {
  for (const claim& c : claims) {
    if (c.role->part != role::part_kind::window) continue;
    const std::size_t index = c.role->index;
    const window_shape& shape = plan_.windows[index];
    if (shape.window.prior != prior) continue;
    const bool has_field = shape.has_field(a.event);
    if (!has_field && !shape.latest) continue;
    cell taken = 0;
    if (shape.values && has_field) taken = to_cell(a.event, *shape.field, shape.field_type, addresses_[index]);
    s.windows[index].add(shape, a.itself.at, taken, a.itself.handle, has_field);
  }
}

void pattern_matcher::take_absences(const arrival& a, std::span<const claim> claims, subject_state& s) const {
  const auto& at_end = plan_.sequence.at_end;
  for (const claim& c : claims) {
    if (c.role->part != role::part_kind::absence) continue;
    if (c.role->clears) {
      s.sequence.steps[*c.role->clears].clear();
    } else if (at_end && at_end->slot == c.role->index && !at_end->join) {
      s.armed.clear();  // open deadlines are not before this event: it breaks them all
    } else {
      s.sequence.absences[c.role->index].push_back(a.itself);
    }
  }
}

void pattern_matcher::end_at(const arrival& a, subject_state& s, findings& into) {
  bindings from = reading(a.subject);
  const auto accept = [&](std::span<const bound_step> bound) {
    from.bound = bound;
    from.span = span_of(bound);
    return !plan_.condition_reads_bound || condition_holds(s, from, a.itself.at);
  };
  if (!sequence_search{plan_.sequence, s.sequence, from}.run(a.itself, bound_, accept)) return;
  if (!plan_.condition_reads_bound && !condition_holds(s, from, a.itself.at)) return;
  from.bound = bound_;
  from.span = span_of(bound_);
  emit(s, from, {.at = a.itself.at, .end = a.itself.handle, .subject = a.subject}, into);
}

void pattern_matcher::arm(const arrival& a, subject_state& s) {
  const auto any = [](std::span<const bound_step>) { return true; };
  if (!sequence_search{plan_.sequence, s.sequence, reading(a.subject)}.run(a.itself, bound_, any)) return;
  s.armed.push_back(a.itself);
  deadlines_.push({.at = stream::saturating_add(a.itself.at, plan_.sequence.patience),
                   .armed = a.itself.handle,
                   .sequence = deadlines_set_++,
                   .subject = a.subject});
}

void pattern_matcher::pass_deadlines(stream::timestamp before, findings& into) {
  while (!deadlines_.empty() && deadlines_.top().at < before) {
    const deadline d = deadlines_.top();
    deadlines_.pop();
    if (plan_.body) {
      pass_body(d, into);
    } else {
      pass(d, into);
    }
  }
}

void pattern_matcher::pass(const deadline& d, findings& into) {
  const std::uint32_t known = by_subject_.find(d.subject);
  if (known == subject_index::none) return;
  subject_state& s = subjects_[known];
  if (s.armed.empty() || s.armed.front().handle != d.armed) return;  // broken meanwhile
  const candidate last = s.armed.front();
  s.armed.pop_front();
  bindings from = reading(d.subject);
  const auto accept = [&](std::span<const bound_step> bound) {
    from.bound = bound;
    from.span = span_of(bound);
    const auto& at_end = *plan_.sequence.at_end;
    if (at_end.join && absence_broken(at_end, s.sequence, from, last.handle, stream::no_event)) return false;
    return condition_holds(s, from, d.at);
  };
  if (!sequence_search{plan_.sequence, s.sequence, from}.run(last, bound_, accept)) return;
  from.bound = bound_;
  from.span = span_of(bound_);
  emit(s, from, {.at = d.at, .armed = d.armed, .subject = d.subject}, into);
}

stream::duration pattern_matcher::span_of(std::span<const bound_step> bound) const {
  stream::event_handle first = stream::no_event;
  stream::event_handle last{};
  for (const bound_step& step : bound) {
    if (!step.bound()) continue;
    first = std::min(first, step.first());
    last = std::max(last, step.last);
  }
  return (*log_)[last].at() - (*log_)[first].at();
}

bool pattern_matcher::condition_holds(subject_state& s, const bindings& from, stream::timestamp now) {
  if (!plan_.condition) return true;
  for (std::size_t i = 0; i < plan_.aggregates.size(); ++i) {
    if (plan_.aggregates[i].in_condition) computed_[i] = compute(i, s, from, now);
  }
  bindings with_aggregates = from;
  with_aggregates.aggregates = computed_;
  return plan_.condition->holds(with_aggregates);
}

value pattern_matcher::compute(std::size_t aggregate, subject_state& s, const bindings& from, stream::timestamp now) {
  const aggregate_plan& a = plan_.aggregates[aggregate];
  const window_shape& shape = plan_.windows[a.window];
  window_state& state = s.windows[a.window];
  state.advance(shape, now);
  return a.join ? compute_correlated(a, state, from) : state.result(a.asked, shape, addresses_[a.window]);
}

value pattern_matcher::compute_correlated(const aggregate_plan& a, const window_state& state, bindings from) const {
  const window_shape& shape = plan_.windows[a.window];
  address_numbers addresses;
  accumulator result{a.asked, shape.field_type};
  const auto& handles = state.handles();
  for (std::size_t i = 0; i < state.size(); ++i) {
    from.event = (*log_)[handles[i]];
    if (!a.join->holds(from)) continue;
    result.add(shape.field ? to_cell(from.event, *shape.field, shape.field_type, addresses) : 0);
  }
  return result.result(addresses);
}

void pattern_matcher::emit(subject_state& s, const bindings& from, finding f, findings& into) {
  if (plan_.silence) {
    if (f.at <= s.silent_until) {
      ++counters_.suppressed;
      return;
    }
    s.silent_until = stream::saturating_add(f.at, *plan_.silence);
  }
  if (plan_.suppress && plan_.suppress->holds_back(f.at, from, f.suppressed)) {
    ++counters_.suppressed;
    return;
  }
  ++counters_.matches;
  f.pattern = index_;
  f.first_event = static_cast<std::uint32_t>(into.events.size());
  f.first_aggregate = static_cast<std::uint32_t>(into.aggregates.size());
  f.aggregates = static_cast<std::uint32_t>(plan_.aggregates.size());
  for (std::size_t i = 0; i < from.bound.size(); ++i) {
    const bound_step& step = from.bound[i];
    const auto number = static_cast<std::uint16_t>(i);
    for (const stream::event_handle event : step.run) into.events.push_back({event, number});
    if (step.run.empty() && step.bound()) into.events.push_back({step.last, number});
  }
  f.events = static_cast<std::uint32_t>(into.events.size()) - f.first_event;
  for (std::size_t i = 0; i < plan_.aggregates.size(); ++i) into.aggregates.push_back(compute(i, s, from, f.at));
  if (!plan_.graph_calls.empty()) f.asked = ask_graphs(from, into);
  into.found.push_back(f);
}

std::uint32_t pattern_matcher::ask_graphs(const bindings& from, findings& into) const {
  graph_finding found{.first_answer = static_cast<std::uint32_t>(into.answers.size()),
                      .answers = static_cast<std::uint32_t>(plan_.graph_calls.size()),
                      .first_event = static_cast<std::uint32_t>(into.graph_events.size())};
  for (const evaluator& call : plan_.graph_calls) {
    const graph_answer said = call.ask(from);
    into.answers.push_back(said.result);
    into.graph_events.insert(into.graph_events.end(), said.events.begin(), said.events.end());
    found.truncated = found.truncated || said.truncated;
  }
  const auto events = std::ranges::subrange(into.graph_events.begin() + found.first_event, into.graph_events.end());
  std::ranges::sort(events);
  const auto more = std::ranges::unique(events);
  into.graph_events.erase(more.begin(), more.end());
  found.events = static_cast<std::uint32_t>(into.graph_events.size()) - found.first_event;
  into.asked.push_back(found);
  return static_cast<std::uint32_t>(into.asked.size());
}

std::uint32_t pattern_matcher::state_of(stream::symbol subject) {
  std::uint32_t& known = by_subject_[subject];
  if (known != subject_index::none) return known;
  if (unused_.empty()) {
    unused_.push_back(static_cast<std::uint32_t>(subjects_.size()));
    subjects_.emplace_back();
  }
  known = unused_.back();
  unused_.pop_back();
  begin_state(subjects_[known], subject);
  return known;
}

std::size_t pattern_matcher::subject_bytes(const pattern_plan& plan) {
  const auto windows = plan.windows.size() * sizeof(window_state);
  if (!plan.body) {
    const auto queues = plan.sequence.steps.size() - 1 + plan.sequence.absence_slots;
    return sizeof(subject_state) + windows + queues * sizeof(ring<candidate>);
  }
  const auto queues = plan.body->steps.size() + plan.body->absence_slots;
  return sizeof(subject_state) + windows + sizeof(body_state) + queues * sizeof(ring<numbered_event>);
}

void pattern_matcher::begin_state(subject_state& s, stream::symbol subject) const {
  s.subject = subject;
  s.live = true;
  s.windows.resize(plan_.windows.size());
  if (plan_.body) {
    s.body = std::make_unique<body_state>();
    s.body->steps.resize(plan_.body->steps.size());
    s.body->absences.resize(plan_.body->absence_slots);
  } else {
    s.sequence.steps.resize(plan_.sequence.steps.size() - 1);
    s.sequence.absences.resize(plan_.sequence.absence_slots);
  }
  if (!plan_.held) return;
  s.limited = std::make_unique<limited_state>(
      limited_state{.held = held_events{*plan_.held}, .first_deadline = deadlines_set_});
}

// Gives back the state of subjects that no window, candidate or deadline needs any more. Once a longest window of
// event time, so that the cost per event stays bounded; what is dropped could no longer change an alert.
void pattern_matcher::sweep(stream::timestamp watermark) {
  stream::duration longest = std::chrono::seconds{1};
  const auto bounded = [&](stream::duration d) {
    if (d != stream::duration::max()) longest = std::max(longest, d);
  };
  bounded(plan_.horizon());
  for (const window_shape& shape : plan_.windows) bounded(shape.horizon());
  next_sweep_ = stream::saturating_add(watermark, longest);

  for (std::size_t place = 0; place < subjects_.size(); ++place) {
    subject_state& s = subjects_[place];
    if (!s.live) continue;
    if (!is_idle(s, watermark)) continue;
    end_state(static_cast<std::uint32_t>(place));
  }
  close_gaps();
  linked_.sweep();
}

void pattern_matcher::end_state(std::uint32_t place) {
  by_subject_[subjects_[place].subject] = subject_index::none;
  subjects_[place] = {};
  unused_.push_back(place);
  census_.remove(place);
}

// After a burst of subjects, so that the memory goes back. A limit of subjects is one of their places already, and its
// census goes by these.
void pattern_matcher::close_gaps() {
  constexpr std::size_t few = 1024;
  const std::size_t live = live_subjects();
  if (subjects_.size() < few || live > subjects_.size() / 4 || census_.size() != 0) return;
  std::vector<subject_state> kept;
  kept.reserve(live);
  for (subject_state& s : subjects_) {
    if (!s.live) continue;
    by_subject_[s.subject] = static_cast<std::uint32_t>(kept.size());
    kept.push_back(std::move(s));
  }
  subjects_ = std::move(kept);
  unused_ = {};
}

bool pattern_matcher::is_idle(subject_state& s, stream::timestamp watermark) {
  bool idle = s.armed.empty() && s.silent_until < watermark;
  if (s.limited) {
    s.limited->held.advance(*plan_.held, watermark);
    idle = idle && s.limited->held.empty();
  }
  if (s.body) {
    s.body->advance(*plan_.body, watermark);
    idle = idle && s.body->empty();
  } else {
    s.sequence.advance(plan_.sequence, watermark);
    idle = idle && s.sequence.empty();
  }
  for (std::size_t i = 0; i < s.windows.size(); ++i) {
    s.windows[i].advance(plan_.windows[i], watermark);
    idle = idle && s.windows[i].empty();
  }
  return idle;
}

}  // namespace weir::cep
