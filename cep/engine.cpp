#include "cep/engine.hpp"

#include <algorithm>
#include <utility>

#include "cep/alert_order.hpp"
#include "cep/matchers.hpp"

namespace weir::cep {

namespace {

std::vector<pattern_part> parts_of(const std::vector<pattern>& patterns) {
  std::vector<pattern_part> parts;
  for (std::uint32_t i = 0; i < patterns.size(); ++i) parts.push_back({.pattern = i, .share = {}});
  return parts;
}

}  // namespace

struct engine::state {
  state(const std::vector<pattern>& patterns, const reference_data& data, const stream::schema& types,
        stream::symbols& symbols)
      : names(symbols),
        lookups(data, symbols),
        shared(symbols, lookups),
        made(make_matchers(patterns, parts_of(patterns), types, names, lookups, shared)) {}

  const matcher& home_of(const finding& f) const { return *made.all[made.homes[f.pattern]->matcher]; }
  match match_of(const finding& f) const;

  stream::symbols& names;
  references lookups;
  guards shared;
  matchers made;
  findings found;
  alert_order order;
  std::vector<match> matches;
  mutable std::vector<pattern_counters> counters;
};

engine::engine(std::vector<pattern> patterns, const reference_data& data, const stream::schema& types,
               stream::symbols& names)
    : state_(std::make_unique<state>(patterns, data, types, names)) {}

engine::~engine() = default;
engine::engine(engine&&) noexcept = default;
engine& engine::operator=(engine&&) noexcept = default;

std::span<const match> engine::advance(const stream::event_log& log) {
  state& s = *state_;
  s.found.clear();
  s.matches.clear();
  s.shared.evaluate(log.last());
  for (const auto& one : s.made.all) one->advance(log, s.shared, s.found);
  for (const std::uint32_t f : s.order.sort(s.found.found, log)) s.matches.push_back(s.match_of(s.found.found[f]));
  return s.matches;
}

match engine::state::match_of(const finding& f) const {
  return {.pattern = f.pattern,
          .subject = home_of(f).subject_of(f),
          .at = f.at,
          .events = std::span{found.events}.subspan(f.first_event, f.events),
          .aggregates = std::span{found.aggregates}.subspan(f.first_aggregate, f.aggregates),
          .suppressed = f.suppressed};
}

void engine::replace_list(std::size_t index, const value_list& with) {
  state_->lookups.replace_list(index, with, state_->names);
}

void engine::replace_table(std::size_t index, const value_table& with) {
  state_->lookups.replace_table(index, with, state_->names);
}

stream::duration engine::retention() const {
  stream::duration longest{};
  for (const auto& one : state_->made.all) longest = std::max(longest, one->retention());
  return longest;
}

std::span<const pattern_counters> engine::counters() const {
  const state& s = *state_;
  s.counters.clear();
  for (const auto& at : s.made.homes) s.counters.push_back(s.made.all[at->matcher]->counters(at->own, s.shared));
  return s.counters;
}

std::size_t engine::live_subjects() const {
  std::size_t sum = 0;
  for (const auto& one : state_->made.all) sum += one->live_subjects();
  return sum;
}

}  // namespace weir::cep
