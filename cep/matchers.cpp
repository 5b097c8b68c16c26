#include "cep/matchers.hpp"

#include <algorithm>
#include <utility>

#include "cep/packed_groups.hpp"
#include "cep/packed_matcher.hpp"
#include "cep/pair_matcher.hpp"
#include "cep/pattern_matcher.hpp"
#include "cep/run_matcher.hpp"

namespace weir::cep {

namespace {

/// Patterns about one kind of subject that can be packed, and the same share of them.
struct packed_set {
  stream::field_type subject;
  subject_share share;
  std::vector<const pattern*> patterns{};
  std::vector<std::uint32_t> indexes{};
};

/// Only a pattern_matcher knows limits.
class chooser {
 public:
  explicit chooser(const planning& with) : with_(with) {}

  matchers choose(const std::vector<pattern>& patterns, std::span<const pattern_part> parts) {
    made_.homes.resize(patterns.size());
    std::vector<packed_set> sets;
    for (const pattern_part& part : parts) {
      const pattern& p = patterns[part.pattern];
      if (p.limits.any() || !can_be_packed(p, with_.types)) {
        add_alone(p, part);
        continue;
      }
      auto of = std::ranges::find_if(
          sets, [&](const packed_set& set) { return set.subject == p.subjects.front() && set.share == part.share; });
      if (of == sets.end()) of = sets.insert(of, {.subject = p.subjects.front(), .share = part.share});
      of->patterns.push_back(&p);
      of->indexes.push_back(part.pattern);
    }
    for (const packed_set& set : sets) add(set);
    return std::move(made_);
  }

 private:
  void add_alone(const pattern& p, const pattern_part& part) {
    made_.homes[part.pattern] = matchers::home{.matcher = made_.all.size(), .own = 0};
    if (!p.limits.any() && is_run_pair(p)) {
      made_.all.push_back(std::make_unique<run_matcher>(make_run_plan(p, part.pattern, with_), part.share));
      return;
    }
    made_.all.push_back(std::make_unique<pattern_matcher>(part.pattern, make_plan(p, part.pattern, with_), p.subjects,
                                                          with_.names, part.share));
  }

  void add(const packed_set& set) {
    packed_groups groups = group_packed(set.patterns, set.indexes, with_);
    for (pair_plan& pairs : groups.pairs) {
      note_homes(pairs.members);
      made_.all.push_back(std::make_unique<pair_matcher>(std::move(pairs), set.share));
    }
    for (packed_plan& plan : groups.others) {
      note_homes(plan.patterns);
      made_.all.push_back(std::make_unique<packed_matcher>(std::move(plan), set.share));
    }
  }

  /// Of the patterns of the matcher that comes next.
  void note_homes(const auto& patterns) {
    for (std::size_t own = 0; own < patterns.size(); ++own) {
      made_.homes[patterns[own].index] = matchers::home{.matcher = made_.all.size(), .own = own};
    }
  }

  const planning& with_;
  matchers made_;
};

}  // namespace

matchers make_matchers(const std::vector<pattern>& patterns, std::span<const pattern_part> parts,
                       const planning& with) {
  return chooser(with).choose(patterns, parts);
}

}  // namespace weir::cep
