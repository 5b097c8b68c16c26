#include "cep/packed_matcher.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "cep/register_value.hpp"
#include "cep/window_state.hpp"
#include "stream/fetch_ahead.hpp"

namespace weir::cep {

namespace {

using word = block_pool::word;

// What a queue's element holds, by place.
constexpr unsigned handle_word = 0;  // of candidates, absences and armed events
constexpr unsigned at_word = 1;
constexpr unsigned register_word = 2;

stream::timestamp time_of(word w) { return stream::timestamp{stream::duration{static_cast<std::int64_t>(w)}}; }
word word_of(stream::timestamp t) { return static_cast<word>(t.time_since_epoch().count()); }
stream::event_handle handle_of(word w) { return static_cast<stream::event_handle>(w); }
word word_of(stream::event_handle h) { return static_cast<word>(h); }

int128 load_sum(const std::byte* row, row_offset at) {
  int128 sum = 0;
  std::memcpy(&sum, row + at, sizeof sum);
  return sum;
}
std::uint32_t number_at(const std::byte* row, row_offset at) {
  return *reinterpret_cast<const std::uint32_t*>(row + at);
}

/// A time in a row, kept so that all zero is the start of time.
constexpr word sign = word{1} << 63;
stream::timestamp load_time(const std::byte* row, row_offset at) {
  word kept = 0;
  std::memcpy(&kept, row + at, sizeof kept);
  return time_of(kept ^ sign);
}
void store_time(std::byte* row, row_offset at, stream::timestamp t) {
  const word kept = word_of(t) ^ sign;
  std::memcpy(row + at, &kept, sizeof kept);
}

std::int64_t number_of(const stream::event_view& event, stream::field_id field, value_kind kind) {
  return register_value(*event.rows, event.row, field, kind);
}

template <unsigned Width>
void drop_older(packed_queue<Width>& events, block_pool& pool, stream::timestamp oldest) {
  while (events.size != 0 && time_of(events(pool, 0)[at_word]) < oldest) events.pop_front();
}

}  // namespace

packed_matcher::walk packed_matcher::walk_of(const packed_plan& plan) {
  if (const walk windows = walk_of_windows(plan)) return windows;
  if (is_lone_wait(plan)) return &packed_matcher::walk_wait;
  return &packed_matcher::walk_roles;
}

packed_matcher::packed_matcher(packed_plan plan, subject_share share)
    : plan_(std::move(plan)),
      walk_(walk_of(plan_)),
      asked_(plan_, share),
      counters_(plan_.patterns.size()),
      rows_(plan_.row_bytes, share),
      open_(plan_.patiences.size()),
      settled_(plan_.tracks.size()),
      self_(plan_.tracks.size()) {
  longest_ = std::chrono::seconds{1};
  const auto bounded = [&](stream::duration d) {
    if (d != stream::duration::max()) longest_ = std::max(longest_, d);
  };
  for (const track_shape& track : plan_.tracks) {
    for (const packed_window& w : track.windows) {
      bounded(w.length);
      if (w.periods) periods_end_ = stream::start_of_time;
    }
  }
  for (const packed_pattern& p : plan_.patterns) bounded(p.horizon());
}

std::uint64_t packed_matcher::undefined_in_guards(std::size_t own, const guards& shared) const {
  std::uint64_t sum = 0;
  for (const guard_id guard : plan_.patterns[own].guards) sum += shared.undefined(guard);
  return sum;
}

stream::duration packed_matcher::retention() const {
  stream::duration longest{};
  for (const packed_pattern& p : plan_.patterns) {
    if (!p.retired) longest = std::max(longest, p.horizon());
  }
  return longest;
}

// Subjects come in no order, so nearly every look at one's state is a cache miss. A batch is walked twice: first to
// find who is asked for, then to match, fetching what will be needed ahead of use.
void packed_matcher::advance(const stream::event_log& log, const guards& shared, findings& into) {
  log_ = &log;
  first_handle_ = static_cast<std::uint64_t>(log.handle(0));
  const stream::batch& rows = log.last();
  (this->*walk_)(asked_.find(log, shared, rows_, counters_), rows, into);
  if (due_ < rows.watermark()) pass_deadlines(rows.watermark(), into);
  if (rows.watermark() >= next_sweep_) sweep(rows.watermark());
}

/// The way through a batch for plans of any kind: each arrival's roles, one after the other.
void packed_matcher::walk_roles(std::span<const arrival> found, const stream::batch& rows, findings& into) {
  const std::size_t distance = fetch_distance(found);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i + distance < found.size()) fetch_row(found[i + distance]);
    if (i + distance / 2 < found.size()) fetch_queues(found[i + distance / 2], rows);
    take(found[i], rows, into);
  }
}

