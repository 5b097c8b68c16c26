#include "cep/engine.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "cep/pattern_matcher.hpp"

namespace weir::cep {

struct engine::state {
  state(const reference_data& data, stream::symbols& names) : lookups(data, names), shared(names, lookups) {}

  references lookups;
  guards shared;
  std::vector<pattern_matcher> matchers;
  findings found;
  std::vector<match> matches;
  mutable std::vector<pattern_counters> counters;
};

namespace {

auto alert_order(const finding& f) { return std::tuple{f.at, f.end, f.armed, f.pattern}; }

}  // namespace

engine::engine(std::vector<pattern> patterns, const reference_data& data, const stream::schema& types,
               stream::symbols& names)
    : state_(std::make_unique<state>(data, names)) {
  state& s = *state_;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    s.matchers.emplace_back(static_cast<std::uint32_t>(i), make_plan(patterns[i], types, names, s.lookups, s.shared),
                            patterns[i].subjects, names);
  }
}

engine::~engine() = default;
engine::engine(engine&&) noexcept = default;
engine& engine::operator=(engine&&) noexcept = default;

std::span<const match> engine::advance(const stream::event_log& log) {
  state& s = *state_;
  s.found.clear();
  s.matches.clear();
  s.shared.evaluate(log.last());
  for (pattern_matcher& matcher : s.matchers) matcher.advance(log, s.shared, s.found);
  // One pattern's findings are in order already; those of several are merged.
  if (s.matchers.size() > 1) std::ranges::stable_sort(s.found.found, {}, alert_order);
  for (const finding& f : s.found.found) {
    const pattern_plan& plan = s.matchers[f.pattern].plan();
    s.matches.push_back({.pattern = f.pattern,
                         .subject = s.matchers[f.pattern].subject_of(f),
                         .at = f.at,
                         .events = std::span{s.found.events}.subspan(f.first_event, f.events),
                         .aggregates = std::span{s.found.aggregates}.subspan(f.first_aggregate, plan.aggregates.size()),
                         .suppressed = f.suppressed});
  }
  return s.matches;
}

stream::duration engine::retention() const {
  stream::duration longest{};
  for (const pattern_matcher& matcher : state_->matchers) longest = std::max(longest, matcher.plan().retention());
  return longest;
}

std::span<const pattern_counters> engine::counters() const {
  state_->counters.clear();
  for (const pattern_matcher& matcher : state_->matchers) {
    state_->counters.push_back(matcher.counters(state_->shared));
  }
  return state_->counters;
}

std::size_t engine::live_subjects() const {
  std::size_t sum = 0;
  for (const pattern_matcher& matcher : state_->matchers) sum += matcher.live_subjects();
  return sum;
}

}  // namespace weir::cep
