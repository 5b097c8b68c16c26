#include "tests/property/schema_text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace weir::testing {
namespace {

// Two trees over two features. No answer is near what rules compare it with: 0.7 is the least difference of logits.
constexpr const char* model_file = R"({"learner": {
  "learner_model_param": {"base_score": "5E-1", "num_class": "0", "num_feature": "2"},
  "objective": {"name": "binary:logistic"},
  "gradient_booster": {"name": "gbtree", "model": {"trees": [
    {"left_children": [1, -1, 3, -1, -1], "right_children": [2, -1, 4, -1, -1], "split_indices": [0, 0, 1, 0, 0],
     "split_conditions": [1, -2, 0.5, 0, 3], "default_left": [1, 0, 0, 0, 0]},
    {"left_children": [1, -1, -1], "right_children": [2, -1, -1], "split_indices": [1, 0, 0],
     "split_conditions": [2, -0.7, 0.7], "default_left": [0, 0, 0]}]}}}})";

struct kind_words {
  const char* name;
  const char* type;
};

constexpr std::array<kind_words, field_kinds> words{{{"acct", "account"},
                                                     {"peer", "account"},
                                                     {"dev", "device"},
                                                     {"tag", "text"},
                                                     {"n", "int"},
                                                     {"rate", "decimal"},
                                                     {"x", "float"},
                                                     {"paid", "money(EUR)"},
                                                     {"wait", "duration"},
                                                     {"due", "time"},
                                                     {"ok", "bool"},
                                                     {"host", "ip"},
                                                     {"lat", "float"},
                                                     {"lon", "float"}}};

std::string event_text(const event_plan& event) {
  std::string text = fmt::format("event {} {{ at: time", event.name);
  for (const field_plan& f : event.fields) {
    text += fmt::format("  {}: {}{}", name_of(f.kind), type_of(f.kind), f.optional ? "?" : "");
  }
  return text + " }\n";
}

// One let a kind of parameter: an event, a value, two events.
std::string lets(const schema_plan& plan) {
  const std::string& first = plan.events.front().name;
  return fmt::format(
      "let whole(t: {0}) = t.n >= 1 or t.tag = label_a\n"
      "let twice(v: int) = 2 * v\n"
      "let same(a: {0}, b: {0}) = a.acct = b.acct and a.n = b.n\n",
      first);
}

}  // namespace

std::string name_of(field_kind kind) { return words[static_cast<std::size_t>(kind)].name; }
std::string type_of(field_kind kind) { return words[static_cast<std::size_t>(kind)].type; }

bool event_plan::has(field_kind kind) const {
  return std::ranges::find(fields, kind, &field_plan::kind) != fields.end();
}

schema_plan plan_schema(tape_reader choices) {
  schema_plan plan;
  const std::size_t count = 2 + choices.choose(2);
  const std::array<const char*, 3> names{"pay", "move", "seen"};
  for (std::size_t e = 0; e < count; ++e) {
    event_plan event{names[e], {}};
    for (std::size_t k = 0; k < field_kinds; ++k) {
      const auto kind = static_cast<field_kind>(k);
      if (kind == field_kind::longitude) {
        if (event.has(field_kind::latitude)) event.fields.push_back({kind, true});
        continue;
      }
      const std::size_t choice = choices.choose(8);  // 0 to 4: there, 5 and 6: optional, 7: not there
      const bool needed =
          kind == field_kind::account || (e == 0 && (kind == field_kind::integer || kind == field_kind::text));
      if (choice < 7 || needed) event.fields.push_back({kind, choice >= 5});
    }
    plan.events.push_back(std::move(event));
  }
  return plan;
}

const std::vector<event_plan>& raised_events() {
  using enum field_kind;
  static const std::vector<event_plan> events{{"alarm", {{account}, {text, true}, {integer, true}, {money, true}}},
                                              {"echo", {{account}, {text, true}, {decimal, true}}}};
  return events;
}

std::string declarations(const schema_plan& plan) {
  std::string text = "entity account\nentity device\n";
  for (const event_plan& e : plan.events) text += event_text(e);
  for (const event_plan& e : raised_events()) text += event_text(e);
  text +=
      "param bound = 2\n"
      "param price = 1.50 EUR\n"
      "param pause = 2s\n"
      "param label_a = \"a\"\n"
      "list tags_seen : text from \"tags.csv\"\n"
      "list known : account from \"known.csv\"\n"
      "list few : int from \"few.csv\"\n"
      "list near : ip from \"near.txt\"\n"
      "table grades : account -> { level: int?  tier: text  limit: money(EUR)? } from \"grades.csv\"\n"
      "table codes : text -> { rank: int  since: duration? } from \"codes.csv\"\n"
      "table kinds : int -> { name: text } from \"kinds.csv\"\n"
      "model judge : xgboost from \"judge.json\"\n";
  return text + lets(plan);
}

std::optional<std::string> list_file(const std::string& path) {
  if (path == "tags.csv") return "a\nc\n";
  if (path == "known.csv") return "A1\nA2\n";
  if (path == "few.csv") return "1\n3\n";
  if (path == "near.txt") return "10.0.0.1\n10.0.0.2/31\n2001:db8::/64\n";
  if (path == "grades.csv") return "account,level,tier,limit\nA0,1,a,1.50\nA1,,b,\n";
  if (path == "codes.csv") return "text,rank,since\na,1,2s\nb,3,\n";
  if (path == "kinds.csv") return "name,int\na,1\nb,2\n";
  if (path == "judge.json") return model_file;
  return std::nullopt;
}

std::vector<std::string> literals_of(field_kind kind) {
  switch (kind) {
    case field_kind::account:
    case field_kind::peer: return {"\"A0\"", "\"A1\"", "\"A2\""};
    case field_kind::device: return {"\"D0\"", "\"D1\""};
    case field_kind::text: return {"\"a\"", "\"b\"", "\"c\""};
    case field_kind::integer:
    case field_kind::decimal:
    case field_kind::floating:
    case field_kind::latitude:
    case field_kind::longitude: return {"1", "0", "2", "0.5", "1.5", "0.1", "3", "-1"};
    case field_kind::money: return {"1 EUR", "2 EUR", "0.50 EUR", "2.50 EUR", "0.01 EUR", "0 EUR"};
    case field_kind::duration: return {"1s", "2s", "500ms", "3s", "1m"};
    case field_kind::time: return {"\"1970-01-01T00:01:41Z\"", "\"1970-01-01T00:01:45Z\""};
    case field_kind::boolean: return {"true", "false"};
    case field_kind::address: return {"\"10.0.0.1\"", "\"10.0.0.2\""};
  }
  return {};
}

}  // namespace weir::testing
