#include "cep/run_matcher.hpp"

#include <algorithm>
#include <utility>

#include "cep/register_value.hpp"
#include "stream/fetch_ahead.hpp"

namespace weir::cep {

namespace {

constexpr unsigned handle_word = 0;
constexpr unsigned at_word = 1;
constexpr unsigned register_word = 2;

// An arrival's roles.
constexpr std::uint32_t first_step = 1;
constexpr std::uint32_t second_step = 2;

stream::timestamp time_of(const block_pool::word* entry) {
  return stream::timestamp{stream::duration{static_cast<std::int64_t>(entry[at_word])}};
}
stream::event_handle handle_of(const block_pool::word* entry) {
  return static_cast<stream::event_handle>(entry[handle_word]);
}
std::int64_t value_of(const block_pool::word* entry, std::size_t at) {
  return static_cast<std::int64_t>(entry[register_word + at]);
}

}  // namespace

run_matcher::run_matcher(run_plan plan, subject_share share)
    : plan_(std::move(plan)), asked_(plan_.asked, share), rows_(plan_.asked.row_bytes, share) {}

std::uint64_t run_matcher::undefined_in_guards(std::size_t /*own*/, const guards& shared) const {
  std::uint64_t sum = 0;
  for (const guard_id guard : plan_.guards) sum += shared.undefined(guard);
  return sum;
}

// As packed_matcher does: who comes is found first, so that the states can be fetched ahead.
void run_matcher::advance(const stream::event_log& log, const guards& shared, findings& into) {
  constexpr std::size_t far = 24;
  constexpr std::size_t near = 12;
  log_ = &log;
  first_handle_ = static_cast<std::uint64_t>(log.handle(0));
  const stream::batch& rows = log.last();
  const auto found = asked_.find(log, shared, rows_, std::span{&counters_, 1});
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i + far < found.size()) stream::fetch_ahead(found[i + far].row);
    if (i + near < found.size()) fetch_queues(found[i + near]);
    const arrival& a = found[i];
    const stream::row_ref at = rows.order()[a.place];
    const event_at_hand e{{at.type, &rows[at.type], at.row},
                          static_cast<stream::event_handle>(first_handle_ + a.place),
                          rows.at(at),
                          a.subject};
    if (plan_.run_first) {
      take_run_first(e, a, into);
    } else {
      take_single_first(e, a, into);
    }
  }
  if (rows.watermark() >= next_sweep_) sweep(rows.watermark());
}

void run_matcher::fetch_queues(const arrival& a) const {
  const auto fetch_ends = [this](const events& in) {
    if (in.size == 0) return;
    stream::fetch_ahead(in(pool_, 0));
    stream::fetch_ahead(in(pool_, in.size - 1));
  };
  fetch_ends(run_of(a.row));
  if (!plan_.run_first) fetch_ends(singles_of(a.row));
}

// ---- what an event does: a match may end at it before it is kept, since no event is bound twice.

void run_matcher::take_run_first(const event_at_hand& e, const arrival& a, findings& into) {
  events& run = run_of(a.row);
  drop_older(run, e.at);
  if ((a.roles & second_step) != 0 && run.size >= std::max(plan_.least, 1U)) end_run(e, run, into);
  if ((a.roles & first_step) != 0) keep(run, e, plan_.run);
}

void run_matcher::take_single_first(const event_at_hand& e, const arrival& a, findings& into) {
  events& run = run_of(a.row);
  events& singles = singles_of(a.row);
  drop_older(singles, e.at);
  if ((a.roles & second_step) != 0 && singles.size != 0) {
    end_with_run(e, singles, run, into);
    // No run begins before its single event.
    const stream::event_handle first = handle_of(singles(pool_, 0));
    while (run.size != 0 && handle_of(run(pool_, 0)) < first) run.pop_front();
    keep(run, e, plan_.run);
  }
  if ((a.roles & first_step) != 0) keep(singles, e, plan_.single);
}

// ---- a run, then a single event

/// All of the run's events that are kept are in the window, and before `e`: the longest run is all of them.
void run_matcher::end_run(const event_at_hand& e, const events& run, findings& into) {
  size_ = 0;
  sums_ = {};
  for (std::uint32_t i = 0; i < run.size; ++i) {
    const word* const entry = run(pool_, i);
    count_in({value_of(entry, 0), value_of(entry, 1)});
  }
  if (!passes(read(e, plan_.single))) return;
  taken_.clear();
  for (std::uint32_t i = 0; i < run.size; ++i) taken_.push_back(handle_of(run(pool_, i)));
  reading_ = {.log = log_, .subject = std::span{&e.subject, 1}, .undefined = &counters_.undefined};
  bound_ = {bound_step{taken_.back(), taken_}, bound_step{}};
  reading_.bound = bound_;
  if (!rest_holds(e.handle)) return;
  bound_[1] = {e.handle, {}};
  end_match(e, e.at - time_of(run(pool_, 0)), into);
}

// ---- a single event, then a run

/// Of the single events the latest whose run makes a match.
void run_matcher::end_with_run(const event_at_hand& e, const events& singles, const events& run, findings& into) {
  const registers here = read(e, plan_.run);
  reading_ = {.log = log_, .subject = std::span{&e.subject, 1}, .undefined = &counters_.undefined};
  reading_.bound = bound_;
  for (std::uint32_t i = singles.size; i-- > 0;) {
    if (end_after(e, here, singles(pool_, i), run, into)) return;
  }
}

