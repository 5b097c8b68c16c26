#include "cep/engine.hpp"

#include <algorithm>
#include <utility>

#include "cep/alert_order.hpp"
#include "cep/generation.hpp"

namespace weir::cep {

struct engine::state {
  state(const reference_data& data, stream::symbols& symbols) : names(symbols), lookups(data, symbols) {}

  /// Where a pattern is found.
  struct home {
    std::size_t generation = 0;  // in `generations`
    std::size_t own = 0;         // its number there
  };

  void add(const std::vector<pattern>& patterns, std::vector<std::uint32_t> numbers, const stream::schema& types);
  void find_homes(std::size_t patterns);
  match match_of(const finding& f) const;

  stream::symbols& names;
  references lookups;
  std::vector<generation> generations;
  std::vector<home> homes;  // by pattern
  findings found;
  alert_order order;
  std::vector<match> matches;
  mutable std::vector<pattern_counters> counters;
};

engine::engine(std::vector<pattern> patterns, const reference_data& data, const stream::schema& types,
               stream::symbols& names)
    : state_(std::make_unique<state>(data, names)) {
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
  generations.emplace_back(patterns, std::move(numbers), types, names, lookups);
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
  s.found.clear();
  s.matches.clear();
  for (generation& one : s.generations) one.advance(log, s.found);
  for (const std::uint32_t f : s.order.sort(s.found.found, log)) s.matches.push_back(s.match_of(s.found.found[f]));
  return s.matches;
}

match engine::state::match_of(const finding& f) const {
  const auto [g, own] = homes[f.pattern];
  return {.pattern = f.pattern,
          .subject = generations[g].subject_of(own, f),
          .at = f.at,
          .events = std::span{found.events}.subspan(f.first_event, f.events),
          .aggregates = std::span{found.aggregates}.subspan(f.first_aggregate, f.aggregates),
          .suppressed = f.suppressed};
}

void engine::replace(std::vector<pattern> patterns, std::span<const std::optional<std::uint32_t>> kept,
                     const reference_data& data, const stream::schema& types) {
  state& s = *state_;
  s.lookups.extend(data, s.names);
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
  return s.counters;
}

std::size_t engine::live_subjects() const {
  std::size_t sum = 0;
  for (const generation& one : state_->generations) sum += one.live_subjects();
  return sum;
}

}  // namespace weir::cep