/// How many arrivals ahead a row is fetched, and at half of it what the row leads to: so far that it is there in time,
/// and no farther than the nearest cache holds. What an arrival needs grows with its roles.
std::size_t packed_matcher::fetch_distance(std::span<const arrival> found) const {
  constexpr std::size_t roles_under_way = 96;
  constexpr std::size_t least = 4;
  constexpr std::size_t most = 24;
  const auto sample = found.first(std::min<std::size_t>(found.size(), 64));
  std::size_t roles = 0;
  for (const arrival& a : sample) roles += asked_.roles_of(a).size();
  return roles == 0 ? least : std::clamp(roles_under_way * sample.size() / roles, least, most);
}

void packed_matcher::fetch_row(const arrival& a) const {
  constexpr std::size_t line = 64;
  constexpr std::size_t whole_row_max = 128;
  if (plan_.row_bytes <= whole_row_max) {
    for (std::size_t at = 0; at < plan_.row_bytes; at += line) stream::fetch_ahead(a.row + at);
    return;
  }
  std::size_t before = nowhere;
  for (const std::uint32_t role : asked_.roles_of(a)) {
    const row_offset state = plan_.ops[role].state;
    if (state == nowhere || state / line == before) continue;
    before = state / line;
    stream::fetch_ahead(a.row + state);
  }
}

/// What the roles will read of queues: of windows, what they let go of and the newest event, of candidates the newest.
void packed_matcher::fetch_queues(const arrival& a, const stream::batch& rows) const {
  const auto fetch = [this](const auto& events, std::size_t i) {
    if (events.size != 0) stream::fetch_ahead(events(pool_, i));
  };
  using part_kind = packed_role::part_kind;
  for (const std::uint32_t role : asked_.roles_of(a)) {
    const packed_op& op = plan_.ops[role];
    if (op.part == part_kind::track) {
      const track_shape& track = plan_.tracks[op.index];
      const stream::timestamp now = rows.at(rows.order()[a.place]);
      fetch_windows(track.events, std::span{track.windows}, a.row, now);
    } else if (op.part == part_kind::candidate) {
      const auto& events = queue<4>(a.row, op.state);
      fetch(events, 0);
      fetch(events, events.size);
    } else if (op.part == part_kind::end && op.state != nowhere) {
      const auto& events = queue<4>(a.row, op.state);
      fetch(events, events.size - 1);
    }
  }
}

// Within one event: windows that see it are filled first (those that do not leave it out again); what it breaks, it
// breaks before it can arm a deadline of its own; a match may end at it before it is kept as a candidate, since no
// event is bound twice. The plan has the roles of an event in this order.
void packed_matcher::take(const arrival& a, const stream::batch& rows, findings& into) {
  const stream::row_ref at = rows.order()[a.place];
  const event_at_hand e{{at.type, &rows[at.type], at.row},
                        static_cast<stream::event_handle>(first_handle_ + a.place),
                        rows.at(at),
                        a.subject,
                        a.row};
  if (due_ < e.at) pass_deadlines(e.at, into);
  if (periods_end_ <= e.at) turn_periods(e.at);
  using part_kind = packed_role::part_kind;
  for (const std::uint32_t role : asked_.roles_of(a)) {
    const packed_op& op = plan_.ops[role];
    switch (op.part) {
      case part_kind::track: enter_track(e, op.index); break;
      case part_kind::end: end_at(e, op.pattern, into); break;
      case part_kind::clears: queue<4>(e.row, op.state).clear(); break;
      // Open deadlines are not before this event: it breaks them all.
      case part_kind::breaks: queue<2>(e.row, op.state).clear(); break;
      case part_kind::absence: keep_absence(e, op); break;
      case part_kind::arm: arm(e, op.pattern); break;
      case part_kind::candidate: become_candidate(e, op.index); break;
    }
  }
  for (const std::uint32_t role : asked_.roles_of(a)) {
    const packed_op& op = plan_.ops[role];
    if (op.part != part_kind::track) break;
    settled_[op.index] = self_[op.index] = 0;
  }
}

