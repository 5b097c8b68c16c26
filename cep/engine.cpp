#include "cep/engine.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cep/alert_order.hpp"
#include "cep/generation.hpp"
#include "cep/graph_walk.hpp"
#include "cep/live_graphs.hpp"

namespace weir::cep {

struct engine::state {
  state(const reference_data& data, stream::symbols& symbols, threading asked)
      : names(symbols), lookups(data, symbols, &graphs), threads(asked) {
    if (threads.workers != nullptr) side_by_side = std::min(threads.workers->threads(), stream::worker_pool::tasks_max);
    shards.resize(side_by_side == 1 ? 1 : side_by_side + 1);
  }

  /// Where a pattern is found.
  struct home {
    std::size_t generation = 0;  // in `generations`
    std::size_t own = 0;         // its number there
  };

  void add(const std::vector<pattern>& patterns, std::vector<std::uint32_t> numbers, const stream::schema& types);
  void find_homes(std::size_t patterns);

  void find(const stream::event_log& log);
  std::span<const finding> gather();
  void find_stop();
  bool comes_before_stop(const finding& f) const;
  void settle_ties(std::span<std::uint32_t> places, std::span<const finding> found) const;
  bool subject_comes_before(std::span<const finding> found, std::uint32_t a, std::uint32_t b) const;
  bool name_comes_before(std::uint32_t pattern, std::span<const stream::symbol> x,
                         std::span<const stream::symbol> y) const;
  std::size_t shard_of(std::size_t place) const;
  std::span<const stream::symbol> subject_of(std::size_t shard, const finding& f) const;
  match match_of(std::span<const finding> found, std::uint32_t place) const;

  stream::symbols& names;
  live_graphs graphs;
  references lookups;
  std::vector<generation> generations;
  std::vector<home> homes;                                // by pattern
  std::vector<std::vector<stream::field_type>> subjects;  // by pattern: their types
  threading threads;
  std::size_t side_by_side = 1;  // of the shards; where these are several, one comes after them

  // Of the batch at hand.
  std::vector<findings> shards;           // what each has found
  std::vector<finding> gathered;          // of several shards, one after the other
  std::vector<std::size_t> shard_begins;  // where those of each begin in it
  alert_order order;
  std::vector<match> matches;
  bool may_stop = false;  // a pattern has a limit that does
  std::optional<limit_stop> stop;
  std::vector<std::uint64_t> passed_over;  // by pattern: what was found behind the stop
  mutable std::vector<pattern_counters> counters;
};

engine::engine(std::vector<pattern> patterns, const reference_data& data, const stream::schema& types,
               stream::symbols& names, threading threads)
    : state_(std::make_unique<state>(data, names, threads)) {
  for (const pattern& p : patterns) state_->subjects.push_back(p.subjects);
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < patterns.size(); ++i) numbers.push_back(i);
  state_->add(patterns, std::move(numbers), types);
  state_->find_homes(patterns.size());
}

engine::~engine() = default;
engine::engine(engine&&) noexcept = default;
engine& engine::operator=(engine&&) noexcept = default;

void engine::state::add(const std::vector<pattern>& patterns, std::vector<std::uint32_t> numbers,
                        const stream::schema& types) {
  if (patterns.empty()) return;
  for (const pattern& p : patterns) may_stop = may_stop || p.limits.may_stop();
  generations.emplace_back(patterns, std::move(numbers), types, names, lookups, side_by_side);
}

void engine::state::find_homes(std::size_t patterns) {
  homes.resize(patterns);
  for (std::size_t g = 0; g < generations.size(); ++g) {
    for (std::size_t own = 0; own < generations[g].size(); ++own) {
      if (const auto number = generations[g].number_of(own)) homes[*number] = {g, own};
    }
  }
}

std::span<const match> engine::advance(const stream::event_log& log) {
  state& s = *state_;
  s.matches.clear();
  s.find(log);
  const auto found = s.gather();
  const auto places = s.order.sort(found, log);
  if (s.shards.size() > 1) s.settle_ties(places, found);
  s.find_stop();
  for (const std::uint32_t place : places) {
    if (s.comes_before_stop(found[place])) {
      s.matches.push_back(s.match_of(found, place));
    } else {
      ++s.passed_over[found[place].pattern];
    }
  }
  return s.matches;
}

const std::optional<limit_stop>& engine::stopped() const { return state_->stop; }

void engine::state::find_stop() {
  if (!may_stop) return;
  std::vector<limit_stop> stops;
  for (const generation& one : generations) one.add_stops(stops);
  if (stops.empty()) return;
  stop = *std::ranges::min_element(stops, [this](const limit_stop& a, const limit_stop& b) {
    if (a.event != b.event) return a.event < b.event;
    if (a.pattern != b.pattern) return a.pattern < b.pattern;
    return name_comes_before(a.pattern, a.subject, b.subject);
  });
  passed_over.resize(homes.size());
}

/// A deadline passes before the events of a later time, and after those of its own.
bool engine::state::comes_before_stop(const finding& f) const {
  if (!stop) return true;
  return f.end == stream::no_event ? f.at < stop->at : f.end < stop->event;
}

// ---- the shards' work

