#include "cep/matchers.hpp"

#include <algorithm>
#include <utility>

#include "cep/packed_matcher.hpp"
#include "cep/pattern_matcher.hpp"

namespace weir::cep {

namespace {

/// Patterns that share a packed plan: those about one kind of subject.
struct packed_set {
  stream::field_type subject;
  std::vector<const pattern*> patterns;
  std::vector<std::uint32_t> indexes;
};

}  // namespace

matchers make_matchers(const std::vector<pattern>& patterns, const stream::schema& types, stream::symbols& names,
                       const references& lookups, guards& shared) {
  matchers made;
  made.homes.resize(patterns.size());
  std::vector<packed_set> sets;
  for (std::uint32_t i = 0; i < patterns.size(); ++i) {
    const pattern& p = patterns[i];
    if (!can_be_packed(p, types)) {
      made.homes[i] = {.matcher = made.all.size(), .own = 0};
      made.all.push_back(
          std::make_unique<pattern_matcher>(i, make_plan(p, types, names, lookups, shared), p.subjects, names));
      continue;
    }
    auto of = std::ranges::find(sets, p.subjects.front(), &packed_set::subject);
    if (of == sets.end()) of = sets.insert(of, {.subject = p.subjects.front(), .patterns = {}, .indexes = {}});
    of->patterns.push_back(&p);
    of->indexes.push_back(i);
  }
  for (const packed_set& set : sets) {
    for (std::size_t own = 0; own < set.indexes.size(); ++own) {
      made.homes[set.indexes[own]] = {.matcher = made.all.size(), .own = own};
    }
    made.all.push_back(
        std::make_unique<packed_matcher>(make_packed_plan(set.patterns, set.indexes, types, names, lookups, shared)));
  }
  return made;
}

}  // namespace weir::cep
