#include "cep/engine.hpp"

#include <algorithm>
#include <utility>

#include "cep/alert_order.hpp"
#include "cep/packed_matcher.hpp"
#include "cep/pattern_matcher.hpp"

namespace weir::cep {

struct engine::state {
  state(const reference_data& data, stream::symbols& symbols)
      : names(symbols), lookups(data, symbols), shared(symbols, lookups) {}

  void add(const std::vector<pattern>& patterns, const stream::schema& types);
  std::span<const stream::symbol> subject_of(const finding& f) const;
  match match_of(const finding& f) const;

  /// Which matcher has a pattern, and where it is there.
  struct home {
    bool is_packed = false;
    std::size_t matcher = 0;
    std::size_t place = 0;
  };

  stream::symbols& names;
  references lookups;
  guards shared;
  std::vector<packed_matcher> packed;     // one for each kind of subject
  std::vector<pattern_matcher> matchers;  // one for each pattern of another shape
  std::vector<home> homes;                // by pattern
  findings found;
  alert_order order;
  std::vector<match> matches;
  mutable std::vector<pattern_counters> counters;
};

void engine::state::add(const std::vector<pattern>& patterns, const stream::schema& types) {
  struct kind {
    stream::field_type subject;
    std::vector<const pattern*> patterns;
    std::vector<std::uint32_t> indexes;
  };
  std::vector<kind> kinds;
  for (std::uint32_t i = 0; i < patterns.size(); ++i) {
    const pattern& p = patterns[i];
    if (!can_be_packed(p, types)) {
      homes.push_back({.is_packed = false, .matcher = matchers.size(), .place = 0});
      matchers.emplace_back(i, make_plan(p, types, names, lookups, shared), p.subjects, names);
      continue;
    }
    auto of = std::ranges::find(kinds, p.subjects.front(), &kind::subject);
    if (of == kinds.end())
      of = kinds.insert(kinds.end(), {.subject = p.subjects.front(), .patterns = {}, .indexes = {}});
    const auto number = static_cast<std::size_t>(of - kinds.begin());
    homes.push_back({.is_packed = true, .matcher = number, .place = of->patterns.size()});
    of->patterns.push_back(&p);
    of->indexes.push_back(i);
  }
  for (const kind& k : kinds) {
    packed.emplace_back(make_packed_plan(k.patterns, k.indexes, types, names, lookups, shared));
  }
}

std::span<const stream::symbol> engine::state::subject_of(const finding& f) const {
  const home& at = homes[f.pattern];
  return at.is_packed ? std::span{&f.subject, 1} : matchers[at.matcher].subject_of(f);
}

engine::engine(std::vector<pattern> patterns, const reference_data& data, const stream::schema& types,
               stream::symbols& names)
    : state_(std::make_unique<state>(data, names)) {
  state_->add(patterns, types);
}

engine::~engine() = default;
engine::engine(engine&&) noexcept = default;
engine& engine::operator=(engine&&) noexcept = default;

std::span<const match> engine::advance(const stream::event_log& log) {
  state& s = *state_;
  s.found.clear();
  s.matches.clear();
  s.shared.evaluate(log.last());
  for (packed_matcher& matcher : s.packed) matcher.advance(log, s.shared, s.found);
  for (pattern_matcher& matcher : s.matchers) matcher.advance(log, s.shared, s.found);
  for (const std::uint32_t f : s.order.sort(s.found.found, log)) s.matches.push_back(s.match_of(s.found.found[f]));
  return s.matches;
}

match engine::state::match_of(const finding& f) const {
  return {.pattern = f.pattern,
          .subject = subject_of(f),
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
  for (const packed_matcher& matcher : state_->packed) longest = std::max(longest, matcher.retention());
  for (const pattern_matcher& matcher : state_->matchers) longest = std::max(longest, matcher.plan().retention());
  return longest;
}

std::span<const pattern_counters> engine::counters() const {
  const state& s = *state_;
  s.counters.clear();
  for (const auto& at : s.homes) {
    s.counters.push_back(at.is_packed ? s.packed[at.matcher].counters(at.place, s.shared)
                                      : s.matchers[at.matcher].counters(s.shared));
  }
  return s.counters;
}

std::size_t engine::live_subjects() const {
  std::size_t sum = 0;
  for (const packed_matcher& matcher : state_->packed) sum += matcher.live_subjects();
  for (const pattern_matcher& matcher : state_->matchers) sum += matcher.live_subjects();
  return sum;
}

}  // namespace weir::cep