bool run_matcher::end_after(const event_at_hand& e, const registers& here, const word* single, const events& run,
                            findings& into) {
  if (!follows(single, here, e.handle)) return false;
  size_ = 0;
  sums_ = {};
  taken_.clear();
  const stream::event_handle after = handle_of(single);
  for (std::uint32_t i = run.size; i-- > 0;) {
    const word* const entry = run(pool_, i);
    if (handle_of(entry) <= after) break;
    const registers values{value_of(entry, 0), value_of(entry, 1)};
    if (!follows(single, values, handle_of(entry))) continue;
    count_in(values);
    taken_.push_back(handle_of(entry));
  }
  count_in(here);
  if (size_ < plan_.least || !passes({value_of(single, 0), value_of(single, 1)})) return false;
  std::ranges::reverse(taken_);
  taken_.push_back(e.handle);
  bound_ = {bound_step{after, {}}, bound_step{e.handle, taken_}};
  return end_match(e, e.at - time_of(single), into);
}

/// Whether an event of the second step is one in the eyes of the single one before it.
bool run_matcher::follows(const word* single, const registers& here, stream::event_handle handle) {
  for (const run_comparison& c : plan_.join) {
    if (!compare(c.op, here[c.run], value_of(single, c.single))) return false;
  }
  if (!plan_.rest) return true;
  bound_ = {bound_step{handle_of(single), {}}, bound_step{}};
  return rest_holds(handle);
}

// ---- conditions and alerts

/// What the second step asks of its event beyond registers; bound_ has the first one.
bool run_matcher::rest_holds(stream::event_handle handle) {
  if (!plan_.rest) return true;
  reading_.event = (*log_)[handle];
  return plan_.rest->holds(reading_);
}

void run_matcher::count_in(const registers& values) {
  ++size_;
  for (std::size_t i = 0; i < plan_.run.registers.size(); ++i) sums_[i] += values[i];
}

bool run_matcher::passes(const registers& single) const {
  return std::ranges::all_of(plan_.thresholds, [&](const run_threshold& t) {
    const int128 added = t.sums ? sums_[t.summed] : int128{size_};
    const int128 limit = t.of_single ? t.factor * single[*t.of_single] : t.factor;
    return compare(t.op, added * t.scale, limit);
  });
}

/// With bound_ whole: true where it is a match, which is not to say that it is told.
bool run_matcher::end_match(const event_at_hand& e, stream::duration span, findings& into) {
  reading_.span = span;
  if (plan_.condition && !plan_.condition->holds(reading_)) return false;
  emit(e, into);
  return true;
}

void run_matcher::emit(const event_at_hand& e, findings& into) {
  finding f{.at = e.at, .end = e.handle, .subject = e.subject};
  if (plan_.suppress && plan_.suppress->holds_back(e.at, reading_, f.suppressed)) {
    ++counters_.suppressed;
    return;
  }
  ++counters_.matches;
  f.pattern = plan_.index;
  f.first_event = static_cast<std::uint32_t>(into.events.size());
  f.first_aggregate = static_cast<std::uint32_t>(into.aggregates.size());
  for (std::uint16_t step = 0; step < bound_.size(); ++step) {
    const bound_step& bound = bound_[step];
    for (const stream::event_handle event : bound.run) into.events.push_back({event, step});
    if (bound.run.empty()) into.events.push_back({bound.last, step});
  }
  f.events = static_cast<std::uint32_t>(into.events.size()) - f.first_event;
  into.found.push_back(f);
}

// ---- what is kept

run_matcher::registers run_matcher::read(const event_at_hand& e, const run_plan::side& side) const {
  registers values{};
  for (std::size_t i = 0; i < side.registers.size(); ++i) {
    values[i] = register_value(*e.view.rows, e.view.row, side.registers[i], side.kinds[i]);
  }
  return values;
}

void run_matcher::keep(events& in, const event_at_hand& e, const run_plan::side& side) {
  word* const entry = in.push_back(pool_);
  entry[handle_word] = static_cast<word>(e.handle);
  entry[at_word] = static_cast<word>(e.at.time_since_epoch().count());
  const registers values = read(e, side);
  for (std::size_t i = 0; i < values.size(); ++i) entry[register_word + i] = static_cast<word>(values[i]);
}

void run_matcher::drop_older(events& in, stream::timestamp now) const {
  const stream::timestamp oldest = stream::saturating_add(now, -plan_.within);
  while (in.size != 0 && time_of(in(pool_, 0)) < oldest) in.pop_front();
}

void run_matcher::sweep(stream::timestamp watermark) {
  next_sweep_ = stream::saturating_add(watermark, std::max<stream::duration>(plan_.within, std::chrono::seconds{1}));
  rows_.sweep([&](std::byte* row) {
    events& first = plan_.run_first ? run_of(row) : singles_of(row);
    drop_older(first, watermark);
    if (first.size != 0) return true;
    first.release(pool_);
    if (!plan_.run_first) {
      run_of(row).clear();
      run_of(row).release(pool_);
    }
    return false;
  });
  pool_.trim();
}

}  // namespace weir::cep