void packed_matcher::keep_absence(const event_at_hand& e, const packed_op& op) {
  auto& events = queue<2>(e.row, op.state);
  const stream::duration horizon = plan_.patterns[op.pattern].horizon();
  if (horizon != stream::duration::max()) drop_older(events, pool_, stream::saturating_add(e.at, -horizon));
  word* const entry = events.push_back(pool_);
  entry[handle_word] = word_of(e.handle);
  entry[at_word] = word_of(e.at);
}

void packed_matcher::become_candidate(const event_at_hand& e, std::uint32_t candidates) {
  const candidate_track& track = plan_.candidates[candidates];
  auto& events = queue<4>(e.row, track.events);
  if (track.horizon != stream::duration::max()) {
    drop_older(events, pool_, stream::saturating_add(e.at, -track.horizon));
  }
  word* const entry = events.push_back(pool_);
  entry[handle_word] = word_of(e.handle);
  entry[at_word] = word_of(e.at);
  for (std::size_t i = 0; i < track.registers.size(); ++i) {
    entry[register_word + i] = static_cast<word>(number_of(e.view, track.registers[i], track.kinds[i]));
  }
}

void packed_matcher::set_reading(std::uint32_t pattern, const stream::symbol& subject) {
  reading_ = {.log = log_, .subject = std::span{&subject, 1}, .undefined = &counters_[pattern].undefined};
}

void packed_matcher::end_at(const event_at_hand& e, std::uint32_t number, findings& into) {
  packed_pattern& p = plan_.patterns[number];
  if (p.steps.size() > 1 && queue<4>(e.row, plan_.candidates[p.steps.front().candidates].events).size == 0) return;
  settle_tracks(p, e.row, e.at);
  if (!passes_thresholds(p, e)) return;
  if (p.average_filter && !may_pass(*p.average_filter, e)) return;
  set_reading(number, e.subject);
  // A condition that is the same for all matches is judged first when it is cheaper than the search.
  if (!p.condition_reads_bound && p.steps.size() == 1 && !condition_holds(p, e)) return;
  const bool found = search(p, e, [&] { return !p.condition_reads_bound || condition_holds(p, e); });
  if (!found || (!p.condition_reads_bound && p.steps.size() > 1 && !condition_holds(p, e))) return;
  emit(p, number, e, {.at = e.at, .end = e.handle, .subject = e.subject}, into);
}

void packed_matcher::arm(const event_at_hand& e, std::uint32_t number) {
  const packed_pattern& p = plan_.patterns[number];
  set_reading(number, e.subject);
  if (!search(p, e, [] { return true; })) return;
  word* const entry = queue<2>(e.row, p.armed).push_back(pool_);
  entry[handle_word] = word_of(e.handle);
  entry[at_word] = word_of(e.at);
  const stream::timestamp at = stream::saturating_add(e.at, p.patience);
  open_[p.deadlines].push_back({at, e.handle, number, e.subject});
  due_ = std::min(due_, at);
}

void packed_matcher::pass_deadlines(stream::timestamp before, findings& into) {
  const auto earliest_of = [](const ring<deadline>& open) {
    return open.empty() ? stream::end_of_time : open.front().at;
  };
  while (due_ < before) {
    ring<deadline>& open = *std::ranges::min_element(open_, {}, earliest_of);
    due_ = earliest_of(open);
    if (due_ >= before) return;
    fetch_passing(open);
    const deadline d = open.front();
    open.pop_front();
    if (walk_ == &packed_matcher::walk_wait) {
      pass_wait(d, into);
    } else {
      pass(d, into);
    }
  }
}

