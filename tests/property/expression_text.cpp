#include "tests/property/expression_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

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

// Labels stand for events; the event at hand is called by its type.
std::string name_of(const readable_plan& readable) {
  return readable.name.empty() ? readable.event->name : readable.name;
}

// How a field is read: of a run, that of its first or last event.
std::vector<std::string> readings(const readable_plan& readable, const std::string& field) {
  if (!readable.is_run) return {readable.prefix() + field};
  return {fmt::format("first({}.{})", readable.name, field), fmt::format("last({}.{})", readable.name, field),
          fmt::format("first({}).{}", readable.name, field), fmt::format("last({}).{}", readable.name, field)};
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
  return simple_condition(depth);
}

std::string expression_writer::simple_condition(int depth) {
  switch (choices_.choose(12)) {
    case 4:
    case 5: return identity_comparison();
    case 6: return boolean_field();
    case 7: return missing_test();
    case 8: return membership();
    case 9: return choices_.once_in(2) ? let_call() : between(depth);
    case 10: return text_test();
    case 11: return choices_.once_in(3) ? score_comparison() : distance_comparison();
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
    if (alike.front() == field_kind::text && choices_.once_in(6)) {
      const bool by_number = choices_.once_in(3);
      const auto key = by_number ? field({field_kind::integer}) : field({field_kind::account, field_kind::peer});
      if (key) return fmt::format("{}[{}].{}", by_number ? "kinds" : "grades", *key, by_number ? "name" : "tier");
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
  std::optional<std::string> read = field(all);
  if (choices_.once_in(3) && !scope_.readable.empty()) {
    const readable_plan& r = choices_.pick(scope_.readable);
    if (r.may_lack) read = r.name;
  }
  if (!read) return number_comparison(0);
  return fmt::format("{} is {}missing", *read, choices_.once_in(3) ? "not " : "");
}

std::string expression_writer::membership() {
  static const std::vector<std::pair<kinds, std::string>> lists{{{field_kind::text}, "tags_seen"},
                                                                {{field_kind::account, field_kind::peer}, "known"},
                                                                {{field_kind::integer}, "few"},
                                                                {{field_kind::address}, "near"},
                                                                {{field_kind::address}, "\"10.0.0.0/31\""},
                                                                {{field_kind::address}, "\"2001:db8::/32\""},
                                                                {{field_kind::address}, "\"::/0\""},
                                                                {{field_kind::account, field_kind::peer}, "grades"},
                                                                {{field_kind::text}, "codes"},
                                                                {{field_kind::integer}, "kinds"}};
  const auto& [of, list] = choices_.pick(lists);
  const auto read = field(of);
  return read ? fmt::format("{} {}in {}", *read, choices_.once_in(4) ? "not " : "", list) : number_comparison(0);
}

std::string expression_writer::let_call() {
  std::vector<std::string> events;
  for (const readable_plan& r : scope_.readable) {
    if (r.event == &scope_.schema->events.front() && !r.is_run) events.push_back(name_of(r));
  }
  if (events.empty()) return number_comparison(0);
  if (choices_.once_in(2)) return fmt::format("same({}, {})", choices_.pick(events), choices_.pick(events));
  return fmt::format("whole({})", choices_.pick(events));
}

std::string expression_writer::text_test() {
  const auto read = text();
  if (!read) return number_comparison(0);
  static const std::vector<std::string> parts{"a", "A", "1", "", "A0", "\u00c4", "b"};
  static const std::vector<std::string> patterns{"[ab]", "^A", "1$", "^(b|c)$", "A[01]", "b$"};
  switch (choices_.choose(6)) {
    case 0: return fmt::format("starts_with({}, \"{}\")", *read, choices_.pick(parts));
    case 1: return fmt::format("ends_with({}, \"{}\")", *read, choices_.pick(parts));
    case 2: return fmt::format("contains({}, \"{}\")", *read, choices_.pick(parts));
    case 3: return fmt::format("matches({}, \"{}\")", *read, choices_.pick(patterns));
    case 4: return fmt::format("lower({}) = lower({})", *read, *text());
    default: return fmt::format("upper({}) != \"{}\"", *read, choices_.once_in(2) ? "\u00c4B" : "A");
  }
}

std::optional<std::string> expression_writer::text() {
  return field({field_kind::text, field_kind::account, field_kind::peer, field_kind::device});
}

// Distances that few places can have lie away from these.
std::string expression_writer::distance_comparison() {
  static const std::vector<std::string> kilometers{"20", "60", "120", "0.5", "200"};
  const bool as_numbers = choices_.once_in(4);
  const auto from = place(as_numbers);
  const auto to = place(as_numbers);
  if (!from || !to) return number_comparison(0);
  return fmt::format("distance_km({}, {}) {} {}", *from, *to, choices_.once_in(2) ? ">" : "<",
                     choices_.pick(kilometers));
}

std::string expression_writer::score_comparison() {
  static const std::vector<std::string> answers{"0.5", "0.2", "0.9"};
  const std::string first = atom(sort::plain);
  const std::string second =
      choices_.once_in(3) ? boolean_field() : atom(any_sort() == sort::money ? sort::money : sort::plain);
  return fmt::format("score(judge, {}, {}) {} {}", first, second, choices_.once_in(2) ? ">" : "<",
                     choices_.pick(answers));
}

// An event that has one, or its two numbers.
std::optional<std::string> expression_writer::place(bool as_numbers) {
  std::vector<std::string> places;
  for (const readable_plan& r : scope_.readable) {
    if (!r.event->has(field_kind::latitude) || r.is_run) continue;
    places.push_back(as_numbers ? fmt::format("{0}lat, {0}lon", r.prefix()) : name_of(r));
  }
  if (places.empty()) return std::nullopt;
  return choices_.pick(places);
}

std::optional<std::string> expression_writer::any_value() {
  return field({field_kind::text, field_kind::peer, field_kind::integer, field_kind::money, field_kind::boolean,
                field_kind::device, field_kind::floating, field_kind::account});
}

std::string expression_writer::value_for(field_kind kind) {
  if (const auto read = field({kind}); read && !choices_.once_in(3)) return *read;
  switch (kind) {
    case field_kind::integer: return choices_.once_in(2) ? plain_number(0) : literal(sort::plain);
    case field_kind::money: return amount(sort::money, 0);
    case field_kind::time: return has_times() ? moment() : literal(sort::time);
    default: break;
  }
  if (const auto read = field({kind})) return *read;
  return choices_.pick(literals_of(kind));
}

readable_plan expression_writer::previous() {
  const event_plan& event = *choices_.pick(events_of(*scope_.subjects, *scope_.schema));
  scope_plan alone = scope_;  // its condition reads no other event
  alone.readable.clear();
  alone.vertices.clear();
  const std::string where = where_clause(choices_, alone, event, "", choices_.once_in(2) ? 0 : -1);
  return {
      .name = fmt::format("prev({}{})", event.name, where), .event = &event, .is_aggregate = true, .may_lack = true};
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
  static const std::vector<std::string> lengths{"seconds", "minutes", "hours", "days"};
  const auto one = [&](sort s) { return number(s, depth); };
  switch (choices_.choose(12)) {
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
    case 9: return fmt::format("{}({})", choices_.once_in(2) ? "abs" : "round", one(sort::plain));
    case 10: return fmt::format("{}({})", choices_.pick(lengths), one(sort::duration));
    case 11: {
      const auto read = choices_.once_in(2) ? text() : std::nullopt;
      if (read) return fmt::format("length({})", *read);
      return fmt::format("coalesce({}, {}, 1)", atom(sort::plain), atom(sort::plain));
    }
    default: return atom(sort::plain);
  }
}

std::string expression_writer::amount(sort s, int depth) {
  switch (choices_.choose(10)) {
    case 8: return fmt::format("abs({})", number(s, depth));
    case 9: return fmt::format("round({}{})", number(s, depth), choices_.once_in(2) ? ", 1" : "");
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
  if (s == sort::time) return moment();
  switch (choices_.choose(8)) {
    case 2:
    case 5: return literal(s);
    case 6:
      if (auto value = looked_up(s)) return *value;
      break;
    case 7:
      if (auto value = run_number(s)) return *value;
      break;
    default: break;
  }
  const auto read = field(kinds_of_sort[static_cast<std::size_t>(s)]);
  return read ? *read : literal(s);
}

// A cell of a table.
std::optional<std::string> expression_writer::looked_up(sort s) {
  const bool by_text = s == sort::duration || (s == sort::plain && choices_.once_in(2));
  const auto key = by_text ? field({field_kind::text}) : field({field_kind::account, field_kind::peer});
  if (!key || s == sort::time) return std::nullopt;
  if (by_text) return fmt::format("codes[{}].{}", *key, s == sort::plain ? "rank" : "since");
  return fmt::format("grades[{}].{}", *key, s == sort::plain ? "level" : "limit");
}

// What a run's functions give: the whole run is read.
std::optional<std::string> expression_writer::run_number(sort s) {
  static const std::vector<std::string> functions{"sum", "avg", "min", "max", "median", "stddev"};
  static const std::vector<field_kind> kind_of_sort{field_kind::integer, field_kind::money, field_kind::duration};
  std::vector<readable_plan> runs;
  for (const readable_plan& r : scope_.readable) {
    if (r.is_run) runs.push_back(r);
  }
  if (runs.empty()) return std::nullopt;
  const readable_plan& run = choices_.pick(runs);
  if (s == sort::plain && choices_.once_in(2)) return fmt::format("count({})", run.name);
  const field_kind kind = kind_of_sort[static_cast<std::size_t>(s)];
  if (s == sort::plain && choices_.once_in(3)) {
    return fmt::format("distinct({}.{})", run.name, name_of(choices_.pick(run.event->fields).kind));
  }
  if (!run.event->has(kind)) return std::nullopt;
  return fmt::format("{}({}.{})", choices_.pick(functions), run.name, name_of(kind));
}

// ---- fields

std::optional<std::string> expression_writer::field(const kinds& of) {
  const std::vector<std::string> all = fields(of);
  if (all.empty()) return std::nullopt;
  return choices_.pick(all);
}

std::vector<std::string> expression_writer::fields(const kinds& of) const {
  const auto is_asked = [&](field_kind kind) { return std::ranges::find(of, kind) != of.end(); };
  std::vector<std::string> all;
  for (const readable_plan& r : scope_.readable) {
    for (const field_plan& f : r.event->fields) {
      if (is_asked(f.kind)) std::ranges::copy(readings(r, name_of(f.kind)), std::back_inserter(all));
    }
  }
  for (const subject_plan& s : *scope_.subjects) {
    if (is_asked(s.kind)) all.push_back(s.name);
  }
  for (const vertex_plan& v : scope_.vertices) {
    if (is_asked(v.kind)) all.push_back(v.name);
  }
  return all;
}

std::string expression_writer::moment() {
  const readable_plan& r = choices_.pick(scope_.readable);
  const bool due = r.event->has(field_kind::time) && choices_.once_in(3);
  return choices_.pick(readings(r, due ? name_of(field_kind::time) : "at"));
}

// ---- aggregates

std::optional<std::string> expression_writer::aggregate(sort s) {
  static const std::vector<std::string> functions{
      "sum",    "avg",           "min",           "max",          "first",          "last",           "median",
      "stddev", "percentile(25", "percentile(90", "percentile(0", "percentile(100", "percentile(99.9"};
  if (s == sort::plain && !choices_.once_in(2)) {
    const auto events = events_of(*scope_.subjects, *scope_.schema);
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
  const auto events = events_of(*scope_.subjects, *scope_.schema);
  if (choices_.once_in(2)) return aggregate_text(function, *choices_.pick(events), ".at");
  return aggregate_of(function, {field_kind::time});
}

std::optional<std::string> expression_writer::aggregate_of(const std::string& function, const kinds& of) {
  std::vector<std::pair<const event_plan*, field_kind>> readable;
  for (const event_plan* event : events_of(*scope_.subjects, *scope_.schema)) {
    for (const field_plan& f : event->fields) {
      if (std::ranges::find(of, f.kind) != of.end()) readable.emplace_back(event, f.kind);
    }
  }
  if (readable.empty()) return std::nullopt;
  const auto& [event, kind] = choices_.pick(readable);
  return aggregate_text(function, *event, "." + name_of(kind));
}

// "percentile(25" stands for the function with its first argument.
std::string expression_writer::aggregate_text(const std::string& function, const event_plan& event,
                                              const std::string& field) {
  bool may_correlate = true;
  const std::string window = window_text(may_correlate);
  scope_plan scope = scope_;
  if (!may_correlate) {
    scope.readable.clear();
    scope.vertices.clear();
  }
  const std::string where = where_clause(choices_, scope, event, "", choices_.once_in(2) ? 1 : -1);
  const std::string opening = function + (function.find('(') == std::string::npos ? "(" : ", ");
  return fmt::format("{}{}{}{}) over {}", opening, event.name, field, where, window);
}

// Windows of so many events, and sessions, do not read the match's events.
std::string expression_writer::window_text(bool& may_correlate) {
  static const std::vector<std::string> zones{"", " in \"Europe/Vienna\"", " in \"America/Sao_Paulo\""};
  static const std::vector<std::string> units{"day", "week", "month"};
  const std::string prior = choices_.once_in(3) ? "prior " : "";
  switch (choices_.choose(9)) {
    case 3:
    case 4: may_correlate = false; return fmt::format("{}{} events", prior, 1 + choices_.choose(4));
    case 5: {
      const std::string length = any_duration(choices_);
      return fmt::format("{} ending {} ago", length, any_duration(choices_));
    }
    case 6: {
      const std::string unit = choices_.pick(units);
      return unit + choices_.pick(zones);
    }
    case 7: may_correlate = false; return fmt::format("session gap {}", any_duration(choices_));
    default: return prior + any_duration(choices_);
  }
}

// ---- filters

std::vector<const event_plan*> events_of(const subject_plans& subjects, const schema_plan& schema) {
  std::vector<const event_plan*> events;
  for (const event_plan& e : schema.events) {
    std::size_t accounts = 0;
    bool has_all = true;
    for (const subject_plan& s : subjects) {
      if (!e.has(s.kind)) has_all = false;
      if (s.kind == field_kind::account) ++accounts;
    }
    if (accounts == 2 && !e.has(field_kind::peer)) has_all = false;
    if (has_all) events.push_back(&e);
  }
  return events;
}

namespace {

std::string equality(tape_reader& choices, const std::string& field, const subject_plan& subject) {
  return choices.once_in(4) ? fmt::format("{} = {}", subject.name, field) : fmt::format("{} = {}", field, subject.name);
}

// An account is tied by either of its fields; two accounts by both, either way round.
std::vector<std::string> equalities(tape_reader& choices, const subject_plans& subjects, const event_plan& event) {
  std::vector<std::string> all;
  bool by_peer = event.has(field_kind::peer) && choices.once_in(2);
  for (const subject_plan& s : subjects) {
    const bool other = s.kind == field_kind::account && by_peer;
    if (!s.by_field) all.push_back(equality(choices, name_of(other ? field_kind::peer : s.kind), s));
    if (s.kind == field_kind::account) by_peer = !by_peer;
  }
  return all;
}

}  // namespace

std::string where_clause(tape_reader& choices, scope_plan scope, const event_plan& event, const std::string& own_label,
                         int depth) {
  std::vector<std::string> conjuncts = equalities(choices, *scope.subjects, event);
  if (depth >= 0) {
    const std::vector<std::string> names{"", "", event.name, own_label};
    std::erase_if(scope.readable, [](const readable_plan& r) { return r.is_aggregate; });
    scope.readable.push_back({choices.pick(names), &event});
    scope.may_aggregate = false;
    const std::string condition = expression_writer(choices, scope).condition(depth);
    conjuncts.push_back(conjuncts.empty() ? condition : "(" + condition + ")");
  }
  if (conjuncts.empty()) return {};
  return fmt::format(" where {}", fmt::join(conjuncts, " and "));
}

}  // namespace weir::testing
