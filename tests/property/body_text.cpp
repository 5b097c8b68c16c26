#include "tests/property/body_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace weir::testing {
namespace {

constexpr std::size_t parts_max = 6;
constexpr std::size_t steps_max = 4;

// Half of the steps ask for nothing: a long match of picky steps is never found.
int any_depth(tape_reader& choices) {
  const std::size_t choice = choices.choose(8);
  return choice < 5 ? -1 : choice < 7 ? 0 : 1;
}

std::string withins(tape_reader& choices, bool may_count, bool& has_within) {
  std::string text;
  // A match without `within` is legal, if dear.
  has_within = !choices.once_in(8);
  if (has_within) text += "  within " + any_duration(choices) + "\n";
  if (may_count && choices.once_in(8)) text += fmt::format("  within {} events\n", 1 + choices.choose(5));
  return text;
}

/// What stands at a place of a match.
struct part_plan {
  tape_reader choices;
  bool absent = false;
  bool optional = false;
};

bool is_sure(const part_plan& part) { return !part.absent && !part.optional; }

/// Writes the steps of a match.
class match_writer {
 public:
  explicit match_writer(const scope_plan& scope) : scope_(scope) {}

  body_text write(const std::vector<tape>& parts, tape_reader ending) {
    std::vector<part_plan> plans = planned(parts);
    body_text text{"  match "};
    for (std::size_t i = 0; i < plans.size(); ++i) {
      if (i > 0) text.clause += "  then  ";
      const bool first = std::all_of(plans.begin(), plans.begin() + i, [](const auto& p) { return p.absent; });
      const bool last = std::all_of(plans.begin() + i, plans.end(), [](const auto& p) { return p.absent; });
      text.clause += plans[i].absent ? absence(plans[i].choices, first || last) : group(plans[i], !first);
      text.clause += "\n";
    }
    text.clause += withins(ending, true, text.has_within);
    text.readable = scope_.readable;
    return text;
  }

 private:
  static std::vector<part_plan> planned(const std::vector<tape>& parts) {
    std::vector<part_plan> plans;
    for (std::size_t i = 0; i < std::min(parts.size(), parts_max); ++i) {
      part_plan plan{tape_reader(parts[i])};
      plan.absent = plan.choices.once_in(4);
      plan.optional = !plan.absent && plan.choices.once_in(6);
      plans.push_back(plan);
    }
    if (plans.empty()) plans.push_back({tape_reader({})});
    if (std::ranges::none_of(plans, is_sure)) plans[plans.size() / 2].absent = plans[plans.size() / 2].optional = false;
    settle_end(plans);
    return plans;
  }

  // "An optional part cannot follow a `no` when nothing sure comes behind it."
  static void settle_end(std::vector<part_plan>& plans) {
    bool sure_behind = false;
    for (auto part = plans.rbegin(); part != plans.rend(); ++part) {
      const bool no_before = std::any_of(part + 1, plans.rend(), [](const auto& p) { return p.absent; });
      if (part->optional && !sure_behind && no_before) part->optional = false;
      sure_behind = sure_behind || is_sure(*part);
    }
  }

  std::string group(part_plan& plan, bool behind_another) {
    std::string text = behind_another && plan.choices.once_in(7) ? "next " : "";
    if (plan.optional) text += "optional ";
    const std::size_t form = steps_ + 2 <= steps_max ? plan.choices.choose(9) : 0;
    std::vector<readable_plan> bound;
    if (form < 7) {
      text += step(plan.choices, quantity(plan.choices), bound);
    } else {
      text += members(plan.choices, form == 7, bound);
    }
    const bool one_of = form == 8;
    for (readable_plan& b : bound) b.may_lack = plan.optional || one_of;
    scope_.readable.insert(scope_.readable.end(), bound.begin(), bound.end());
    for (const readable_plan& b : bound) labels_.push_back(b.name);
    return text;
  }

  // Members read no labels of each other: those are known behind the group.
  std::string members(tape_reader& choices, bool all, std::vector<readable_plan>& bound) {
    const std::size_t count = all && steps_ + 3 <= steps_max && choices.once_in(3) ? 3 : 2;
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i) {
      texts.push_back(step(choices, all || !choices.once_in(4) ? "" : quantity(choices), bound));
    }
    return fmt::format("{} of ({})", all ? "all" : "one", fmt::join(texts, ", "));
  }

  std::string quantity(tape_reader& choices) {
    const std::size_t n = 1 + choices.choose(3);
    switch (choices.choose(10)) {
      case 6: return fmt::format("{} times ", n + 1);
      case 7: return fmt::format("{} to {} times ", n, n + 1 + choices.choose(2));
      case 8: return fmt::format("at least {} times ", n);
      case 9: return "some ";
      default: return "";
    }
  }

  std::string step(tape_reader& choices, const std::string& quantity, std::vector<readable_plan>& bound) {
    const event_plan& event = any_event(choices);
    ++steps_;
    const std::string label = choices.once_in(5) ? "" : fmt::format("s{}", steps_);
    const std::string where = where_clause(choices, scope_, event, label, any_depth(choices));
    if (!label.empty()) bound.push_back({.name = label, .event = &event, .is_run = !quantity.empty()});
    return quantity + (label.empty() ? "" : label + ": ") + event.name + where + within_of(choices, 8);
  }