void packed_matcher::pass(const deadline& d, findings& into) {
  packed_pattern& p = plan_.patterns[d.pattern];
  std::byte* const row = rows_.find(d.subject);
  if (row == nullptr) return;
  auto& armed = queue<2>(row, p.armed);
  if (armed.size == 0 || handle_of(armed(pool_, 0)[handle_word]) != d.armed) return;  // broken meanwhile
  const event_at_hand last{(*log_)[d.armed], d.armed, time_of(armed(pool_, 0)[at_word]), d.subject, row};
  armed.pop_front();
  set_reading(d.pattern, d.subject);
  if (periods_end_ <= d.at) turn_periods(d.at);
  settle_tracks(p, row, d.at);
  const auto accept = [&] {
    const bool kept = p.at_end->events != nowhere;
    if (kept && broken(*p.at_end, row, d.armed, stream::no_event)) return false;
    return condition_holds(p, last);
  };
  if (!passes_thresholds(p, last)) return;
  if (!search(p, last, accept)) return;
  emit(p, d.pattern, last, {.at = d.at, .armed = d.armed, .subject = d.subject}, into);
}

// ---- the search

/// True when a match ends at `end` that `accept` takes; it is called with the events in bound_, one a step.
template <class Accept>
bool packed_matcher::search(const packed_pattern& p, const event_at_hand& end, const Accept& accept) {
  bound_.resize(p.steps.size());
  entries_.resize(p.steps.size());
  return extend(p, end, 0, accept);
}

template <class Accept>
bool packed_matcher::extend(const packed_pattern& p, const event_at_hand& end, std::size_t step, const Accept& accept) {
  if (step + 1 == p.steps.size()) {
    if (!fits(p, step, end.view, end.handle, end.row)) return false;
    bound_[step] = {end.handle, {}};
    reading_.bound = bound_;
    if (p.condition_reads_bound || p.at_end) {
      const auto first = step == 0 ? end.at : time_of(entries_[0][at_word]);
      reading_.span = end.at - first;
    }
    return accept();
  }
  auto& candidates = queue<4>(end.row, plan_.candidates[p.steps[step].candidates].events);
  for (std::size_t i = candidates.size; i-- > 0;) {
    const word* const entry = candidates(pool_, i);
    const stream::event_handle handle = handle_of(entry[handle_word]);
    if (handle >= end.handle) continue;
    // From here back all come too early: after the event before, or for the window.
    if (step > 0 && handle <= bound_[step - 1].last) return false;
    if (p.within && end.at - time_of(entry[at_word]) > *p.within) return false;
    const packed_step& asked = p.steps[step];
    const bool reads_event = !asked.join.empty();
    const stream::event_view event = reads_event ? (*log_)[handle] : stream::event_view{};
    if (!fits(p, step, event, handle, end.row)) continue;
    bound_[step] = {handle, {}};
    entries_[step] = entry;
    if (extend(p, end, step + 1, accept)) return true;
  }
  return false;
}

bool packed_matcher::fits(const packed_pattern& p, std::size_t step, const stream::event_view& event,
                          stream::event_handle handle, std::byte* row) {
  const packed_step& asked = p.steps[step];
  for (const packed_absence& absence : asked.before) {
    if (broken(absence, row, bound_[step - 1].last, handle)) return false;
  }
  return asked.join.empty() || joins(asked.join, event);
}

bool packed_matcher::joins(const packed_join& join, const stream::event_view& event) {
  for (const register_comparison& c : join.quick) {
    const auto bound = static_cast<std::int64_t>(entries_[c.step][register_word + c.at]);
    if (!compare(c.op, number_of(event, c.field, c.kind), bound)) return false;
  }
  if (!join.rest) return true;
  reading_.event = event;
  reading_.bound = bound_;
  return join.rest->holds(reading_);
}

