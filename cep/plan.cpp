#include "cep/plan.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "cep/condition_split.hpp"

namespace weir::cep {

namespace {

stream::duration sum(stream::duration a, stream::duration b) {
  return a > stream::duration::max() - b ? stream::duration::max() : a + b;
}

class planner {
 public:
  planner(const pattern& p, std::uint32_t index, const planning& with) : pattern_(p), index_(index), with_(with) {}

  pattern_plan make() {
    plan_.subjects = pattern_.subjects.size();
    if (is_plain(pattern_)) {
      add_sequence();
    } else {
      add_body();
    }
    for (const aggregate& a : pattern_.aggregates) add_aggregate(a);
    add_condition();
    add_graph_calls();
    add_emission();
    if (pattern_.limits.any()) add_limits();
    return std::move(plan_);
  }

 private:
  std::optional<evaluator> ready(const expression& e) const {
    return is_always(e) ? std::nullopt : std::optional{evaluator{e, with_.names, with_.lookups}};
  }

  role& add_role(role::part_kind part, std::size_t index, const event_filter& events, const split_condition& where) {
    return plan_.roles.emplace_back(role{.part = part,
                                         .index = index,
                                         .guard = with_.shared.add(events.type, where.local),
                                         .keys = events.keys,
                                         .of_subject = ready(where.of_subject),
                                         .clears = {}});
  }

  // ---- single steps

  void add_sequence() {
    plan_.sequence.within = pattern_.body.within;
    const std::size_t steps = steps_of(pattern_).size();
    const auto at_end = last_absences(pattern_);
    std::size_t slots = 0;
    std::vector<sequence_shape::absence_shape> before;
    for (const auto& part : pattern_.body.parts) {
      if (const auto* group = std::get_if<step_group>(&part)) {
        for (const step& s : group->steps) {
          const split_condition where = split(s.events.where);
          add_role(role::part_kind::step, plan_.sequence.steps.size(), s.events, where);
          plan_.sequence.steps.push_back({ready(where.join), std::exchange(before, {})});
        }
      } else {
        before.push_back(add_absence(std::get<absence>(part), slots++, steps));
      }
    }
    if (!at_end.empty()) {
      plan_.sequence.at_end = std::move(before.back());
      plan_.sequence.patience = *at_end.back()->within;
    }
    plan_.sequence.absence_slots = slots;
  }

  sequence_shape::absence_shape add_absence(const absence& a, std::size_t slot, std::size_t steps) {
    const split_condition where = split(a.events.where);
    role& added = add_role(role::part_kind::absence, slot, a.events, where);
    const std::size_t bound = plan_.sequence.steps.size();
    // What waits for the last step and has seen the event can never match: no need to keep the event itself. With a
    // deadline to come, matches are looked for again when it passes: then their events have to be there still.
    if (is_always(where.join) && bound + 1 == steps && last_absences(pattern_).empty()) added.clears = bound - 1;
    return {.slot = slot, .join = ready(where.join)};
  }

  // ---- all else

  void add_body() {
    body_shape& body = plan_.body.emplace();
    body.within = pattern_.body.within;
    body.within_events = pattern_.body.within_events;
    std::vector<body_shape::absence_shape> before;
    for (const auto& part : pattern_.body.parts) {
      if (const auto* group = std::get_if<step_group>(&part)) {
        add_group(*group, std::exchange(before, {}));
      } else {
        before.push_back(add_body_absence(std::get<absence>(part)));
      }
    }
    body.at_end = std::move(before);
    for (const auto& leading : body.groups.front().before) body.lookback = std::max(body.lookback, *leading.within);
    settle_ends();
    number_members();
    if (body.any_free()) add_links();
    if (pattern_.emit == emission::all) plan_.matches_max = pattern_.emit_limit;
  }

  void add_group(const step_group& group, std::vector<body_shape::absence_shape> before) {
    body_shape& body = *plan_.body;
    body.groups.push_back({.first = body.steps.size(),
                           .size = group.steps.size(),
                           .gathered = group.gathered,
                           .optional = group.optional,
                           .next = group.next,
                           .before = std::move(before)});
    for (const step& s : group.steps) {
      split_condition where = split(s.events.where);
      const bool free = s.events.keys.empty() && !pattern_.subjects.empty();
      // A free event comes to no subject: what reads one is judged when a match of that subject is looked for.
      if (free) where.join = both(std::exchange(where.of_subject, always()), std::move(where.join));
      role& added = add_role(role::part_kind::step, body.steps.size(), s.events, where);
      added.free = free;
      body.steps.push_back(
          {.join = ready(where.join), .count = s.count, .within = s.within, .free = free, .may_be_last = false});
    }
  }

