#include "cep/packed_groups.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cep/packed_matcher.hpp"

namespace weir::cep {

namespace {

constexpr std::size_t apart_max = 8;

struct grouping {
  const std::vector<const pattern*>& patterns;
  const std::vector<std::uint32_t>& indexes;
  const planning& with;

  packed_plan plan_of(const std::vector<std::size_t>& members) const {
    std::vector<const pattern*> own;
    std::vector<std::uint32_t> numbers;
    for (const std::size_t i : members) {
      own.push_back(patterns[i]);
      numbers.push_back(indexes[i]);
    }
    return make_packed_plan(own, numbers, with);
  }
};

// What patterns have in common they keep once, and an event looks at one place for all of them. Groups that have
// nothing in common are better walked one after the other, each in a way that its branches are foreseen, unless there
// are many: then an event would be met again for each.
void divide(const std::vector<std::size_t>& members, const grouping& of, std::vector<packed_plan>& into) {
  const auto components = components_of(of.plan_of(members));
  std::vector<std::size_t> rest;
  for (const auto& component : components) {
    std::vector<std::size_t> own;
    for (const std::size_t i : component) own.push_back(members[i]);
    packed_plan plan = of.plan_of(own);
    if (components.size() <= apart_max || packed_matcher::has_own_walk(plan)) {
      into.push_back(std::move(plan));
    } else {
      std::ranges::copy(own, std::back_inserter(rest));
    }
  }
  if (!rest.empty()) into.push_back(of.plan_of(rest));
}

}  // namespace

packed_groups group_packed(const std::vector<const pattern*>& patterns, const std::vector<std::uint32_t>& indexes,
                           const planning& with) {
  const grouping of{patterns, indexes, with};
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < patterns.size(); ++i) others.push_back(i);
  packed_groups made{.pairs = pairs_of(of.plan_of(others)), .others = {}};
  for (const pair_plan& pairs : made.pairs) {
    for (const pair_member& m : pairs.members) std::erase(others, m.pattern);
  }
  if (!others.empty()) divide(others, of, made.others);
  return made;
}

}  // namespace weir::cep
