#include "cep/matchers.hpp"

#include <algorithm>
#include <utility>

#include "cep/packed_matcher.hpp"
#include "cep/pattern_matcher.hpp"

namespace weir::cep {

namespace {

/// Patterns that share a packed plan: those about one kind of subject, and the same share of them.
struct packed_set {
  stream::field_type subject;
  subject_share share;
  std::vector<const pattern*> patterns{};
  std::vector<std::uint32_t> indexes{};
};

}  // namespace

matchers make_matchers(const std::vector<pattern>& patterns, std::span<const pattern_part> parts,
                       const stream::schema& types, stream::symbols& names, const references& lookups, guards& shared) {
  matchers made;
  made.homes.resize(patterns.size());
  std::vector<packed_set> sets;
  for (const auto& [i, share] : parts) {
    const pattern& p = patterns[i];
    if (!can_be_packed(p, types)) {
      made.homes[i] = matchers::home{.matcher = made.all.size(), .own = 0};
      made.all.push_back(
          std::make_unique<pattern_matcher>(i, make_plan(p, types, names, lookups, shared), p.subjects, names, share));
      continue;
    }
    auto of = std::ranges::find_if(sets, [&, &kept = share](const packed_set& set) {
      return set.subject == p.subjects.front() && set.share == kept;
    });
    if (of == sets.end()) of = sets.insert(of, {.subject = p.subjects.front(), .share = share});
    of->patterns.push_back(&p);
    of->indexes.push_back(i);
  }
  for (const packed_set& set : sets) {
    for (std::size_t own = 0; own < set.indexes.size(); ++own) {
      made.homes[set.indexes[own]] = matchers::home{.matcher = made.all.size(), .own = own};
    }
    made.all.push_back(std::make_unique<packed_matcher>(
        make_packed_plan(set.patterns, set.indexes, types, names, lookups, shared), set.share));
  }
  return made;
}

}  // namespace weir::cep