  body_shape::absence_shape add_body_absence(const absence& a) {
    const split_condition where = split(a.events.where);
    const std::size_t slot = plan_.body->absence_slots++;
    add_role(role::part_kind::absence, slot, a.events, where);
    return {.slot = slot, .join = ready(where.join), .within = a.within, .of = a.of};
  }

  /// Which steps a match may end with, and which may only be the last.
  void settle_ends() {
    body_shape& body = *plan_.body;
    bool rest_optional = true;
    for (auto group = body.groups.rbegin(); group != body.groups.rend(); ++group) {
      const bool is_last = group == body.groups.rbegin();
      const bool several = group->gathered == step_group::gathering::all_of && group->size > 1;
      for (std::size_t i = group->first; i < group->first + group->size; ++i) {
        body.steps[i].may_be_last = rest_optional;
        body.steps[i].has_followers = !is_last || several || !body.steps[i].count.single();
      }
      rest_optional = rest_optional && group->optional;
    }
  }

  /// Events of the rule are told apart by their type and the fields through which they belong to the subject.
  void number_members() {
    const bool counted =
        pattern_.body.within_events || std::ranges::any_of(plan_.body->groups, &body_shape::group_shape::next);
    if (!counted) return;
    std::vector<event_filter> members;
    const auto add = [&](const event_filter& events) {
      event_filter any{.type = events.type, .keys = events.keys};
      if (std::ranges::find(members, any) == members.end()) members.push_back(std::move(any));
    };
    for (const auto& part : pattern_.body.parts) {
      if (const auto* group = std::get_if<step_group>(&part)) {
        for (const step& s : group->steps) add(s.events);
      } else {
        add(std::get<absence>(part).events);
      }
    }
    for (const event_filter& any : members) add_role(role::part_kind::member, 0, any, {});
  }

  /// The equalities between two steps' events that join free steps to others: written so, or as those of a free step
  /// with one of several subjects, which steps with a key hold in a field.
  void add_links() {
    const auto steps = steps_of(pattern_);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      for (const expression& part : conjuncts(steps[i]->events.where)) {
        add_link(part, i);
        if (steps[i]->events.keys.empty()) add_links_by_subject(part, i);
      }
    }
    for (const expression& part : conjuncts(pattern_.condition)) add_link(part, std::nullopt);
  }

  void add_link(const expression& part, std::optional<std::size_t> here) {
    if (part.op != operation::equal) return;
    struct side {
      std::size_t step;
      stream::field_id field;
    };
    const auto side_of = [&](const expression& e) -> std::optional<side> {
      if (e.type.kind != value_kind::entity && e.type.kind != value_kind::text) return std::nullopt;
      if (e.op == operation::field && here) return side{*here, e.field};
      if (e.op == operation::bound_field) return side{e.index, e.field};
      return std::nullopt;
    };
    const auto a = side_of(part.args[0]);
    const auto b = side_of(part.args[1]);
    if (!a || !b || a->step == b->step) return;
    join({a->step, a->field, b->step, b->field});
  }

  void add_links_by_subject(const expression& part, std::size_t here) {
    if (part.op != operation::equal) return;
    const bool turned = part.args[0].op == operation::subject;
    const expression& field = part.args[turned ? 1 : 0];
    const expression& subject = part.args[turned ? 0 : 1];
    if (field.op != operation::field || subject.op != operation::subject) return;
    const auto steps = steps_of(pattern_);
    for (std::size_t other = 0; other < steps.size(); ++other) {
      const auto& keys = steps[other]->events.keys;
      if (!keys.empty()) join({here, field.field, other, keys[subject.index]});
    }
  }

  void join(const step_link& link) {
    plan_.links.push_back(link);
    plan_.links.push_back({link.other_step, link.other_field, link.step, link.field});
  }

  // ---- windows

  void add_aggregate(const aggregate& a) {
    const split_condition where = split(a.events.where);
    const bool correlated = !is_always(where.join);
    const std::size_t window = window_of(a, where, correlated);
    plan_.windows[window].keep_for(a.function);
    plan_.aggregates.push_back({.asked = {a.function, a.parameter}, .window = window, .join = ready(where.join)});
  }