  std::string absence(tape_reader& choices, bool at_an_end) {
    const event_plan& event = any_event(choices);
    const std::string where = where_clause(choices, scope_, event, "", std::max(0, any_depth(choices)));
    std::string within = choices.once_in(2) ? within_of(choices, 2) : "";
    if (within.empty() && (at_an_end || choices.once_in(3))) within = " within " + any_duration(choices);
    return fmt::format("no {}{}{}", event.name, where, within);
  }

  std::string within_of(tape_reader& choices, std::size_t rarity) {
    if (labels_.empty() || !choices.once_in(rarity)) return "";
    const std::string length = any_duration(choices);
    return fmt::format(" within {} of {}", length, choices.pick(labels_));
  }

  const event_plan& any_event(tape_reader& choices) const {
    return *choices.pick(events_of(*scope_.subjects, *scope_.schema));
  }

  scope_plan scope_;
  std::vector<std::string> labels_;  // of the groups behind
  std::size_t steps_ = 0;
};

/// Writes a path. Its vertices are the subjects, which are accounts, and others.
class path_writer {
 public:
  explicit path_writer(const scope_plan& scope) : scope_(scope) {
    for (const event_plan& e : scope.schema->events) {
      if (e.has(field_kind::peer)) edges_.push_back(&e);
    }
  }

  bool is_possible() const {
    const auto is_account = [](const subject_plan& s) { return s.kind == field_kind::account; };
    return !edges_.empty() && !scope_.subjects->empty() && std::ranges::all_of(*scope_.subjects, is_account);
  }

  body_text write(const std::vector<tape>& parts, tape_reader ending) {
    const std::size_t edges = std::clamp<std::size_t>(parts.size(), 1, 3);
    const std::vector<std::string> vertices = drawn_vertices(edges + 1, ending);
    const bool any_order = ending.once_in(3);
    body_text text{fmt::format("  match {}({})", any_order ? "any order " : "", vertices.front())};
    for (std::size_t i = 0; i < edges; ++i) {
      tape_reader choices(i < parts.size() ? std::span<const std::uint8_t>(parts[i]) : std::span<const std::uint8_t>());
      text.clause += fmt::format(" -[{}]-> ({})", edge(choices, i, any_order), vertices[i + 1]);
    }
    text.readable = bound_;
    for (const std::string& name : vertices) note_vertex(text.vertices, name);
    text.clause += where(ending, text) + "\n" + withins(ending, false, text.has_within);
    return text;
  }

 private:
  // The subjects side by side, so that an edge joins two; before and behind them a few names, which may come again.
  std::vector<std::string> drawn_vertices(std::size_t count, tape_reader& choices) const {
    std::vector<std::string> names;
    for (const subject_plan& s : *scope_.subjects) names.push_back(s.name);
    const std::vector<std::string> others{"v1", "v2", scope_.subjects->front().name};
    while (names.size() < count) {
      names.insert(choices.once_in(2) ? names.begin() : names.end(), choices.pick(others));
    }
    return names;
  }

  std::string edge(tape_reader& choices, std::size_t number, bool any_order) {
    const event_plan& event = *choices.pick(edges_);
    const std::string label = choices.once_in(5) ? "" : fmt::format("s{}", number + 1);
    scope_plan scope = scope_;
    if (!any_order) scope.readable = bound_;
    scope.readable.push_back({.name = choices.once_in(2) ? label : "", .event = &event});
    std::string text = (label.empty() ? "" : label + ": ") + event.name;
    const int depth = any_depth(choices);
    if (depth >= 0) text += " where " + expression_writer(choices, scope).condition(depth);
    if (!label.empty()) bound_.push_back({.name = label, .event = &event});
    return text;
  }

  std::string where(tape_reader& choices, const body_text& body) const {
    if (!choices.once_in(3) || body.readable.empty()) return "";
    scope_plan scope = scope_;
    scope.readable = body.readable;
    scope.vertices = body.vertices;
    return "\n    where " + expression_writer(choices, scope).condition(0);
  }

  void note_vertex(std::vector<vertex_plan>& vertices, const std::string& name) const {
    const bool known = std::ranges::find(vertices, name, &vertex_plan::name) != vertices.end() ||
                       std::ranges::find(*scope_.subjects, name, &subject_plan::name) != scope_.subjects->end();
    if (!known) vertices.push_back({name, field_kind::account});
  }

  const scope_plan& scope_;
  std::vector<const event_plan*> edges_;
  std::vector<readable_plan> bound_;
};

body_text on_clause(tape_reader choices, const scope_plan& scope) {
  const event_plan& event = *choices.pick(events_of(*scope.subjects, *scope.schema));
  const std::string label = choices.once_in(5) ? "" : "s1";
  body_text text{"  on " + (label.empty() ? "" : label + ": ") + event.name};
  text.clause += where_clause(choices, scope, event, label, any_depth(choices)) + "\n";
  if (!label.empty()) text.readable.push_back({.name = label, .event = &event});
  return text;
}

}  // namespace

body_text write_body(const std::vector<tape>& parts, const tape& ending, const scope_plan& scope) {
  tape_reader choices(ending);
  const bool wants_path = choices.once_in(8);
  const bool wants_match = choices.once_in(3);
  path_writer path(scope);
  if (wants_path && path.is_possible()) return path.write(parts, choices);
  if (parts.size() <= 1 && !wants_match) {
    return on_clause(tape_reader(parts.empty() ? std::span<const std::uint8_t>() : parts.front()), scope);
  }
  return match_writer(scope).write(parts, choices);
}

}  // namespace weir::testing
