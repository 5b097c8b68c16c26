#include "cep/generation.hpp"

#include <algorithm>
#include <utility>

namespace weir::cep {

namespace {

std::vector<pattern_part> parts_of(const std::vector<pattern>& patterns) {
  std::vector<pattern_part> parts;
  for (std::uint32_t i = 0; i < patterns.size(); ++i) parts.push_back({.pattern = i, .share = {}});
  return parts;
}

}  // namespace

generation::generation(const std::vector<pattern>& patterns, std::vector<std::uint32_t> numbers,
                       const stream::schema& types, stream::symbols& names, const references& lookups)
    : shared_(names, lookups),
      made_(make_matchers(patterns, parts_of(patterns), types, names, lookups, shared_)),
      numbers_(numbers.begin(), numbers.end()) {
  for (std::uint32_t own = 0; own < numbers.size(); ++own) as_planned_ = as_planned_ && numbers[own] == own;
}

void generation::advance(const stream::event_log& log, findings& into) {
  const std::size_t first = into.found.size();
  shared_.evaluate(log.last());
  for (const auto& one : made_.all) one->advance(log, shared_, into);
  if (!as_planned_) pass_on(into, first);
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
  return std::ranges::any_of(numbers_, [](const auto& number) { return number.has_value(); });
}

/// A matcher that has no other pattern goes with it.
void generation::take_out(std::size_t own) {
  const auto [place, number] = *made_.homes[own];
  bool needed = false;
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    needed = needed || (numbers_[i] && made_.homes[i]->matcher == place);
  }
  if (needed) return made_.all[place]->retire(number);
  made_.all.erase(made_.all.begin() + static_cast<std::ptrdiff_t>(place));
  for (auto& home : made_.homes) {
    if (home->matcher > place) --home->matcher;
  }
}

std::span<const stream::symbol> generation::subject_of(std::size_t own, const finding& f) const {
  return made_.all[made_.homes[own]->matcher]->subject_of(f);
}

pattern_counters generation::counters(std::size_t own) const {
  const auto [place, number] = *made_.homes[own];
  return made_.all[place]->counters(number, shared_);
}

std::size_t generation::live_subjects() const {
  std::size_t sum = 0;
  for (const auto& one : made_.all) sum += one->live_subjects();
  return sum;
}

stream::duration generation::retention() const {
  stream::duration longest{};
  for (const auto& one : made_.all) longest = std::max(longest, one->retention());
  return longest;
}

}  // namespace weir::cep
