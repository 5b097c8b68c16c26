#include "apps/weir/explain/rule_plan.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "apps/weir/explain/condition_text.hpp"
#include "apps/weir/explain/part_words.hpp"
#include "rules/text_position.hpp"

namespace weir::explain {

namespace {

using cep::operation;
using rules::written_condition;

bool reads(const cep::expression& e, std::initializer_list<operation> any) {
  return std::ranges::find(any, e.op) != any.end() ||
         std::ranges::any_of(e.args, [&](const cep::expression& arg) { return reads(arg, any); });
}

bool reads_bound(const cep::expression& e) {
  return reads(e, {operation::bound_field, operation::first_field, operation::over_run});
}

/// `to = acct`: says which events are the subject's.
bool names_subject(const cep::expression& e) {
  const auto is = [&](std::size_t i, operation op) { return e.args[i].op == op; };
  return e.op == operation::equal && ((is(0, operation::field) && is(1, operation::subject)) ||
                                      (is(1, operation::field) && is(0, operation::subject)));
}

std::string judged_on_arrival(const cep::expression& e) {
  if (names_subject(e)) return "says whose event it is";
  if (cep::is_local(e)) return "on the event alone, once for all subjects";
  if (reads_bound(e)) return "when a match is looked for: it reads earlier events";
  return "when the event comes, for its subject";
}

std::string bytes_each(std::size_t bytes) { return fmt::format("{} bytes each", bytes); }

std::string tier_words(cep::tier t) {
  switch (t) {
    case cep::tier::windows: return "T0, an event and its windows";
    case cep::tier::sequence: return "T1, a sequence whose events are not compared";
    case cep::tier::joins: return "T2, a sequence whose events are compared with each other";
    case cep::tier::all_matches: return "T3, every match is listed";
  }
  return {};
}

class planner {
 public:
  planner(const rules::rule& r, const cep::state_costs& costs, const rules::program& program,
          const std::vector<rules::source_file>& files)
      : rule_(r), costs_(costs), program_(program), files_(files), text_(r, program, files) {}

  rule_plan make() {
    describe();
    add_parts();
    add_limits();
    add_end();
    add_windows();
    add_retention();
    add_graphs();
    add_notes();
    return std::move(plan_);
  }

 private:
  void describe() {
    plan_.name = rule_.name;
    plan_.mode = rules::to_text(rule_.mode);
    const auto& file = files_[rule_.where.file];
    const rules::line_table lines(file.text);
    plan_.place = fmt::format("{}:{}", file.path, lines.position_of(rule_.where.begin).line + 1);
    for (std::size_t i = 0; i < rule_.subject_names.size(); ++i) {
      if (i > 0) plan_.subject += ", ";
      plan_.subject += rule_.subject_names[i] + ": " + stream::to_text(rule_.pattern.subjects[i], program_.schema);
    }
    plan_.tier = tier_words(costs_.tier);
    plan_.packed = costs_.packed;
    plan_.subject_bytes = costs_.subject_bytes;
  }

  void add_parts() {
    const auto words = body_words(rule_, program_);
    const auto filters = filters_of(rule_.pattern);
    for (std::size_t i = 0; i < filters.size(); ++i) {
      plan_.parts.push_back(
          {.what = words[i], .belongs = belongs(*filters[i]), .conditions = conditions_of(i), .kept = {}});
    }
    std::size_t i = 0;
    const auto& parts = rule_.pattern.body.parts;
    for (std::size_t p = 0; p < parts.size(); ++p) {
      const auto* group = std::get_if<cep::step_group>(&parts[p]);
      const auto members = group != nullptr ? group->steps.size() : 1;
      for (std::size_t m = 0; m < members; ++m, ++i) plan_.parts[i].kept = kept(p, group);
    }
  }

  std::string belongs(const cep::event_filter& events) const {
    if (rule_.pattern.subjects.empty()) return "any";
    if (events.keys.empty()) return "of no subject: joined by its condition alone";
    std::string words;
    for (std::size_t i = 0; i < events.keys.size(); ++i) {
      words += fmt::format("{}{} = {}", i > 0 ? ", " : "", program_.schema[events.type][events.keys[i]].name,
                           rule_.subject_names[i]);
    }
    return words;
  }

  std::vector<planned_condition> conditions_of(std::size_t event) const {
    std::vector<planned_condition> planned;
    for (const auto& condition : rule_.conditions) {
      if (condition.says != written_condition::clause::where || condition.event != event) continue;
      for (const auto* part : rules::conjuncts_of(condition)) {
        if (names_subject(part->means)) continue;
        planned.push_back({text_.plain(part->where), judged_on_arrival(part->means)});
      }
    }
    return planned;
  }

