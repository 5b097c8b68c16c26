#include "tests/property/expression_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace weir::testing {
namespace {

using kinds = std::vector<field_kind>;

const kinds plain_kinds{field_kind::integer, field_kind::decimal, field_kind::floating};
const std::vector<std::string> comparisons{">=", ">", "<", "<=", "=", "!="};

// What can be equal to what.
const std::vector<kinds> identities{{field_kind::text},
                                    {field_kind::account, field_kind::peer},
                                    {field_kind::device},
                                    {field_kind::boolean},
                                    {field_kind::address}};

std::string first_prefix(const std::string& prefix, const event_plan& event) {
  return prefix.empty() ? event.name : prefix.substr(0, prefix.size() - 1);
}

}  // namespace

std::string any_duration(tape_reader& choices) {
  static const std::vector<std::string> durations{"3s", "1s", "2s", "5s", "10s", "1500ms", "1m"};
  return choices.pick(durations);
}

// ---- conditions

std::string expression_writer::condition(int depth) {
  if (depth > 0) {
    switch (choices_.choose(8)) {
      case 5: return fmt::format("({} and {})", condition(depth - 1), condition(depth - 1));
      case 6: return fmt::format("({} or {})", condition(depth - 1), condition(depth - 1));
      case 7: return fmt::format("not ({})", condition(depth - 1));
      default: break;
    }
  }
  switch (choices_.choose(10)) {
    case 4:
    case 5: return identity_comparison();
    case 6: return boolean_field();
    case 7: return missing_test();
    case 8: return membership();
    case 9: return choices_.once_in(2) ? let_call() : between(depth);
    default: return number_comparison(depth);
  }
}

std::string expression_writer::number_comparison(int depth) {
  const sort s = any_sort();
  const std::string left = number(s, depth);
  return fmt::format("{} {} {}", left, choices_.pick(comparisons), number(s, depth));
}

std::string expression_writer::between(int depth) {
  const sort s = any_sort();
  const std::string value = number(s, depth);
  const std::string low = atom(s);
  return fmt::format("{} between {} and {}", value, low, atom(s));
}

std::string expression_writer::identity_comparison() {
  const kinds& alike = choices_.pick(identities);
  const auto side = [&]() -> std::optional<std::string> {
    if (scope_.may_aggregate && choices_.once_in(4)) {
      if (auto value = aggregate_of(choices_.once_in(2) ? "first" : "last", alike)) return value;
    }
    return field(alike);
  };
  const auto left = side();
  if (!left) return boolean_field();
  const std::string op = choices_.once_in(3) ? "!=" : "=";
  const auto right = choices_.once_in(2) ? side() : std::nullopt;
  return fmt::format("{} {} {}", *left, op, right ? *right : choices_.pick(literals_of(alike.front())));
}

std::string expression_writer::boolean_field() {
  if (const auto read = field({field_kind::boolean})) return *read;
  return number_comparison(0);
}

std::string expression_writer::missing_test() {
  kinds all;
  for (std::size_t k = 0; k < field_kinds; ++k) all.push_back(static_cast<field_kind>(k));
  const auto read = field(all);
  if (!read) return number_comparison(0);
  return fmt::format("{} is missing", *read);
}

std::string expression_writer::membership() {
  static const std::vector<std::pair<kinds, std::string>> lists{{{field_kind::text}, "tags_seen"},
                                                                {{field_kind::account, field_kind::peer}, "known"},
                                                                {{field_kind::integer}, "few"}};
  const auto& [of, list] = choices_.pick(lists);
  const auto read = field(of);
  return read ? fmt::format("{} in {}", *read, list) : number_comparison(0);
}

std::string expression_writer::let_call() {
  std::vector<std::string> events;
  for (const readable_plan& r : scope_.readable) {
    if (r.event == &scope_.schema->events.front()) events.push_back(first_prefix(r.prefix, *r.event));
  }
  if (events.empty()) return number_comparison(0);
  if (choices_.once_in(2)) return fmt::format("same({}, {})", choices_.pick(events), choices_.pick(events));
  return fmt::format("whole({})", choices_.pick(events));
}

std::optional<std::string> expression_writer::any_value() {
  return field({field_kind::text, field_kind::peer, field_kind::integer, field_kind::money, field_kind::boolean,
                field_kind::device, field_kind::floating, field_kind::account});
}