  std::size_t window_of(const aggregate& a, const split_condition& where, bool correlated) {
    aggregate same = a;  // aggregates that differ only in their function share a window
    if (a.function != aggregate_function::previous) same.function = aggregate_function::count;
    same.type = {};
    same.parameter = 0;
    const auto known = std::ranges::find(window_keys_, same);
    const std::size_t index = static_cast<std::size_t>(known - window_keys_.begin());
    if (known != window_keys_.end()) return index;
    window_keys_.push_back(same);
    window_shape shape;
    shape.window = a.window;
    shape.field = a.field;
    shape.correlated = correlated;
    if (const auto* extent = std::get_if<calendar_extent>(&a.window.extent)) shape.days.emplace(*extent);
    if (a.field && *a.field == at_field) shape.field_type = type_of({.kind = stream::type_kind::time});
    if (a.field && *a.field != at_field) shape.field_type = type_of(with_.types[a.events.type][*a.field].type);
    plan_.windows.push_back(shape);
    add_role(role::part_kind::window, index, a.events, where);
    return index;
  }

  void add_condition() {
    plan_.condition = ready(pattern_.condition);
    plan_.condition_reads_bound = reads_bound(pattern_.condition) || reads(pattern_.condition, operation::span);
    std::vector<bool> read(pattern_.aggregates.size());
    mark_aggregates(pattern_.condition, read);
    for (std::size_t i = 0; i < read.size(); ++i) {
      plan_.aggregates[i].in_condition = read[i];
      if (read[i] && plan_.aggregates[i].join) plan_.condition_reads_bound = true;
    }
  }

  void add_graph_calls() {
    for (const expression& call : pattern_.graph_calls) {
      plan_.graph_calls.emplace_back(call, with_.names, with_.lookups);
      if (shows_edges(call.question->function))
        plan_.graph_reach = std::max(plan_.graph_reach, reach_of(*call.question));
    }
    plan_.asks_graphs = !questions_of(pattern_).empty();
  }

  /// How long before the end of a match the first of the edges may be that are shown with it. A path may be any of the
  /// window's; the others end at an event of the match.
  stream::duration reach_of(const graph_question& asked) const {
    const stream::duration keep = with_.lookups.graph(asked.graph).keep;
    if (asked.function == graph_function::path) return keep;
    const auto match = match_reach(pattern_);
    return match ? std::min(sum(sum(*match, plan_.patience()), *asked.length), keep) : keep;
  }

  void add_emission() {
    if (pattern_.emit == emission::first) plan_.silence = pattern_.body.within.value_or(stream::duration::zero());
    if (pattern_.suppress) plan_.suppress.emplace(pattern_, index_, with_);
  }

  // What is forgotten has to be found in the windows, so these remember which events they have.
  void add_limits() {
    held_shape& held = plan_.held.emplace();
    held.most = pattern_.limits;
    const auto reach = match_reach(pattern_);
    held.parts.push_back({.held = {time_extent{reach.value_or(stream::duration::max())}}, .forever = !reach});
    for (window_shape& shape : plan_.windows) {
      shape.tracked = true;
      held.parts.push_back({.held = shape.window, .days = shape.days});
    }
    const bool waits = !last_absences(pattern_).empty();
    const std::size_t steps = steps_of(pattern_).size();
    for (std::size_t i = 0; i < steps; ++i) {
      held.steps.push_back(waits || (plan_.body ? plan_.body->steps[i].has_followers : i + 1 < steps));
    }
  }

  const pattern& pattern_;
  std::uint32_t index_;
  const planning& with_;
  pattern_plan plan_;
  std::vector<aggregate> window_keys_;
};

}  // namespace

stream::duration pattern_plan::retention() const {
  stream::duration longest = horizon();
  for (const window_shape& shape : windows) {
    if (!shape.correlated) continue;
    // A deadline is judged after the events it looks back at: by the length of the absence, counted in the horizon.
    const stream::duration length = shape.horizon();
    longest = std::max(longest, sum(length, patience()));
  }
  return std::max(longest, graph_reach);
}

pattern_plan make_plan(const pattern& p, std::uint32_t index, const planning& with) {
  return planner{p, index, with}.make();
}

}  // namespace weir::cep