  /// What waits for later parts is kept; an event that can only end a match is not.
  std::string kept(std::size_t part, const cep::step_group* group) const {
    const auto& body = rule_.pattern.body;
    const bool last = part + 1 == body.parts.size();
    const bool run =
        group != nullptr && std::ranges::any_of(group->steps, [](const auto& s) { return !s.count.single(); });
    const bool several = group != nullptr && group->steps.size() > 1;
    if (last && group != nullptr && !run && !several) return {};
    if (group == nullptr && last) {
      const auto& absence = std::get<cep::absence>(body.parts[part]);
      return fmt::format("a deadline for each match that waits, {} after its last event, {}",
                         stream::to_text(*absence.within), bytes_each(costs_.by_deadline));
    }
    const auto bytes = group != nullptr ? costs_.by_candidate : costs_.by_absence;
    if (bytes == 0 && group != nullptr) return {};  // the deadline that it sets is all that waits
    if (bytes == 0) return "nothing kept: what it forbids is dropped when it comes";
    return fmt::format("kept {}, {}", body.within ? "for " + stream::to_text(*body.within) : "for ever",
                       bytes_each(bytes));
  }

  void add_limits() {
    const auto& p = rule_.pattern;
    if (p.body.within) plan_.limits.push_back("within " + stream::to_text(*p.body.within));
    if (p.body.within_events) plan_.limits.push_back(fmt::format("within {} events", *p.body.within_events));
    if (p.emit == cep::emission::first) plan_.limits.emplace_back("emit first: a time for each subject");
    if (p.emit == cep::emission::all) plan_.limits.push_back(fmt::format("emit all limit {}", p.emit_limit));
    if (!p.suppress) return;
    plan_.limits.push_back(fmt::format("suppress for {}: a time and a count for each {}",
                                       stream::to_text(p.suppress->length),
                                       p.suppress->by.empty() ? "subject" : "key"));
  }

  void add_end() {
    for (const auto& condition : rule_.conditions) {
      if (condition.says == written_condition::clause::where) continue;
      const bool unless = condition.says == written_condition::clause::unless;
      const bool path = condition.says == written_condition::clause::path;
      const std::string head = unless ? "unless " : path ? "where " : "when ";
      const auto parts = unless ? std::vector{&condition.whole()} : rules::conjuncts_of(condition);
      for (const auto* part : parts) {
        plan_.at_end.push_back(
            {head + text_.plain(part->where), path ? "as soon as its edges are there" : judged_at_end(part->means)});
      }
    }
  }

  static std::string judged_at_end(const cep::expression& e) {
    const bool bound = reads_bound(e) || reads(e, {operation::span});
    if (reads(e, {operation::graph_call})) return "where a match ends, of a graph";
    if (reads(e, {operation::aggregate}))
      return bound ? "where a match ends, from windows" : "once an event, from windows";
    return bound ? "where a match ends" : "once an event";
  }

  // ---- windows

  void add_windows() {
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < rule_.pattern.aggregates.size(); ++i) {
      const auto& a = rule_.pattern.aggregates[i];
      const auto key = window_key(a);
      const auto [found, is_new] = known.try_emplace(key, plan_.windows.size());
      if (is_new) {
        plan_.windows.push_back({.values = {}, .holds = window_words(a) + ", " + bytes_each(costs_.by_window[i])});
      }
      plan_.windows[found->second].values.push_back(rule_.value_names[i]);
      note_window(a, rule_.value_names[i]);
    }
  }

  /// What decides whether two aggregates share a window: its events, the field and the extent.
  static std::string window_key(const cep::aggregate& a) {
    cep::aggregate shape = a;
    shape.function = {};
    shape.type = {};
    shape.parameter = 0;
    cep::pattern alone;
    alone.aggregates.push_back(std::move(shape));
    return cep::to_text(alone);
  }

  void note_window(const cep::aggregate& a, const std::string& name) {
    if (reads_bound(a.events.where)) {
      plan_.notes.push_back(name + " reads the match's events: it is computed event by event at each match's end");
    }
    using function = cep::aggregate_function;
    if (a.function == function::percentile) plan_.notes.push_back(name + " sorts the values of its window");
    if (a.function == function::distinct) plan_.notes.push_back(name + " keeps a count for each different value");
  }

