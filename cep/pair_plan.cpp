#include "cep/pair_plan.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace weir::cep {

namespace {

using part_kind = packed_role::part_kind;

constexpr std::size_t first_kinds_max = 512;  // an entry has a bit for each

struct roles_of_pair {
  const packed_role* first = nullptr;
  const packed_role* last = nullptr;
};

/// None for a first step whose candidates an absence ends: those are no pairs.
std::vector<roles_of_pair> roles_by_pattern(const packed_plan& plan) {
  std::vector<const packed_role*> candidates(plan.candidates.size());
  std::vector<bool> cleared(plan.candidates.size());
  std::vector<roles_of_pair> all(plan.patterns.size());
  for (const packed_role& r : plan.roles) {
    if (r.part == part_kind::candidate) candidates[r.index] = &r;
    if (r.part == part_kind::clears) cleared[r.index] = true;
    if (r.part == part_kind::end) all[r.pattern].last = &r;
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const packed_pattern& p = plan.patterns[i];
    if (p.steps.size() != 2 || cleared[p.steps.front().candidates]) continue;
    all[i].first = candidates[p.steps.front().candidates];
  }
  return all;
}

bool is_pair(const packed_pattern& p, const roles_of_pair& roles) {
  if (p.steps.size() != 2 || !p.within || p.at_end || p.silence || p.condition || !p.aggregates.empty()) return false;
  const packed_step& last = p.steps.back();
  return last.before.empty() && !last.join.rest && roles.first != nullptr && roles.last != nullptr &&
         !roles.first->of_subject && !roles.last->of_subject;
}

using comparison_key = std::tuple<stream::field_id, value_kind, operation, std::uint8_t>;
using pair_key = std::tuple<stream::event_type_id, stream::field_id, stream::event_type_id, stream::field_id,
                            stream::duration, std::vector<stream::field_id>, std::vector<comparison_key>>;

pair_key key_of(const packed_plan& plan, const packed_pattern& p, const roles_of_pair& roles) {
  std::vector<comparison_key> join;
  for (const register_comparison& c : p.steps.back().join.quick) join.emplace_back(c.field, c.kind, c.op, c.at);
  return {roles.first->type, roles.first->key, roles.last->type,
          roles.last->key,   *p.within,        plan.candidates[p.steps.front().candidates].registers,
          std::move(join)};
}

std::uint32_t number_of(std::vector<guard_id>& kinds, guard_id guard) {
  const auto known = std::ranges::find(kinds, guard);
  const auto number = static_cast<std::uint32_t>(known - kinds.begin());
  if (known == kinds.end()) kinds.push_back(guard);
  return number;
}

/// False where the plan has a pattern of the same kinds, or no bit is left for its first events' kind.
bool add_member(pair_plan& plan, const packed_pattern& p, std::uint32_t number, const roles_of_pair& roles) {
  const bool known = std::ranges::find(plan.first.kinds, roles.first->guard) != plan.first.kinds.end();
  if (!known && plan.first.kinds.size() == first_kinds_max) return false;
  pair_member made{.pattern = number,
                   .index = p.index,
                   .first = number_of(plan.first.kinds, roles.first->guard),
                   .last = number_of(plan.last.kinds, roles.last->guard),
                   .suppress = p.suppress,
                   .guards = p.guards};
  const auto same = [&](const pair_member& m) { return m.first == made.first && m.last == made.last; };
  if (known && std::ranges::any_of(plan.members, same)) return false;
  plan.members.push_back(std::move(made));
  return true;
}

}  // namespace

std::vector<pair_plan> pairs_of(const packed_plan& plan) {
  std::vector<pair_plan> made;
  std::map<pair_key, std::size_t> open;  // the plan that takes the next of its kind
  const auto roles = roles_by_pattern(plan);
  for (std::uint32_t i = 0; i < plan.patterns.size(); ++i) {
    const packed_pattern& p = plan.patterns[i];
    if (!is_pair(p, roles[i])) continue;
    const auto [known, is_new] = open.try_emplace(key_of(plan, p, roles[i]), made.size());
    if (!is_new && add_member(made[known->second], p, i, roles[i])) continue;
    known->second = made.size();
    const candidate_track& track = plan.candidates[p.steps.front().candidates];
    made.push_back({.first = {.type = roles[i].first->type, .key = roles[i].first->key, .kinds = {}},
                    .last = {.type = roles[i].last->type, .key = roles[i].last->key, .kinds = {}},
                    .registers = track.registers,
                    .register_kinds = track.kinds,
                    .join = p.steps.back().join.quick,
                    .within = *p.within,
                    .members = {}});
    add_member(made.back(), p, i, roles[i]);
  }
  return made;
}

}  // namespace weir::cep
