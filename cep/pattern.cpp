#include "cep/pattern.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace weir::cep {

namespace {

std::string filter_text(const event_filter& events) {
  std::string out = "event " + std::to_string(static_cast<int>(events.type));
  for (const stream::field_id key : events.keys) out += " key #" + std::to_string(static_cast<int>(key));
  return out + " where " + to_text(events.where);
}

std::string step_text(const step& s) {
  std::string out = "step " + s.label + ": ";
  if (!s.count.single()) {
    out += std::to_string(s.count.least) + " to " + (s.count.most ? std::to_string(*s.count.most) : "all") + " times ";
  }
  out += filter_text(s.events);
  if (s.within) out += " within " + stream::to_text(s.within->length) + " of " + std::to_string(s.within->step);
  return out;
}

struct part_text {
  std::string operator()(const step_group& g) const {
    std::string out;
    if (g.next) out += "next ";
    if (g.optional) out += "optional ";
    if (g.steps.size() == 1) return out + step_text(g.steps.front());
    out += g.gathered == step_group::gathering::all_of ? "all of" : "one of";
    for (const step& s : g.steps) out += "\n  " + step_text(s);
    return out;
  }
  std::string operator()(const absence& a) const {
    std::string out = "no " + filter_text(a.events);
    if (a.within) out += " within " + stream::to_text(*a.within);
    if (a.of) out += " of " + std::to_string(*a.of);
    return out;
  }
};

struct extent_text {
  std::string operator()(const time_extent& e) const { return stream::to_text(e.length); }
  std::string operator()(const count_extent& e) const { return std::to_string(e.events) + " events"; }
  std::string operator()(const past_extent& e) const {
    return stream::to_text(e.length) + " ending " + stream::to_text(e.ago) + " ago";
  }
  std::string operator()(const calendar_extent& e) const {
    static constexpr std::array units{"day", "week", "month"};
    return std::string{units[static_cast<std::size_t>(e.counted)]} + " in " + e.zone;
  }
  std::string operator()(const session_extent& e) const { return "session gap " + stream::to_text(e.gap); }
};

expression constant_of(double number) {
  return {.op = operation::literal, .type = {.kind = value_kind::real}, .constant = number};
}

std::string aggregate_text(const aggregate& a) {
  std::string out{name_of(a.function)};
  if (a.function == aggregate_function::percentile) out += " " + to_text(constant_of(a.parameter));
  out += " of " + filter_text(a.events);
  if (a.field) out += " field #" + std::to_string(static_cast<int>(*a.field));
  out += a.window.prior ? " over prior " : " over ";
  return out + std::visit(extent_text{}, a.window.extent);
}

std::string subject_text(const stream::field_type& subject) {
  if (subject.kind != stream::type_kind::entity) return "text";
  return "entity " + std::to_string(static_cast<int>(subject.entity));
}

std::string limit_text(const state_limit& limit) {
  static constexpr std::array policies{"evict", "refuse", "stop"};
  return "limit " + std::string{policies[static_cast<std::size_t>(limit.policy)]} + " beyond " +
         std::to_string(limit.most);
}

}  // namespace

std::vector<const step*> steps_of(const pattern& p) {
  std::vector<const step*> found;
  for (const auto& part : p.body.parts) {
    const auto* group = std::get_if<step_group>(&part);
    if (group == nullptr) continue;
    for (const step& s : group->steps) found.push_back(&s);
  }
  return found;
}

std::vector<const absence*> last_absences(const pattern& p) {
  std::vector<const absence*> found;
  for (auto part = p.body.parts.rbegin(); part != p.body.parts.rend(); ++part) {
    const auto* last = std::get_if<absence>(&*part);
    if (last == nullptr) break;
    found.insert(found.begin(), last);
  }
  return found;
}

namespace {

void collect_questions(const expression& e, std::vector<graph_question>& into) {
  if (e.question && std::ranges::find(into, *e.question) == into.end()) into.push_back(*e.question);
  for (const expression& arg : e.args) collect_questions(arg, into);
}

}  // namespace

std::vector<graph_question> questions_of(const pattern& p) {
  std::vector<graph_question> found;
  for (const auto& part : p.body.parts) {
    if (const auto* group = std::get_if<step_group>(&part)) {
      for (const step& s : group->steps) collect_questions(s.events.where, found);
    } else {
      collect_questions(std::get<absence>(part).events.where, found);
    }
  }
  for (const aggregate& a : p.aggregates) collect_questions(a.events.where, found);
  collect_questions(p.condition, found);
  for (const expression& call : p.graph_calls) collect_questions(call, found);
  if (p.suppress) {
    for (const expression& key : p.suppress->by) collect_questions(key, found);
  }
  return found;
}

std::string to_text(const pattern& p) {
  std::string out = p.subjects.empty() ? "for the stream\n" : "";
  for (const stream::field_type& subject : p.subjects) out += "for " + subject_text(subject) + "\n";
  for (const auto& part : p.body.parts) out += std::visit(part_text{}, part) + "\n";
  if (p.body.within) out += "within " + stream::to_text(*p.body.within) + "\n";
  if (p.body.within_events) out += "within " + std::to_string(*p.body.within_events) + " events\n";
  for (const aggregate& a : p.aggregates) out += aggregate_text(a) + "\n";
  for (const expression& call : p.graph_calls) out += "asks " + to_text(call) + "\n";
  out += "when " + to_text(p.condition) + "\n";
  static constexpr std::array emissions{"each", "first", "all"};
  out += std::string{"emit "} + emissions[static_cast<std::size_t>(p.emit)];
  if (p.emit == emission::all) out += " limit " + std::to_string(p.emit_limit);
  out += "\n";
  if (p.suppress) {
    out += "suppress";
    for (const expression& key : p.suppress->by) out += " " + to_text(key);
    out += " for " + stream::to_text(p.suppress->length) + "\n";
  }
  if (p.limits.events) out += limit_text(*p.limits.events) + " events of a subject\n";
  if (p.limits.subjects) out += limit_text(*p.limits.subjects) + " subjects\n";
  return out;
}

}  // namespace weir::cep