// ---- numbers

bool expression_writer::has_times() const { return !scope_.readable.empty(); }

expression_writer::sort expression_writer::any_sort() {
  const std::size_t s = choices_.choose(has_times() ? 4 : 3);
  return static_cast<sort>(s);
}

std::string expression_writer::number(sort s, int depth) {
  if (depth <= 0) return atom(s);
  switch (s) {
    case sort::plain: return plain_number(depth - 1);
    case sort::time: return time(depth - 1);
    default: return amount(s, depth - 1);
  }
}

std::string expression_writer::plain_number(int depth) {
  const auto one = [&](sort s) { return number(s, depth); };
  switch (choices_.choose(9)) {
    case 3: return fmt::format("({} + {})", one(sort::plain), one(sort::plain));
    case 4: return fmt::format("({} - {})", one(sort::plain), one(sort::plain));
    case 5: return fmt::format("({} * {})", literal(sort::plain), one(sort::plain));
    case 6: {
      const auto s = static_cast<sort>(choices_.choose(3));
      return fmt::format("({} / {})", one(s), one(s));
    }
    case 7: return fmt::format("({} ?? {})", atom(sort::plain), literal(sort::plain));
    case 8:
      return choices_.once_in(2) ? fmt::format("-({})", one(sort::plain))
                                 : fmt::format("twice({})", field({field_kind::integer}).value_or("bound"));
    default: return atom(sort::plain);
  }
}

std::string expression_writer::amount(sort s, int depth) {
  switch (choices_.choose(8)) {
    case 3: return fmt::format("({} + {})", number(s, depth), number(s, depth));
    case 4: return fmt::format("({} - {})", number(s, depth), number(s, depth));
    case 5: return fmt::format("({} * {})", atom(sort::plain), number(s, depth));
    case 6: return fmt::format("({} / {})", number(s, depth), atom(sort::plain));
    case 7:
      if (s == sort::duration && has_times()) return fmt::format("({} - {})", time(depth), atom(sort::time));
      return fmt::format("({} ?? {})", atom(s), literal(s));
    default: return atom(s);
  }
}

std::string expression_writer::time(int depth) {
  switch (choices_.choose(5)) {
    case 2: return fmt::format("({} + {})", atom(sort::time), literal(sort::duration));
    case 3: return fmt::format("({} - {})", atom(sort::time), literal(sort::duration));
    case 4: return fmt::format("({} ?? {})", atom(sort::time), atom(sort::time));
    default: return depth > 0 && choices_.once_in(4) ? time(depth - 1) : atom(sort::time);
  }
}

std::string expression_writer::literal(sort s) {
  static const std::vector<std::string> params{"bound", "price", "pause"};
  static const kinds kind_of_sort{field_kind::integer, field_kind::money, field_kind::duration, field_kind::time};
  const auto place = static_cast<std::size_t>(s);
  if (s != sort::time && choices_.once_in(6)) return params[place];
  return choices_.pick(literals_of(kind_of_sort[place]));
}

// A time is never just a literal, so that a literal has a time beside it.
std::string expression_writer::atom(sort s) {
  static const std::vector<kinds> kinds_of_sort{plain_kinds, {field_kind::money}, {field_kind::duration}};
  if (scope_.may_aggregate && choices_.once_in(2)) {
    if (auto value = aggregate(s)) return *value;
  }
  if (s == sort::time) {
    const readable_plan& r = choices_.pick(scope_.readable);
    const bool due = r.event->has(field_kind::time) && choices_.once_in(3);
    return r.prefix + (due ? name_of(field_kind::time) : "at");
  }
  if (choices_.once_in(3)) return literal(s);
  const auto read = field(kinds_of_sort[static_cast<std::size_t>(s)]);
  return read ? *read : literal(s);
}

// ---- fields

std::optional<std::string> expression_writer::field(const kinds& of) {
  const std::vector<std::string> all = fields(of);
  if (all.empty()) return std::nullopt;
  return choices_.pick(all);
}

