#include "cep/state_costs.hpp"

#include <algorithm>
#include <bit>

#include "cep/block_pool.hpp"
#include "cep/condition_split.hpp"
#include "cep/guards.hpp"
#include "cep/live_graphs.hpp"
#include "cep/packed_groups.hpp"
#include "cep/pattern_matcher.hpp"
#include "cep/references.hpp"
#include "cep/run_plan.hpp"

namespace weir::cep {

namespace {

// What a plan is made of; it is only looked at.
struct sketch {
  sketch(const stream::schema& declared, const reference_data& data, std::size_t patterns)
      : types(declared), names(declared), lookups(data, names, &graphs), shared(names, lookups) {
    while (suppressed.size() < patterns) suppressed.push_back(std::make_unique<silences>(stream::duration{}));
  }

  packed_groups packed(const std::vector<const pattern*>& patterns) {
    std::vector<std::uint32_t> indexes(patterns.size());
    return group_packed(patterns, indexes, with);
  }

  const stream::schema& types;
  stream::symbols names;
  live_graphs graphs;
  references lookups;
  guards shared;
  std::vector<std::unique_ptr<silences>> suppressed{};
  planning with{types, names, lookups, shared, suppressed};
};

bool joins(const event_filter& events) { return reads_bound(events.where); }

bool has_joins(const pattern& p) {
  return std::ranges::any_of(p.body.parts, [](const auto& part) {
    const auto* group = std::get_if<step_group>(&part);
    if (group == nullptr) return joins(std::get<absence>(part).events);
    return std::ranges::any_of(group->steps, [](const step& s) { return joins(s.events); });
  });
}

bool is_one_event(const pattern& p) {
  const auto* group = std::get_if<step_group>(&p.body.parts.front());
  return p.body.parts.size() == 1 && group != nullptr && group->steps.size() == 1 &&
         group->steps.front().count.single();
}

tier tier_of(const pattern& p) {
  if (p.emit == emission::all) return tier::all_matches;
  if (is_one_event(p)) return tier::windows;
  return has_joins(p) ? tier::joins : tier::sequence;
}

template <unsigned Words>
constexpr std::size_t words = Words * sizeof(block_pool::word);

constexpr std::size_t bytes_of_pairs = sizeof(packed_queue<2>);  // a row is the head of a queue

void add_pair(state_costs& costs, const pair_plan& plan) {
  costs.subject_bytes = bytes_of_pairs;
  costs.by_candidate = std::bit_ceil(plan.entry_words()) * sizeof(block_pool::word);
  costs.retention = plan.within;
}

void add_packed(state_costs& costs, const packed_plan& plan) {
  costs.subject_bytes = plan.row_bytes;
  for (const auto& a : plan.patterns.front().aggregates) {
    const auto& track = plan.tracks[a.track];
    costs.by_window.push_back(track.unit == time_unit() ? words<2> : words<1>);
  }
  if (!plan.candidates.empty()) costs.by_candidate = words<4>;
  const auto keeps_absences = [](const packed_step& step) { return !step.before.empty(); };
  if (std::ranges::any_of(plan.patterns.front().steps, keeps_absences)) costs.by_absence = words<2>;
  costs.retention = plan.patterns.front().horizon();
  if (plan.patterns.front().at_end) costs.by_deadline = words<2>;
}

void add_packed(state_costs& costs, const pattern& p, sketch& of) {
  costs.packed = true;
  const auto groups = of.packed({&p});
  if (groups.pairs.empty()) {
    add_packed(costs, groups.others.front());
  } else {
    add_pair(costs, groups.pairs.front());
  }
}

void add_run(state_costs& costs, const pattern& p, sketch& of) {
  const auto plan = make_run_plan(p, 0, of.with);
  costs.subject_bytes = plan.asked.row_bytes;
  costs.retention = plan.within;
  costs.by_candidate = words<4>;
}

std::size_t bytes_of(const window_shape& w) {
  std::size_t bytes = sizeof(stream::timestamp);
  if (w.values) bytes += sizeof(cell);
  if (w.correlated) bytes += sizeof(stream::event_handle);
  return bytes;
}

void add_general(state_costs& costs, const pattern& p, sketch& of) {
  const auto plan = make_plan(p, 0, of.with);
  costs.subject_bytes = pattern_matcher::subject_bytes(plan);
  costs.retention = plan.retention();
  for (const auto& a : plan.aggregates) costs.by_window.push_back(bytes_of(plan.windows[a.window]));
  if (!is_one_event(p)) costs.by_candidate = plan.body ? sizeof(numbered_event) : sizeof(candidate);
  const auto slots = plan.body ? plan.body->absence_slots : plan.sequence.absence_slots;
  if (slots > 0) costs.by_absence = plan.body ? sizeof(numbered_event) : sizeof(candidate);
  if (!last_absences(p).empty()) costs.by_deadline = pattern_matcher::deadline_bytes();
}

}  // namespace

std::vector<state_costs> costs_of(const std::vector<pattern>& patterns, const stream::schema& types,
                                  const reference_data& data) {
  sketch of(types, data, patterns.size());
  std::vector<state_costs> all;
  for (const auto& p : patterns) {
    auto& costs = all.emplace_back();
    costs.tier = tier_of(p);
    if (can_be_packed(p, types)) {
      add_packed(costs, p, of);
    } else if (is_run_pair(p)) {
      add_run(costs, p, of);
    } else {
      add_general(costs, p, of);
    }
  }
  return all;
}

std::vector<shared_row> shared_rows(const std::vector<pattern>& patterns, const stream::schema& types,
                                    const reference_data& data) {
  sketch of(types, data, patterns.size());
  const auto queues = [](const packed_groups& groups) {
    std::size_t sum = groups.pairs.size();
    for (const auto& plan : groups.others) sum += plan.tracks.size() + plan.candidates.size();
    return sum;
  };
  std::vector<shared_row> rows;
  std::vector<std::vector<const pattern*>> members;
  for (const auto& p : patterns) {
    if (!can_be_packed(p, types)) continue;
    const auto known = std::ranges::find(rows, p.subjects.front(), &shared_row::subject);
    const auto place = static_cast<std::size_t>(known - rows.begin());
    if (known == rows.end()) {
      rows.push_back({.subject = p.subjects.front()});
      members.emplace_back();
    }
    ++rows[place].patterns;
    rows[place].queues_apart += queues(of.packed({&p}));
    members[place].push_back(&p);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto groups = of.packed(members[i]);
    rows[i].bytes = groups.pairs.size() * bytes_of_pairs;
    for (const auto& plan : groups.others) rows[i].bytes += plan.row_bytes;
    rows[i].queues = queues(groups);
  }
  return rows;
}

}  // namespace weir::cep