bool packed_matcher::broken(const packed_absence& absence, std::byte* row, stream::event_handle after,
                            stream::event_handle before) {
  const auto& events = queue<2>(row, absence.events);
  for (std::size_t i = events.size; i-- > 0;) {
    const stream::event_handle handle = handle_of(events(pool_, i)[handle_word]);
    if (handle <= after) return false;
    if (handle >= before) continue;
    if (absence.join.empty() || joins(absence.join, (*log_)[handle])) return true;
  }
  return false;
}

// ---- conditions and alerts

void packed_matcher::settle_tracks(const packed_pattern& p, std::byte* row, stream::timestamp now) {
  for (const std::uint32_t track : p.tracks) {
    if (settled_[track] == 0) advance_track(plan_.tracks[track], row, now);
  }
}

bool packed_matcher::passes_thresholds(const packed_pattern& p, const event_at_hand& e) {
  for (const packed_count_range& c : p.counts) {
    if (!c.has(static_cast<std::uint32_t>(count_in(c.aggregate, e.row)))) return false;
  }
  return std::ranges::all_of(
      p.thresholds, [&](const packed_threshold& t) { return compare(t.op, number_in(t.aggregate, e), t.constant); });
}

bool packed_matcher::may_pass(const packed_average_filter& filter, const event_at_hand& e) const {
  const std::size_t count = count_in(filter.average, e.row);
  if (count == 0) return false;
  const double bound = filter.factor * mean(sum_in(filter.average, e.row), count, filter.average_surplus);
  if (!std::isfinite(bound)) return true;
  const std::int64_t number = e.view[filter.field].number(e.view.row);
  return compare(filter.op, filter.surplus == 0 ? static_cast<double>(number) : to_real(number, filter.type), bound);
}

bool packed_matcher::condition_holds(const packed_pattern& p, const event_at_hand& e) {
  if (!p.condition) return true;
  computed_.resize(p.aggregates.size());
  for (std::size_t i = 0; i < p.aggregates.size(); ++i) {
    if (p.aggregates[i].in_condition) computed_[i] = compute(p.aggregates[i], e);
  }
  reading_.aggregates = computed_;
  return p.condition->holds(reading_);
}

value packed_matcher::compute(const packed_aggregate& a, const event_at_hand& e) const {
  if (a.function != aggregate_function::avg) return value::of(number_in(a, e));
  return average(sum_in(a, e.row), count_in(a, e.row), plan_.tracks[a.track].type);
}

/// What it gives, where that is a number always.
int128 packed_matcher::number_in(const packed_aggregate& a, const event_at_hand& e) const {
  switch (a.function) {
    case aggregate_function::count: return static_cast<int128>(a.equals ? equal_in(a, e) : count_in(a, e.row));
    case aggregate_function::distinct: return static_cast<int128>(distinct_in(a, e.row));
    default: return sum_in(a, e.row);
  }
}

std::size_t packed_matcher::count_in(const packed_aggregate& a, const std::byte* row) const {
  return events_of(row, a.events).size - number_at(row, a.start) - (a.prior ? self_[a.track] : 0U);
}

int128 packed_matcher::sum_in(const packed_aggregate& a, const std::byte* row) const {
  const int128 sum = load_sum(row, a.sum);
  if (!a.prior || self_[a.track] == 0) return sum;
  const window_queue& events = events_of(row, a.events);
  return sum - events.value(pool_, events.size - 1);
}

std::size_t packed_matcher::distinct_in(const packed_aggregate& a, const std::byte* row) const {
  const window_queue& events = events_of(row, a.events);
  const bool without_last = a.prior && self_[a.track] != 0;
  const auto value_at = [&](std::uint32_t i) { return events.value(pool_, i); };
  if (const std::uint32_t counts = number_at(row, a.counts); counts != 0) {
    const bool only_last = without_last && value_counts_.has_once(counts, value_at(events.size - 1));
    return value_counts_.distinct(counts) - (only_last ? 1 : 0);
  }
  std::array<std::int64_t, looked_through_max> values;
  std::size_t size = 0;
  for (std::uint32_t i = number_at(row, a.start); i + (without_last ? 1 : 0) < events.size; ++i) {
    values[size++] = value_at(i);
  }
  const auto kept = std::span{values}.first(size);
  std::ranges::sort(kept);
  return size - std::ranges::unique(kept).size();
}

