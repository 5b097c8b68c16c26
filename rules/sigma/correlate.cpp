#include "rules/sigma/correlate.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "rules/sigma/term.hpp"
#include "rules/sigma/writer.hpp"

namespace weir::sigma {

namespace {

bool is_temporal(const correlation& c) {
  return c.type == correlation_type::temporal || c.type == correlation_type::temporal_ordered;
}

[[noreturn]] void refuse(const correlation& c, const std::string& why) { throw cannot_say(c.head.where, why); }

/// The field that a name in `group-by` stands for in the events of one rule.
std::string field_of(const correlation& c, const std::string& name, const rule& r) {
  const auto alias = c.aliases.find(name);
  if (alias == c.aliases.end()) return name;
  for (const std::string& key : {r.head.name, r.head.id}) {
    const auto found = alias->second.find(key);
    if (!key.empty() && found != alias->second.end()) return found->second;
  }
  throw cannot_say(c.head.where, "the alias `" + name + "` says nothing about the rule `" + r.head.title + "`");
}

std::string duration_of(const correlation& c) {
  const std::string& text = c.timespan;
  const bool spelled = text.size() > 1 && text.find_first_not_of("0123456789") == text.size() - 1 &&
                       std::string_view{"smhd"}.find(text.back()) != std::string_view::npos;
  if (text.empty()) refuse(c, "the correlation has no `timespan`");
  if (!spelled) refuse(c, "the timespan `" + text + "` has no fixed length: s, m, h and d are read");
  return text;
}

std::string_view sign_of(const std::string& comparison) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> signs{
      {{"gte", ">="}, {"gt", ">"}, {"eq", "="}, {"lt", "<"}, {"lte", "<="}}};
  const auto* found = std::ranges::find(signs, comparison, &std::pair<std::string_view, std::string_view>::first);
  return found == signs.end() ? std::string_view{} : found->second;
}

/// Sigma says nothing about when a count that is only bounded from above is looked at: where nothing happens it holds.
void check_limits(const correlation& c) {
  if (c.limits.empty()) refuse(c, "the correlation has no condition");
  bool bounded_below = false;
  for (const correlation::limit& limit : c.limits) {
    if (sign_of(limit.comparison).empty()) {
      refuse(c, "the comparison `" + limit.comparison + "` cannot be said exactly");
    }
    bounded_below = bounded_below || limit.comparison.starts_with('g') || limit.comparison == "eq";
    const bool positive = limit.number.kind == value_kind::number &&
                          limit.number.text.find_first_not_of("0123456789.") == std::string::npos;
    if (!positive) throw cannot_say(limit.number.where, "the limit must be a number");
  }
  if (!bounded_below) refuse(c, "a count with an upper limit only holds where nothing happens: no event ends it");
}

/// Writes one correlation as a rule.
class correlation_writer {
 public:
  correlation_writer(const correlation& from, std::span<const joined_rule> rules, event_plans& plans,
                     std::vector<field_plan*>& read)
      : from_(from), rules_(rules), plans_(plans), read_(read) {
    for (const value& name : from.group_by) groups_.push_back(group_of(name.text));
  }

  std::string body() {
    std::string out = subjects() + " {\n" + clauses_of(from_.head);
    if (!is_temporal(from_)) {
      out += counted();
    } else if (from_.type == correlation_type::temporal_ordered) {
      out += in_order();
    } else {
      out += share_an_event() ? all_seen() : in_any_order();
    }
    return out + "  reason " + quoted_reason(from_.head.title) + "\n}\n";
  }

 private:
  /// A subject, and what it is called in the events of each rule.
  struct group {
    std::string name;
    std::string type;  // empty: the events' own field has the subject's name
    std::vector<std::string> fields;
  };

  const field_plan& field(const joined_rule& r, const std::string& sigma_name) {
    field_plan& found = plans_.field(*r.condition->event, sigma_name);
    read_.push_back(&found);
    return found;
  }

  group group_of(const std::string& name);
  std::string subjects() const;
  std::string filter(std::size_t rule) const;
  std::string step(std::size_t rule) const;
  std::string aggregate(std::size_t rule);
  std::string counted();
  std::string comparisons(const std::string& of) const;
  std::string in_order() const;
  std::string in_any_order() const;
  std::string all_seen() const;
  std::string any_event() const;
  bool share_an_event() const;