void engine::state::find(const stream::event_log& log) {
  for (generation& one : generations) one.evaluate_guards(log);
  const auto advance = [&](std::size_t shard) {
    shards[shard].clear();
    for (generation& one : generations) one.advance(shard, log, shards[shard]);
  };
  if (side_by_side > 1 && log.last().size() >= threads.rows_least) {
    threads.workers->run(side_by_side, advance);
  } else {
    for (std::size_t i = 0; i < side_by_side; ++i) advance(i);
  }
  if (side_by_side > 1) advance(side_by_side);
  if (!graphs.empty()) walk_with_graphs(log, graphs, generations, shards.back());
  for (generation& one : generations) one.pass(log.last().watermark());
}

/// The findings of all shards, those of one after those of the other.
std::span<const finding> engine::state::gather() {
  if (shards.size() == 1) return shards.front().found;
  gathered.clear();
  shard_begins.clear();
  for (const findings& one : shards) {
    shard_begins.push_back(gathered.size());
    gathered.insert(gathered.end(), one.found.begin(), one.found.end());
  }
  return gathered;
}

std::size_t engine::state::shard_of(std::size_t place) const {
  std::size_t index = shards.size() - 1;
  while (index != 0 && shard_begins[index] > place) --index;
  return index;
}

/// One event may end matches of a pattern for several subjects: those come in the order of the subjects' names, as a
/// matcher that has all of them finds them.
void engine::state::settle_ties(std::span<std::uint32_t> places, std::span<const finding> found) const {
  for (std::size_t begin = 0; begin + 1 < places.size();) {
    std::size_t end = begin + 1;
    while (end < places.size() && at_one_place(found[places[begin]], found[places[end]])) ++end;
    // What is equal stands as it was gathered: if the last is of the same shard as the first, all are.
    if (end - begin > 1 && shard_of(places[begin]) != shard_of(places[end - 1])) {
      std::ranges::stable_sort(places.subspan(begin, end - begin),
                               [&](std::uint32_t a, std::uint32_t b) { return subject_comes_before(found, a, b); });
    }
    begin = end;
  }
}

bool engine::state::subject_comes_before(std::span<const finding> found, std::uint32_t a, std::uint32_t b) const {
  return name_comes_before(found[a].pattern, subject_of(shard_of(a), found[a]), subject_of(shard_of(b), found[b]));
}

bool engine::state::name_comes_before(std::uint32_t pattern, std::span<const stream::symbol> x,
                                      std::span<const stream::symbol> y) const {
  const auto& types = subjects[pattern];
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] != y[i]) return names.of(types[i])[x[i]] < names.of(types[i])[y[i]];
  }
  return false;
}

// ---- what it comes to

std::span<const stream::symbol> engine::state::subject_of(std::size_t shard, const finding& f) const {
  const auto [g, own] = homes[f.pattern];
  return generations[g].subject_of(shard, own, f);
}

match engine::state::match_of(std::span<const finding> found, std::uint32_t place) const {
  const finding& f = found[place];
  const std::size_t shard = shard_of(place);
  const findings& of = shards[shard];
  const graph_finding* const asked = f.asked == 0 ? nullptr : &of.asked[f.asked - 1];
  return {.pattern = f.pattern,
          .subject = subject_of(shard, f),
          .at = f.at,
          .events = std::span{of.events}.subspan(f.first_event, f.events),
          .aggregates = std::span{of.aggregates}.subspan(f.first_aggregate, f.aggregates),
          .answers = asked ? std::span{of.answers}.subspan(asked->first_answer, asked->answers) : std::span<value>(),
          .graph_events = asked ? std::span{of.graph_events}.subspan(asked->first_event, asked->events)
                                : std::span<stream::event_handle>(),
          .truncated = asked != nullptr && asked->truncated,
          .suppressed = f.suppressed};
}

void engine::replace(std::vector<pattern> patterns, std::span<const std::optional<std::uint32_t>> kept,
                     const reference_data& data, const stream::schema& types) {
  state& s = *state_;
  s.lookups.extend(data, s.names);
  s.subjects.clear();
  for (const pattern& p : patterns) s.subjects.push_back(p.subjects);
  std::vector<graph_question> questions;
  for (const pattern& p : patterns) std::ranges::copy(questions_of(p), std::back_inserter(questions));
  std::vector<std::optional<std::uint32_t>> next(s.homes.size());
  std::vector<pattern> added;
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < patterns.size(); ++i) {
    if (kept[i]) {
      next[*kept[i]] = i;
    } else {
      added.push_back(std::move(patterns[i]));
      numbers.push_back(i);
    }
  }
  std::erase_if(s.generations, [&](generation& one) { return !one.renumber(next); });
  s.add(added, std::move(numbers), types);
  s.find_homes(patterns.size());
  s.graphs.keep_only(questions);
}

void engine::replace_list(std::size_t index, const value_list& with) {
  state_->lookups.replace_list(index, with, state_->names);
}

void engine::replace_table(std::size_t index, const value_table& with) {
  state_->lookups.replace_table(index, with, state_->names);
}

stream::duration engine::retention() const {
  stream::duration longest{};
  for (const generation& one : state_->generations) longest = std::max(longest, one.retention());
  return longest;
}

std::span<const pattern_counters> engine::counters() const {
  const state& s = *state_;
  s.counters.clear();
  for (const auto& [g, own] : s.homes) s.counters.push_back(s.generations[g].counters(own));
  for (std::size_t i = 0; i < s.passed_over.size(); ++i) s.counters[i].matches -= s.passed_over[i];
  return s.counters;
}

std::size_t engine::live_subjects() const {
  std::size_t sum = 0;
  for (const generation& one : state_->generations) sum += one.live_subjects();
  return sum;
}

}  // namespace weir::cep