  // ---- what is kept

  void add_retention() {
    if (costs_.retention == stream::duration::zero()) {
      plan_.events_kept = "until their batch has been matched";
    } else if (costs_.retention != stream::duration::max()) {
      plan_.events_kept = stream::to_text(costs_.retention) + " after their time";
    } else {
      plan_.events_kept = "for ever";
      if (!rule_.pattern.body.within) {
        plan_.unbounded.emplace_back("the match has no `within`: its first events are never forgotten");
      }
    }
    for (std::size_t i = 0; i < rule_.pattern.aggregates.size(); ++i) {
      if (!std::holds_alternative<cep::count_extent>(rule_.pattern.aggregates[i].window.extent)) continue;
      plan_.unbounded.push_back(rule_.value_names[i] + ": its last events are kept for every subject ever seen");
    }
  }

  void add_graphs() {
    const auto& calls = rule_.pattern.graph_calls;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const auto& asked = *calls[i].question;
      const auto& name = rule_.value_names[rule_.pattern.aggregates.size() + i];
      plan_.notes.push_back(name + (cep::shows_edges(asked.function)    ? " searches the graph each time it is asked"
                                    : cep::is_refreshed(asked.function) ? " is as of the graph's last refresh"
                                                                        : " is kept up to date with each edge"));
    }
    if (cep::questions_of(rule_.pattern).empty()) return;
    plan_.notes.emplace_back("the rule asks a graph: it goes through each batch event by event with it, in one thread");
  }

  void add_notes() {
    if (rule_.pattern.subjects.empty()) {
      plan_.notes.emplace_back("the rule has no subject: all its events share one state, and one thread");
    }
    for (const auto* events : filters_of(rule_.pattern)) {
      if (!events->keys.empty() || rule_.pattern.subjects.empty()) continue;
      plan_.notes.emplace_back(
          "steps of no subject are looked up by the fields that join them; each match walks along them");
      break;
    }
    if (rule_.pattern.body.parts.size() > 1 && plan_.parts.front().conditions.empty() &&
        !plan_.parts.front().kept.empty()) {
      plan_.notes.push_back("every " + plan_.parts.front().what + " is a candidate: a `where` would keep fewer");
    }
  }

  const rules::rule& rule_;
  const cep::state_costs& costs_;
  const rules::program& program_;
  const std::vector<rules::source_file>& files_;
  condition_text text_;
  rule_plan plan_;
};

void count_guards(const std::vector<const rules::rule*>& rules, shared_work& into) {
  std::set<std::string> seen;
  const auto count = [&](const cep::event_filter& events) {
    auto local = cep::always();
    for (auto& part : cep::conjuncts(events.where)) {
      if (cep::is_local(part)) local = cep::both(std::move(local), std::move(part));
    }
    ++into.guard_uses;
    seen.insert(fmt::format("{} {}", static_cast<int>(events.type), cep::to_text(local)));
  };
  for (const auto* rule : rules) {
    for (const auto* events : filters_of(rule->pattern)) count(*events);
    for (const auto& a : rule->pattern.aggregates) count(a.events);
  }
  into.guards = seen.size();
}

/// Rules that match raised events have an engine of their own, and `off` ones none.
void add_rows(const std::vector<const rules::rule*>& chosen, const rules::program& program, shared_work& into) {
  std::map<std::uint32_t, std::vector<cep::pattern>> strata;
  for (const auto* rule : chosen) {
    if (rule->mode != rules::rule_mode::off) strata[rule->stratum].push_back(rule->pattern);
  }
  for (const auto& [stratum, patterns] : strata) {
    for (const auto& row : cep::shared_rows(patterns, program.schema, program.data)) {
      const auto subject = stream::to_text(row.subject, program.schema);
      into.rows.push_back({.subject = stratum == 0 ? subject : subject + ", on raised events", .costs = row});
    }
  }
}

}  // namespace

program_plan plan_of(const std::vector<const rules::rule*>& chosen, const rules::program& program,
                     const std::vector<rules::source_file>& files) {
  std::vector<cep::pattern> patterns;
  for (const auto* rule : chosen) patterns.push_back(rule->pattern);
  const auto costs = cep::costs_of(patterns, program.schema, program.data);
  program_plan made;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    made.rules.push_back(planner(*chosen[i], costs[i], program, files).make());
  }
  count_guards(chosen, made.shared);
  add_rows(chosen, program, made.shared);
  return made;
}

}  // namespace weir::explain
