#include "cep/matchers.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cep/packed_matcher.hpp"
#include "cep/pair_matcher.hpp"
#include "cep/pattern_matcher.hpp"

namespace weir::cep {

namespace {

/// Patterns about one kind of subject that can be packed, and the same share of them.
struct packed_set {
  stream::field_type subject;
  subject_share share;
  std::vector<const pattern*> patterns{};
  std::vector<std::uint32_t> indexes{};
};

class chooser {
 public:
  chooser(const stream::schema& types, stream::symbols& names, const references& lookups, guards& shared)
      : types_(types), names_(names), lookups_(lookups), shared_(shared) {}

  matchers choose(const std::vector<pattern>& patterns, std::span<const pattern_part> parts) {
    made_.homes.resize(patterns.size());
    std::vector<packed_set> sets;
    for (const pattern_part& part : parts) {
      const pattern& p = patterns[part.pattern];
      if (!can_be_packed(p, types_)) {
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
    made_.all.push_back(std::make_unique<pattern_matcher>(part.pattern, make_plan(p, types_, names_, lookups_, shared_),
                                                          p.subjects, names_, part.share));
  }

  packed_plan plan_of(const packed_set& set) const {
    return make_packed_plan(set.patterns, set.indexes, types_, names_, lookups_, shared_);
  }

  void add(const packed_set& set) {
    std::vector<std::size_t> others;
    for (std::size_t i = 0; i < set.indexes.size(); ++i) others.push_back(i);
    for (pair_plan& pairs : pairs_of(plan_of(set))) {
      for (std::size_t own = 0; own < pairs.members.size(); ++own) {
        made_.homes[pairs.members[own].index] = matchers::home{.matcher = made_.all.size(), .own = own};
        std::erase(others, pairs.members[own].pattern);
      }
      made_.all.push_back(std::make_unique<pair_matcher>(std::move(pairs), set.share));
    }
    if (!others.empty()) add_groups(part_of(set, others));
  }

  // What patterns have in common they keep once, and an event looks at one place for all of them. Groups that have
  // nothing in common are better walked one after the other, each in a way that its branches are foreseen, unless there
  // are many: then an event would be met again for each.
  void add_groups(const packed_set& set) {
    constexpr std::size_t apart_max = 8;
    const auto groups = components_of(plan_of(set));
    packed_set rest{.subject = set.subject, .share = set.share};
    for (const auto& group : groups) {
      const packed_set own = part_of(set, group);
      if (groups.size() <= apart_max || packed_matcher::has_own_walk(plan_of(own))) {
        add_together(own);
      } else {
        std::ranges::copy(own.patterns, std::back_inserter(rest.patterns));
        std::ranges::copy(own.indexes, std::back_inserter(rest.indexes));
      }
    }
    if (!rest.patterns.empty()) add_together(rest);
  }

  static packed_set part_of(const packed_set& set, const std::vector<std::size_t>& members) {
    packed_set part{.subject = set.subject, .share = set.share};
    for (const std::size_t i : members) {
      part.patterns.push_back(set.patterns[i]);
      part.indexes.push_back(set.indexes[i]);
    }
    return part;
  }

  void add_together(const packed_set& set) {
    for (std::size_t own = 0; own < set.indexes.size(); ++own) {
      made_.homes[set.indexes[own]] = matchers::home{.matcher = made_.all.size(), .own = own};
    }
    made_.all.push_back(std::make_unique<packed_matcher>(plan_of(set), set.share));
  }

  const stream::schema& types_;
  stream::symbols& names_;
  const references& lookups_;
  guards& shared_;
  matchers made_;
};

}  // namespace

matchers make_matchers(const std::vector<pattern>& patterns, std::span<const pattern_part> parts,
                       const stream::schema& types, stream::symbols& names, const references& lookups, guards& shared) {
  return chooser(types, names, lookups, shared).choose(patterns, parts);
}

}  // namespace weir::cep
