#include "cep/generation.hpp"

#include <algorithm>
#include <utility>

#include "cep/sharing.hpp"

namespace weir::cep {

generation::generation(const std::vector<pattern>& patterns, std::vector<std::uint32_t> numbers,
                       const stream::schema& types, stream::symbols& names, const references& lookups,
                       std::size_t threads)
    : shared_(names, lookups), numbers_(numbers.begin(), numbers.end()) {
  shared_out lists = share_out(patterns, threads);
  lists.side_by_side.resize(threads);
  for (const pattern& p : patterns) {
    suppressed_.push_back(p.suppress ? std::make_unique<silences>(p.suppress->length) : nullptr);
  }
  const planning with{types, names, lookups, shared_, suppressed_};
  if (threads > 1) lists.side_by_side.push_back(std::move(lists.afterwards));
  for (const auto& parts : lists.side_by_side) {
    shards_.push_back(make_matchers(patterns, parts, with));
  }
  for (std::uint32_t own = 0; own < numbers.size(); ++own) as_planned_ = as_planned_ && numbers[own] == own;
  find_steps();
}

void generation::find_steps() {
  steps_.clear();
  for (const matchers& made : shards_) {
    for (const auto& one : made.all) {
      if (stepwise* const steps = one->in_steps()) steps_.push_back(steps);
    }
  }
}

void generation::advance(std::size_t shard, const stream::event_log& log, findings& into) {
  const std::size_t first = into.found.size();
  for (const auto& one : shards_[shard].all) {
    if (one->in_steps() == nullptr) one->advance(log, shared_, into);
  }
  if (!as_planned_) pass_on(into, first);
}

// ---- in steps

void generation::begin_steps(const stream::event_log& log) {
  for (stepwise* one : steps_) one->begin(log, shared_);
}

void generation::add_relevant(std::span<std::uint64_t> places) const {
  for (const stepwise* one : steps_) one->add_relevant(places);
}

void generation::step(std::size_t place, findings& into) {
  const std::size_t first = into.found.size();
  for (stepwise* one : steps_) one->step(place, shared_, into);
  if (!as_planned_) pass_on(into, first);
}

stream::timestamp generation::next_deadline() const {
  stream::timestamp next = stream::end_of_time;
  for (const stepwise* one : steps_) next = std::min(next, one->next_deadline());
  return next;
}

void generation::pass_deadlines(stream::timestamp before, findings& into) {
  const std::size_t first = into.found.size();
  for (stepwise* one : steps_) one->pass_deadlines(before, into);
  if (!as_planned_) pass_on(into, first);
}

void generation::finish_steps() {
  for (stepwise* one : steps_) one->finish();
}

// ---- patterns that go

void generation::pass(stream::timestamp watermark) {
  for (const auto& one : suppressed_) {
    if (one) one->pass(watermark);
  }
}

/// Those of patterns that have gone are dropped: a plan that several patterns share may still find them.
void generation::pass_on(findings& found, std::size_t first) const {
  const auto begin = found.found.begin() + static_cast<std::ptrdiff_t>(first);
  const auto gone = std::remove_if(begin, found.found.end(), [&](const finding& f) { return !numbers_[f.pattern]; });
  found.found.erase(gone, found.found.end());
  for (auto f = begin; f != found.found.end(); ++f) f->pattern = *numbers_[f->pattern];
}

bool generation::renumber(std::span<const std::optional<std::uint32_t>> next) {
  as_planned_ = true;
  for (std::size_t own = 0; own < numbers_.size(); ++own) {
    const auto before = numbers_[own];
    if (before) numbers_[own] = next[*before];
    if (before && !numbers_[own]) take_out(own);
    as_planned_ = as_planned_ && numbers_[own] == own;
  }
  find_steps();
  return std::ranges::any_of(numbers_, [](const auto& number) { return number.has_value(); });
}

void generation::take_out(std::size_t own) {
  if (suppressed_[own]) suppressed_[own]->clear();
  for (matchers& made : shards_) {
    if (made.homes[own]) take_out(own, made);
  }
}

/// A matcher that has no other pattern goes with it.
void generation::take_out(std::size_t own, matchers& from) const {
  const auto [place, number] = *from.homes[own];
  bool needed = false;
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    needed = needed || (numbers_[i] && from.homes[i] && from.homes[i]->matcher == place);
  }
  if (needed) return from.all[place]->retire(number);
  from.all.erase(from.all.begin() + static_cast<std::ptrdiff_t>(place));
  for (auto& home : from.homes) {
    if (home && home->matcher > place) --home->matcher;
  }
}

void generation::add_stops(std::vector<limit_stop>& into) const {
  for (const matchers& made : shards_) {
    for (const auto& one : made.all) {
      auto stop = one->stopped();
      if (!stop || !numbers_[stop->pattern]) continue;
      stop->pattern = *numbers_[stop->pattern];
      into.push_back(*std::move(stop));
    }
  }
}

std::span<const stream::symbol> generation::subject_of(std::size_t shard, std::size_t own, const finding& f) const {
  const matchers& made = shards_[shard];
  return made.all[made.homes[own]->matcher]->subject_of(f);
}

pattern_counters generation::counters(std::size_t own) const {
  pattern_counters sum;
  std::uint64_t in_guards = 0;  // the same for all shards
  for (const matchers& made : shards_) {
    if (!made.homes[own]) continue;
    const auto [place, number] = *made.homes[own];
    sum += made.all[place]->counters(number);
    in_guards = made.all[place]->undefined_in_guards(number, shared_);
  }
  sum.undefined += in_guards;
  return sum;
}

std::size_t generation::live_subjects() const {
  std::size_t sum = 0;
  for (const matchers& made : shards_) {
    for (const auto& one : made.all) sum += one->live_subjects();
  }
  return sum;
}

stream::duration generation::retention() const {
  stream::duration longest{};
  for (const matchers& made : shards_) {
    for (const auto& one : made.all) longest = std::max(longest, one->retention());
  }
  return longest;
}

}  // namespace weir::cep