std::vector<std::string> expression_writer::fields(const kinds& of) const {
  std::vector<std::string> all;
  for (const readable_plan& r : scope_.readable) {
    for (const field_plan& f : r.event->fields) {
      if (std::ranges::find(of, f.kind) != of.end()) all.push_back(r.prefix + name_of(f.kind));
    }
  }
  const bool reads_subject = !scope_.subject->name.empty() && std::ranges::find(of, scope_.subject->kind) != of.end();
  if (reads_subject) all.push_back(scope_.subject->name);
  return all;
}

// ---- aggregates

std::optional<std::string> expression_writer::aggregate(sort s) {
  static const std::vector<std::string> functions{"sum", "avg", "min", "max", "first", "last"};
  if (s == sort::plain && !choices_.once_in(2)) {
    const auto events = events_of(*scope_.subject, *scope_.schema);
    const event_plan& event = *choices_.pick(events);
    if (!choices_.once_in(3)) return aggregate_text("count", event, "");
    const std::string function = choices_.once_in(3) ? "count" : "distinct";
    return aggregate_text(function, event, "." + name_of(choices_.pick(event.fields).kind));
  }
  switch (s) {
    case sort::plain: return aggregate_of(choices_.pick(functions), plain_kinds);
    case sort::money: return aggregate_of(choices_.pick(functions), {field_kind::money});
    case sort::duration: return aggregate_of(choices_.pick(functions), {field_kind::duration});
    case sort::time: break;
  }
  const std::string function = functions[2 + choices_.choose(4)];
  const auto events = events_of(*scope_.subject, *scope_.schema);
  if (choices_.once_in(2)) return aggregate_text(function, *choices_.pick(events), ".at");
  return aggregate_of(function, {field_kind::time});
}

std::optional<std::string> expression_writer::aggregate_of(const std::string& function, const kinds& of) {
  std::vector<std::pair<const event_plan*, field_kind>> readable;
  for (const event_plan* event : events_of(*scope_.subject, *scope_.schema)) {
    for (const field_plan& f : event->fields) {
      if (std::ranges::find(of, f.kind) != of.end()) readable.emplace_back(event, f.kind);
    }
  }
  if (readable.empty()) return std::nullopt;
  const auto& [event, kind] = choices_.pick(readable);
  return aggregate_text(function, *event, "." + name_of(kind));
}

std::string expression_writer::aggregate_text(const std::string& function, const event_plan& event,
                                              const std::string& field) {
  const std::string prior = choices_.once_in(3) ? "prior " : "";
  const bool counts_events = choices_.once_in(3);
  const std::string extent = counts_events ? fmt::format("{} events", 1 + choices_.choose(4)) : any_duration(choices_);
  scope_plan scope = scope_;
  if (counts_events) scope.readable.clear();  // only windows of time may read the match's events
  const std::string where = where_clause(choices_, scope, event, "", choices_.once_in(2) ? 1 : -1);
  return fmt::format("{}({}{}{}) over {}{}", function, event.name, field, where, prior, extent);
}

// ---- filters

std::vector<const event_plan*> events_of(const subject_plan& subject, const schema_plan& schema) {
  std::vector<const event_plan*> events;
  for (const event_plan& e : schema.events) {
    if (subject.name.empty() || e.has(subject.kind)) events.push_back(&e);
  }
  return events;
}

std::string where_clause(tape_reader& choices, scope_plan scope, const event_plan& event, const std::string& own_label,
                         int depth) {
  std::vector<std::string> conjuncts;
  if (!scope.subject->name.empty() && !scope.subject->by_field) {
    const bool by_peer =
        scope.subject->kind == field_kind::account && event.has(field_kind::peer) && choices.once_in(2);
    const std::string field = name_of(by_peer ? field_kind::peer : scope.subject->kind);
    conjuncts.push_back(choices.once_in(4) ? fmt::format("{} = {}", scope.subject->name, field)
                                           : fmt::format("{} = {}", field, scope.subject->name));
  }
  if (depth >= 0) {
    const std::vector<std::string> names{"", "", event.name + ".", own_label.empty() ? "" : own_label + "."};
    scope.readable.push_back({choices.pick(names), &event});
    scope.may_aggregate = false;
    conjuncts.push_back(expression_writer(choices, scope).condition(depth));
  }
  if (conjuncts.empty()) return {};
  return " where " + (conjuncts.size() == 1 ? conjuncts[0] : fmt::format("{} and ({})", conjuncts[0], conjuncts[1]));
}

}  // namespace weir::testing