/// Of the events in the window those with the value of the event at hand.
std::size_t packed_matcher::equal_in(const packed_aggregate& a, const event_at_hand& e) const {
  const stream::column& asked = e.view[*a.equals];
  if (!asked.present(e.view.row)) return 0;
  const std::int64_t value = cell_of(asked, e.view.row, a.kind);
  const window_queue& events = events_of(e.row, a.events);
  const std::uint32_t end = events.size - (a.prior && self_[a.track] != 0 ? 1U : 0U);
  std::size_t equal = 0;
  for (std::uint32_t i = number_at(e.row, a.start); i < end; ++i) {
    if (events.value(pool_, i) == value) ++equal;
  }
  return equal;
}

void packed_matcher::emit(packed_pattern& p, std::uint32_t number, const event_at_hand& e, finding f, findings& into) {
  std::byte* const row = e.row;
  if (p.silence) {
    if (f.at <= load_time(row, p.silent_until)) {
      ++counters_[number].suppressed;
      return;
    }
    store_time(row, p.silent_until, stream::saturating_add(f.at, *p.silence));
  }
  reading_.bound = bound_;
  if (p.suppress && p.suppress->holds_back(f.at, reading_, f.suppressed)) {
    ++counters_[number].suppressed;
    return;
  }
  ++counters_[number].matches;
  f.pattern = p.index;
  f.first_event = static_cast<std::uint32_t>(into.events.size());
  f.events = static_cast<std::uint32_t>(p.steps.size());
  f.first_aggregate = static_cast<std::uint32_t>(into.aggregates.size());
  f.aggregates = static_cast<std::uint32_t>(p.aggregates.size());
  for (std::size_t i = 0; i < p.steps.size(); ++i) {
    into.events.push_back({bound_[i].last, static_cast<std::uint16_t>(i)});
  }
  for (const packed_aggregate& a : p.aggregates) into.aggregates.push_back(compute(a, e));
  into.found.push_back(f);
}

// ---- memory

// Gives back the memory of subjects that no window, candidate or deadline needs any more. Once a longest window of
// event time, so that the cost per event stays bounded; what is dropped could no longer change an alert.
void packed_matcher::sweep(stream::timestamp watermark) {
  next_sweep_ = stream::saturating_add(watermark, longest_);
  if (periods_end_ <= watermark) turn_periods(watermark);
  rows_.sweep([&](std::byte* row) { return !release_idle(row, watermark); });
  pool_.trim();
}

bool packed_matcher::release_idle(std::byte* row, stream::timestamp watermark) {
  bool idle = true;
  const auto settle = [&](auto& events) {
    if (events.size == 0) {
      events.release(pool_);
    } else {
      idle = false;
    }
  };
  for (const track_shape& track : plan_.tracks) {
    advance_track(track, row, watermark);
    settle(events_of(row, track.events));
  }
  const auto settle_older = [&](auto& events, stream::duration horizon) {
    if (horizon != stream::duration::max()) {
      drop_older(events, pool_, stream::saturating_add(watermark, -horizon));
    }
    settle(events);
  };
  for (const candidate_track& track : plan_.candidates) settle_older(queue<4>(row, track.events), track.horizon);
  for (const packed_pattern& p : plan_.patterns) {
    for (const packed_step& step : p.steps) {
      for (const packed_absence& absence : step.before) settle_older(queue<2>(row, absence.events), p.horizon());
    }
    if (p.at_end) {
      if (p.at_end->events != nowhere) settle_older(queue<2>(row, p.at_end->events), p.horizon());
      settle(queue<2>(row, p.armed));
    }
    if (p.silence) idle = idle && load_time(row, p.silent_until) < watermark;
  }
  return idle;
}

}  // namespace weir::cep