  const correlation& from_;
  std::span<const joined_rule> rules_;
  event_plans& plans_;
  std::vector<field_plan*>& read_;
  std::vector<group> groups_;
};

correlation_writer::group correlation_writer::group_of(const std::string& name) {
  group made{.name = identifier(name), .type = {}, .fields = {}};
  bool same = true;
  for (const joined_rule& r : rules_) {
    const field_plan& plan = field(r, field_of(from_, name, *r.from));
    if (plan.kind != field_kind::text && plan.kind != field_kind::entity) {
      refuse(from_, "`group-by` needs a text, and `" + plan.name + "` is " + bare_type(plan.type));
    }
    if (!made.type.empty() && made.type != bare_type(plan.type))
      refuse(from_, "the fields of `" + name + "` have different types");
    made.type = bare_type(plan.type);
    made.fields.push_back(plan.name);
    same = same && plan.name == made.fields.front();
  }
  if (!same) return made;
  made.name = made.fields.front();
  made.type.clear();
  return made;
}

std::string correlation_writer::subjects() const {
  std::string out;
  for (const group& g : groups_) {
    out += out.empty() ? " for " : ", ";
    out += g.name + (g.type.empty() ? "" : ": " + g.type);
  }
  return out;
}

/// `E where single_failed_login(E) and src_ip = internal_ip`
std::string correlation_writer::filter(std::size_t rule) const {
  const shared_condition& condition = *rules_[rule].condition;
  std::string out = condition.event->name + " where " + condition.name + "(" + condition.event->name + ")";
  for (const group& g : groups_) {
    if (!g.type.empty()) out += " and " + g.fields[rule] + " = " + g.name;
  }
  return out;
}

std::string correlation_writer::step(std::size_t rule) const {
  return "step_" + std::to_string(rule + 1) + ": " + filter(rule);
}

bool correlation_writer::share_an_event() const {
  std::set<const event_plan*> events;
  for (const joined_rule& r : rules_) events.insert(r.condition->event);
  return events.size() < rules_.size();
}

/// The event that may end a match: one that any of the rules finds.
std::string correlation_writer::any_event() const {
  std::set<const event_plan*> events;
  for (const joined_rule& r : rules_) events.insert(r.condition->event);
  if (events.size() > 1 || rules_.size() == 1) {
    if (rules_.size() == 1) return "  on " + filter(0) + "\n";
    std::string out = "  match one of (\n";
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      out += "    " + filter(i) + (i + 1 < rules_.size() ? ",\n" : ")\n");
    }
    return out;
  }
  const event_plan& event = **events.begin();
  std::string out = "  on " + event.name + " where\n    ";
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (i > 0) out += " or ";
    std::string asked = rules_[i].condition->name + "(" + event.name + ")";
    bool several = false;
    for (const group& g : groups_) {
      if (g.type.empty()) continue;
      asked += " and " + g.fields[i] + " = " + g.name;
      several = true;
    }
    out += several ? "(" + asked + ")" : asked;
  }
  return out + "\n";
}

std::string correlation_writer::aggregate(std::size_t rule) {
  const shared_condition& condition = *rules_[rule].condition;
  if (from_.type == correlation_type::event_count) return "count(" + filter(rule) + ") over " + duration_of(from_);
  const field_plan& counted = field(rules_[rule], from_.field.text);
  const bool numbers = from_.type != correlation_type::value_count;
  if (numbers && counted.kind != field_kind::number) {
    refuse(from_, "`" + counted.name + "` is " + bare_type(counted.type) + ", not a number: say its type in the map");
  }
  const std::string function = from_.type == correlation_type::value_count ? "distinct"
                               : from_.type == correlation_type::value_sum ? "sum"
                                                                           : "avg";
  const std::string rest = filter(rule).substr(condition.event->name.size());
  return function + "(" + condition.event->name + "." + counted.name + rest + ") over " + duration_of(from_);
}

std::string correlation_writer::comparisons(const std::string& of) const {
  std::string out;
  for (const correlation::limit& limit : from_.limits) {
    out += out.empty() ? "  when " : "\n   and ";
    out += of + " " + std::string{sign_of(limit.comparison)} + " " + limit.number.text;
  }
  return out + "\n";
}

/// Counts of several rules are added up; of distinct values and means there is no sum.
std::string correlation_writer::counted() {
  const bool addable = from_.type == correlation_type::event_count || from_.type == correlation_type::value_sum;
  if (rules_.size() > 1 && !addable) refuse(from_, "values of several rules are not counted together");
  if (rules_.size() > 1 && share_an_event()) {
    refuse(from_, "rules about the same events may find one event twice: it is not clear how often it counts");
  }
  std::string sum;
  for (std::size_t i = 0; i < rules_.size(); ++i) sum += (sum.empty() ? "" : " + ") + aggregate(i);
  return any_event() + comparisons(sum);
}

std::string correlation_writer::in_order() const {
  std::string out;
  for (std::size_t i = 0; i < rules_.size(); ++i) out += (i == 0 ? "  match " : "  then  ") + step(i) + "\n";
  return out + "  within " + duration_of(from_) + "\n";
}

std::string correlation_writer::in_any_order() const {
  std::string out = "  match all of (\n";
  for (std::size_t i = 0; i < rules_.size(); ++i) out += "    " + step(i) + (i + 1 < rules_.size() ? ",\n" : ")\n");
  return out + "  within " + duration_of(from_) + "\n";
}

/// Where one event may be what two of the rules ask for, it counts for both; `all of` would want two.
std::string correlation_writer::all_seen() const {
  std::string out = any_event();
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    out += (i == 0 ? "  when " : "   and ") + ("count(" + filter(i) + ") over " + duration_of(from_) + " >= 1\n");
  }
  return out;
}

}  // namespace

void note_uses(const correlation& from, const rule& named, event_plans& plans) {
  event_plan& event = plans.of(named.source);
  for (const value& name : from.group_by) plans.note(event, field_of(from, name.text, named), field_use::text);
  if (from.field.text.empty()) return;
  const bool numbers = from.type == correlation_type::value_sum || from.type == correlation_type::value_avg;
  plans.note(event, from.field.text, numbers ? field_use::number : field_use::any);
}

void check(const correlation& from, std::size_t rules) {
  static_cast<void>(duration_of(from));
  if (is_temporal(from)) {
    if (rules < 2) refuse(from, "a temporal correlation needs two rules or more");
    if (!from.limits.empty()) refuse(from, "a temporal correlation of some of its rules cannot be said exactly");
    return;
  }
  check_limits(from);
  if (from.type == correlation_type::event_count) return;
  if (from.field.kind != value_kind::text) refuse(from, "the condition must name one `field`");
}

std::string correlation_body(const correlation& from, std::span<const joined_rule> rules, event_plans& plans,
                             std::vector<field_plan*>& read) {
  return correlation_writer(from, rules, plans, read).body();
}

}  // namespace weir::sigma
