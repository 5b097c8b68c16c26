#include "cep/packed_matcher.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "cep/window_state.hpp"

namespace weir::cep {

namespace {

using word = block_pool::word;

// What a queue's element holds, by place.
constexpr unsigned time_word = 0;  // of a track
constexpr unsigned value_word = 1;
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
void store_sum(std::byte* row, row_offset at, int128 sum) { std::memcpy(row + at, &sum, sizeof sum); }

std::uint32_t& start_of(std::byte* row, const packed_window& w) {
  return *reinterpret_cast<std::uint32_t*>(row + w.start);
}
std::uint32_t& live_of(std::byte* row) { return *reinterpret_cast<std::uint32_t*>(row); }
stream::timestamp& time_at(std::byte* row, row_offset at) { return *reinterpret_cast<stream::timestamp*>(row + at); }

std::int64_t number_of(const stream::event_view& event, stream::field_id field, value_kind kind) {
  const stream::column& values = event[field];
  return kind == value_kind::exact ? values.number(event.row) : static_cast<std::int64_t>(values.id(event.row));
}

template <class Number>
bool compare(operation op, Number a, Number b) {
  switch (op) {
    case operation::equal: return a == b;
    case operation::not_equal: return a != b;
    case operation::less: return a < b;
    case operation::less_equal: return a <= b;
    case operation::greater: return a > b;
    case operation::greater_equal: return a >= b;
    default: std::unreachable();
  }
}

template <unsigned Width>
void drop_older(packed_queue<Width>& events, block_pool& pool, stream::timestamp oldest) {
  while (events.size != 0 && time_of(events(pool, 0)[at_word]) < oldest) events.pop_front();
}

}  // namespace

packed_matcher::packed_matcher(packed_plan plan)
    : plan_(std::move(plan)), counters_(plan_.patterns.size()), rows_(plan_.row_bytes), self_(plan_.tracks.size()) {
  longest_ = std::chrono::seconds{1};
  const auto bounded = [&](stream::duration d) {
    if (d != stream::duration::max()) longest_ = std::max(longest_, d);
  };
  for (const packed_window& w : plan_.windows) bounded(w.length);
  for (const packed_pattern& p : plan_.patterns) bounded(p.horizon());
}

pattern_counters packed_matcher::counters(std::size_t pattern, const guards& shared) const {
  pattern_counters sum = counters_[pattern];
  for (const guard_id guard : plan_.patterns[pattern].guards) sum.undefined += shared.undefined(guard);
  return sum;
}

stream::duration packed_matcher::retention() const {
  stream::duration longest{};
  for (const packed_pattern& p : plan_.patterns) longest = std::max(longest, p.horizon());
  return longest;
}

// Subjects come in no order, so nearly every look at one's state is a cache miss. A batch is walked twice: first to
// find who is asked for, then to match, fetching what will be needed ahead of use.
void packed_matcher::advance(const stream::event_log& log, const guards& shared, findings& into) {
  log_ = &log;
  const stream::batch& rows = log.last();
  collect_claims(rows, shared);
  collect_arrivals(rows);
  for (std::size_t i = 0; i < arrivals_.size(); ++i) {
    prefetch(i);
    take(arrivals_[i], rows, into);
  }
  pass_deadlines(rows.watermark(), into);
  if (rows.watermark() >= next_sweep_) sweep(rows.watermark());
}

/// The roles that each event plays, by place: counted, then filled in, so that a guard that holds for few costs little.
void packed_matcher::collect_claims(const stream::batch& rows, const guards& shared) {
  claim_begins_.assign(rows.size() + 1, 0);
  const auto for_each_place = [&](const packed_role& r, const auto& visit) {
    const auto bitmap = shared.bitmap(r.guard);
    for (std::size_t i = 0; i < bitmap.size(); ++i) {
      for (std::uint64_t bits = bitmap[i]; bits != 0; bits &= bits - 1) {
        visit(i * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
      }
    }
  };
  for (const packed_role& r : plan_.roles) for_each_place(r, [&](std::size_t place) { ++claim_begins_[place]; });
  std::uint32_t sum = 0;
  for (std::uint32_t& begin : claim_begins_) sum += std::exchange(begin, sum);
  roles_by_place_.resize(sum);
  for (std::uint32_t role = 0; role < plan_.roles.size(); ++role) {
    for_each_place(plan_.roles[role], [&](std::size_t place) { roles_by_place_[claim_begins_[place]++] = role; });
  }
  // Each begin has become the end of its place, which is where the next one begins.
}

void packed_matcher::collect_arrivals(const stream::batch& rows) {
  arrivals_.clear();
  roles_claimed_.clear();
  roles_claimed_.reserve(roles_by_place_.size());  // arrivals point into it
  const auto order = rows.order();
  std::uint32_t begin = 0;
  for (std::uint32_t place = 0; place < order.size(); ++place) {
    const std::uint32_t end = claim_begins_[place];
    if (end == begin) continue;
    const std::span<const std::uint32_t> roles{roles_by_place_.data() + begin, end - begin};
    begin = end;
    const auto& key = plan_.only_key[static_cast<std::size_t>(order[place].type)];
    if (!key) {
      add_arrivals(place, roles, rows);
      continue;
    }
    const stream::column& keys = rows[order[place].type][*key];
    if (!keys.present(order[place].row)) continue;
    const stream::symbol subject = keys.id(order[place].row);
    arrivals_.push_back({subject, place, rows_[subject], roles});
  }
}

/// An event may come to several subjects, as a transfer does to both its accounts.
void packed_matcher::add_arrivals(std::uint32_t place, std::span<const std::uint32_t> roles,
                                  const stream::batch& rows) {
  const stream::row_ref at = rows.order()[place];
  const stream::event_view event{at.type, &rows[at.type], at.row};
  subjects_.clear();
  stream::field_id last_key{};
  for (const std::uint32_t role : roles) {
    const stream::field_id key = plan_.roles[role].key;
    if (!subjects_.empty() && key == last_key) continue;
    const stream::column& keys = event[key];
    if (!keys.present(event.row)) continue;
    last_key = key;
    const stream::symbol subject = keys.id(event.row);
    if (std::ranges::find(subjects_, subject) == subjects_.end()) subjects_.push_back(subject);
  }
  for (const stream::symbol& subject : subjects_) {
    const std::size_t first = roles_claimed_.size();
    for (const std::uint32_t role : roles) {
      if (belongs(event, plan_.roles[role], subject)) roles_claimed_.push_back(role);
    }
    const std::span<const std::uint32_t> claimed = std::span{roles_claimed_}.subspan(first);
    if (!claimed.empty()) arrivals_.push_back({subject, place, rows_[subject], claimed});
  }
}

bool packed_matcher::belongs(const stream::event_view& event, const packed_role& r, const stream::symbol& subject) {
  const stream::column& keys = event[r.key];
  if (!keys.present(event.row) || keys.id(event.row) != subject) return false;
  if (!r.of_subject) return true;
  return r.of_subject->holds(
      {.event = event, .log = log_, .subject = std::span{&subject, 1}, .undefined = &counters_[r.pattern].undefined});
}

// From far to near: the subject's row, and the oldest and the newest of what its queues hold.
void packed_matcher::prefetch(std::size_t next) const {
  constexpr std::size_t far = 20;
  constexpr std::size_t near = 10;
  constexpr std::size_t bytes_max = 512;
  if (next + far < arrivals_.size()) {
    const std::byte* const row = arrivals_[next + far].row;
    for (std::size_t line = 0; line < std::min(plan_.row_bytes, bytes_max); line += 64) __builtin_prefetch(row + line);
  }
  if (next + near >= arrivals_.size()) return;
  std::byte* const row = arrivals_[next + near].row;
  const auto fetch_ends = [this](const auto& events) {
    if (events.size == 0) return;
    __builtin_prefetch(events(pool_, 0));
    __builtin_prefetch(events(pool_, events.size));
  };
  constexpr std::size_t queues_max = 8;
  for (std::size_t i = 0; i < std::min(plan_.tracks.size(), queues_max); ++i) {
    const track_shape& track = plan_.tracks[i];
    if (track.field) {
      fetch_ends(queue<2>(row, track.events));
    } else {
      fetch_ends(queue<1>(row, track.events));
    }
  }
  for (std::size_t i = 0; i < std::min(plan_.candidates.size(), queues_max); ++i) {
    fetch_ends(queue<4>(row, plan_.candidates[i].events));
  }
}

/// A row that holds nothing yet is told so: all zero is no time.
void packed_matcher::touch(std::byte* row) {
  if (live_of(row) != 0) return;
  live_of(row) = 1;
  ++live_;
  for (const packed_pattern& p : plan_.patterns) {
    if (p.silence) time_at(row, p.silent_until) = stream::start_of_time;
  }
}

// Within one event: windows that see it are filled first (those that do not leave it out again); what it breaks, it
// breaks before it can arm a deadline of its own; a match may end at it before it is kept as a candidate, since no
// event is bound twice. The roles of an event come in this order.
void packed_matcher::take(const arrival& a, const stream::batch& rows, findings& into) {
  const stream::row_ref at = rows.order()[a.place];
  const event_at_hand e{{at.type, &rows[at.type], at.row}, log_->handle(a.place), rows.at(at), a.subject, a.row};
  pass_deadlines(e.at, into);
  touch(a.row);
  const auto roles = a.roles;
  using part_kind = packed_role::part_kind;
  std::size_t i = 0;
  for (; i < roles.size() && plan_.roles[roles[i]].part == part_kind::track; ++i) {
    enter_window_track(e, plan_.roles[roles[i]].index);
  }
  const std::size_t tracks = i;
  while (i < roles.size() && plan_.roles[roles[i]].part != part_kind::candidate) {
    const std::uint32_t pattern = plan_.roles[roles[i]].pattern;
    const std::size_t first = i;
    const auto is_of = [&](std::uint32_t role) {
      return plan_.roles[role].part != part_kind::candidate && plan_.roles[role].pattern == pattern;
    };
    while (i < roles.size() && is_of(roles[i])) ++i;
    take_parts(e, roles.subspan(first, i - first), into);
  }
  for (; i < roles.size(); ++i) become_candidate(e, plan_.roles[roles[i]].index);
  for (std::size_t t = 0; t < tracks; ++t) self_[plan_.roles[roles[t]].index] = false;
}

void packed_matcher::enter_window_track(const event_at_hand& e, std::uint32_t number) {
  const track_shape& track = plan_.tracks[number];
  std::int64_t taken = 0;
  if (track.field) {
    const stream::column& values = e.view[*track.field];
    if (!values.present(e.view.row)) return;
    if (track.type.kind == value_kind::exact) taken = values.number(e.view.row);
  }
  advance_track(track, e.row, e.at);
  if (track.field) {
    word* const entry = queue<2>(e.row, track.events).push_back(pool_);
    entry[time_word] = word_of(e.at);
    entry[value_word] = static_cast<word>(taken);
    for (const std::uint32_t w : track.windows) {
      const auto& sum = plan_.windows[w].sum;
      if (sum) store_sum(e.row, *sum, load_sum(e.row, *sum) + taken);
    }
  } else {
    queue<1>(e.row, track.events).push_back(pool_)[time_word] = word_of(e.at);
  }
  self_[number] = true;
}

/// Lets go of events that the windows no longer reach at `now`: each from its own start, the queue from the least.
void packed_matcher::advance_track(const track_shape& track, std::byte* row, stream::timestamp now) {
  const auto advance = [&](auto& events) {
    if (track.windows.size() == 1) {  // it is the whole queue
      const packed_window& w = plan_.windows[track.windows.front()];
      const stream::timestamp oldest = stream::saturating_add(now, -w.length);
      while (events.size != 0) {
        const word* const entry = events(pool_, 0);
        if (time_of(entry[time_word]) >= oldest) return;
        if (w.sum) store_sum(row, *w.sum, load_sum(row, *w.sum) - static_cast<std::int64_t>(entry[value_word]));
        events.pop_front();
      }
      return;
    }
    std::uint32_t least = events.size;
    for (const std::uint32_t number : track.windows) {
      const packed_window& w = plan_.windows[number];
      const stream::timestamp oldest = stream::saturating_add(now, -w.length);
      std::uint32_t& start = start_of(row, w);
      const std::uint32_t before = start;
      int128 left = 0;
      while (start < events.size) {
        const word* const entry = events(pool_, start);
        if (time_of(entry[time_word]) >= oldest) break;
        if (w.sum) left += static_cast<std::int64_t>(entry[value_word]);
        ++start;
      }
      if (w.sum && start != before) store_sum(row, *w.sum, load_sum(row, *w.sum) - left);
      least = std::min(least, start);
    }
    if (least == 0) return;
    events.pop_front(least);
    for (const std::uint32_t number : track.windows) start_of(row, plan_.windows[number]) -= least;
  };
  if (track.field) {
    advance(queue<2>(row, track.events));
  } else {
    advance(queue<1>(row, track.events));
  }
}

void packed_matcher::take_parts(const event_at_hand& e, std::span<const std::uint32_t> roles, findings& into) {
  using part_kind = packed_role::part_kind;
  const std::uint32_t number = plan_.roles[roles.front()].pattern;
  const packed_pattern& p = plan_.patterns[number];
  const bool ends =
      std::ranges::any_of(roles, [&](std::uint32_t role) { return plan_.roles[role].part == part_kind::last_step; });
  if (ends && !p.at_end) end_at(e, number, into);
  for (const std::uint32_t role : roles) {
    const packed_role& r = plan_.roles[role];
    if (r.part == part_kind::clears) {
      queue<4>(e.row, plan_.candidates[r.index].events).clear();
    } else if (r.part == part_kind::breaks) {
      queue<2>(e.row, p.armed).clear();  // open deadlines are not before this event: it breaks them all
    } else if (r.part == part_kind::absence) {
      auto& events = queue<2>(e.row, r.events);
      if (p.horizon() != stream::duration::max()) {
        drop_older(events, pool_, stream::saturating_add(e.at, -p.horizon()));
      }
      word* const entry = events.push_back(pool_);
      entry[handle_word] = word_of(e.handle);
      entry[at_word] = word_of(e.at);
    }
  }
  if (ends && p.at_end) arm(e, number);
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
  if (!passes_thresholds(p, e.row, e.at)) return;
  set_reading(number, e.subject);
  // A condition that is the same for all matches is judged first when it is cheaper than the search.
  if (!p.condition_reads_bound && p.steps.size() == 1 && !condition_holds(p, e.row, e.at)) return;
  const bool found = search(p, e, [&] { return !p.condition_reads_bound || condition_holds(p, e.row, e.at); });
  if (!found || (!p.condition_reads_bound && p.steps.size() > 1 && !condition_holds(p, e.row, e.at))) return;
  emit(p, number, e.row, {.at = e.at, .end = e.handle, .subject = e.subject}, into);
}

void packed_matcher::arm(const event_at_hand& e, std::uint32_t number) {
  const packed_pattern& p = plan_.patterns[number];
  set_reading(number, e.subject);
  if (!search(p, e, [] { return true; })) return;
  word* const entry = queue<2>(e.row, p.armed).push_back(pool_);
  entry[handle_word] = word_of(e.handle);
  entry[at_word] = word_of(e.at);
  deadlines_.push({stream::saturating_add(e.at, p.patience), e.handle, number, e.subject});
}

void packed_matcher::pass_deadlines(stream::timestamp before, findings& into) {
  while (!deadlines_.empty() && deadlines_.top().at < before) {
    const deadline d = deadlines_.top();
    deadlines_.pop();
    pass(d, into);
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
  const auto accept = [&] {
    const bool kept = p.at_end->events != 0;
    if (kept && broken(*p.at_end, row, d.armed, stream::no_event)) return false;
    return condition_holds(p, row, d.at);
  };
  if (!passes_thresholds(p, row, d.at)) return;
  if (!search(p, last, accept)) return;
  emit(p, d.pattern, row, {.at = d.at, .armed = d.armed, .subject = d.subject}, into);
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

bool packed_matcher::passes_thresholds(const packed_pattern& p, std::byte* row, stream::timestamp now) {
  for (const packed_threshold& t : p.thresholds) {
    const std::size_t count = count_in(t.aggregate, row, now);
    const bool counts = t.aggregate.function == aggregate_function::count;
    if (!compare(t.op, counts ? static_cast<int128>(count) : sum_in(t.aggregate, row), t.constant)) return false;
  }
  return true;
}

bool packed_matcher::condition_holds(const packed_pattern& p, std::byte* row, stream::timestamp now) {
  if (!p.condition) return true;
  computed_.resize(p.aggregates.size());
  for (std::size_t i = 0; i < p.aggregates.size(); ++i) {
    if (p.aggregates[i].in_condition) computed_[i] = compute(p.aggregates[i], row, now);
  }
  reading_.aggregates = computed_;
  return p.condition->holds(reading_);
}

value packed_matcher::compute(const packed_aggregate& a, std::byte* row, stream::timestamp now) {
  const std::size_t count = count_in(a, row, now);
  switch (a.function) {
    case aggregate_function::count: return value::of(static_cast<int128>(count));
    case aggregate_function::sum: return value::of(sum_in(a, row));
    default: return average(sum_in(a, row), count, plan_.tracks[plan_.windows[a.window].track].type);
  }
}

std::size_t packed_matcher::count_in(const packed_aggregate& a, std::byte* row, stream::timestamp now) {
  const packed_window& w = plan_.windows[a.window];
  const track_shape& track = plan_.tracks[w.track];
  advance_track(track, row, now);
  const std::uint32_t size = track.field ? queue<2>(row, track.events).size : queue<1>(row, track.events).size;
  return size - start_of(row, w) - (a.prior && self_[w.track] ? 1 : 0);
}

/// After count_in has brought the window up to date.
int128 packed_matcher::sum_in(const packed_aggregate& a, std::byte* row) const {
  const packed_window& w = plan_.windows[a.window];
  const int128 sum = load_sum(row, *w.sum);
  if (!a.prior || !self_[w.track]) return sum;
  const auto& events = queue<2>(row, plan_.tracks[w.track].events);
  return sum - static_cast<std::int64_t>(events(pool_, events.size - 1)[value_word]);
}

void packed_matcher::emit(packed_pattern& p, std::uint32_t number, std::byte* row, finding f, findings& into) {
  if (p.silence) {
    stream::timestamp& silent_until = time_at(row, p.silent_until);
    if (f.at <= silent_until) {
      ++counters_[number].suppressed;
      return;
    }
    silent_until = stream::saturating_add(f.at, *p.silence);
  }
  reading_.bound = bound_;
  if (p.suppress && p.suppress->holds_back(f.at, reading_, f.suppressed)) {
    ++counters_[number].suppressed;
    return;
  }
  ++counters_[number].matches;
  f.pattern = p.index;
  f.first_event = into.events.size();
  f.events = p.steps.size();
  f.first_aggregate = into.aggregates.size();
  f.aggregates = p.aggregates.size();
  for (std::size_t i = 0; i < p.steps.size(); ++i) {
    into.events.push_back({bound_[i].last, static_cast<std::uint16_t>(i)});
  }
  for (const packed_aggregate& a : p.aggregates) into.aggregates.push_back(compute(a, row, f.at));
  into.found.push_back(f);
}

// ---- memory

// Gives back the memory of subjects that no window, candidate or deadline needs any more. Once a longest window of
// event time, so that the cost per event stays bounded; what is dropped could no longer change an alert.
void packed_matcher::sweep(stream::timestamp watermark) {
  next_sweep_ = stream::saturating_add(watermark, longest_);
  rows_.sweep([&](stream::symbol, std::byte* row) {
    if (live_of(row) == 0) return false;
    if (!release_idle(row, watermark)) return true;
    live_of(row) = 0;
    --live_;
    return false;
  });
  for (packed_pattern& p : plan_.patterns) {
    if (p.suppress) p.suppress->sweep(watermark);
  }
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
    if (track.field) {
      settle(queue<2>(row, track.events));
    } else {
      settle(queue<1>(row, track.events));
    }
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
      if (p.at_end->events != 0) settle_older(queue<2>(row, p.at_end->events), p.horizon());
      settle(queue<2>(row, p.armed));
    }
    if (p.silence) idle = idle && time_at(row, p.silent_until) < watermark;
  }
  return idle;
}

}  // namespace weir::cep
