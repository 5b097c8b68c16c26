#include "rules/successor.hpp"

#include <catch2/catch.hpp>

#include "rules/compile.hpp"
#include "tests/support/engine_run.hpp"
#include "tests/support/event_builder.hpp"

namespace weir::rules {

namespace {

using namespace std::chrono_literals;

const std::map<std::string, std::string> files{
    {"a.csv", "A0\n"}, {"b.csv", "B0\n"}, {"t.csv", "who,limit,more\nA0,5,7\n"}};

program program_of(const std::string& text, const std::map<std::string, std::string>& params = {}) {
  auto compiled = compile_text(text, {.params = params}, [](const std::string& path) {
    const auto found = files.find(path);
    return found == files.end() ? std::expected<std::string, std::string>(std::unexpected("no such file"))
                                : found->second;
  });
  for (const auto& finding : compiled.findings) UNSCOPED_INFO(finding.message);
  REQUIRE(compiled.result);
  return *std::move(compiled.result);
}

using places = std::vector<std::optional<std::uint32_t>>;

places kept(const std::string& before, const std::string& after) {
  auto next = succeed(program_of(before), program_of(after), {});
  REQUIRE(next);
  return next->kept;
}

std::vector<std::string> refused(const std::string& before, const std::string& after, const decoded_events& decoded) {
  auto next = succeed(program_of(before), program_of(after), decoded);
  return next ? std::vector<std::string>{} : next.error();
}

const std::string events = R"(
entity card
entity shop
event pay  { at: time  id: text  card: card  shop: shop  note: text?  n: int }
event seen { at: time  card: card }
)";
const std::string many = "rule many for card { on pay when count(pay) over 1h > 3 }\n";
const std::string pair = "rule pair for card { match a: pay then b: pay where b.n > a.n within 1h }\n";

}  // namespace

TEST_CASE("a rule goes on when it looks for the same under its name, whatever else is said of it") {
  CHECK(kept(events + many + pair, events + pair + many) == places{1, 0});
  CHECK(kept(events + many, events + "rule many for card { severity critical  score 9  tags x.y\n"
                                     "on p: pay when count(pay) over 1h > 3  reason \"{p.n}, {p.note}\" }\n") ==
        places{0});
  CHECK(kept(events + many, events + "rule others for card { on pay when count(pay) over 1h > 3 }\n") == places{{}});
  CHECK(kept(events + many, events + "rule many for card { on pay when count(pay) over 1h > 4 }\n") == places{{}});
  CHECK(kept(events + pair, events + "rule pair for card { match x: pay then y: pay where y.n > x.n within 1h }\n") ==
        places{0});
}

TEST_CASE("a param's value is part of what a rule looks for") {
  const std::string text = events + "param most = 3\nrule many for card { on pay when count(pay) over 1h > most }\n";
  auto same = succeed(program_of(text, {{"most", "5"}}), program_of(text, {{"most", "5"}}), {});
  auto other = succeed(program_of(text, {{"most", "5"}}), program_of(text), {});
  REQUIRE((same && other));
  CHECK(same->kept == places{0});
  CHECK(other->kept == places{{}});
}

TEST_CASE("declarations may stand in another order") {
  const std::string turned = R"(
event seen { at: time  card: card }
entity shop
event pay  { at: time  n: int  note: text?  shop: shop  card: card  id: text }
entity card
)";
  const std::string lists = "list ays : card from \"a.csv\"\nlist bees : card from \"b.csv\"\n";
  const std::string lists_turned = "list bees : card from \"b.csv\"\nlist ays : card from \"a.csv\"\n";
  const std::string listed = "rule listed for card { on pay where card in ays and not (card in bees) }\n";
  CHECK(kept(events + lists + many + pair + listed, turned + lists_turned + many + pair + listed) == places{0, 1, 2});
}

TEST_CASE("a rule that goes off goes, and one that comes back begins anew") {
  CHECK(kept(events + many + pair,
             events + "rule many for card { mode off  on pay when count(pay) over 1h > 3 }\n" + pair) == places{1});
}

TEST_CASE("what sources decode can't change") {
  const decoded_events pays{.named = {"pay"}};
  const auto with = [](const std::string& from, const std::string& to) {
    std::string text = events;
    text.replace(text.find(from), from.size(), to);
    return text + many;
  };
  CHECK(refused(events + many, with("n: int", "n: int  m: int"), pays) ==
        std::vector<std::string>{"field `pay.m` is new"});
  CHECK(refused(events + many, with("note: text?", ""), pays) ==
        std::vector<std::string>{"field `pay.note` is no longer declared"});
  CHECK(refused(events + many, with("note: text?", "note: text"), pays) ==
        std::vector<std::string>{"field `pay.note` is declared otherwise"});
  CHECK(refused(events + many, with("entity shop", "entity shop entity person"), pays) ==
        std::vector<std::string>{"entity `person` is new"});
  const std::string without_seen = with("event seen { at: time  card: card }", "");
  CHECK(refused(events + many, without_seen, pays).empty());
  CHECK(refused(events + many, without_seen, {.named = {"seen"}}) ==
        std::vector<std::string>{"event `seen` is no longer declared, and a source may give it"});
  CHECK(refused(events + many, without_seen, {.any = true}).size() == 1);
  const std::string one_more = events + "event more { at: time }\n" + many;
  CHECK(refused(events + many, one_more, pays).empty());
  CHECK(refused(events + many, one_more, {.any = true}) == std::vector<std::string>{"event `more` is new"});
}

TEST_CASE("lists keep their places, what is no longer declared is empty, and a changed one is told of") {
  const std::string one = "list ays : card from \"a.csv\"\nrule r for card { on pay where card in ays }\n";
  const std::string two = "list bees : card from \"b.csv\"\n" + one;
  const program first = program_of(events + one);
  auto next = succeed(first, program_of(events + two), {});
  REQUIRE(next);
  CHECK(next->rules.lists[0].file.name == "ays");
  CHECK(next->rules.lists[1].file.name == "bees");
  CHECK_FALSE(next->changed.changed());
  auto last = succeed(next->rules, program_of(events + many), {});
  REQUIRE(last);
  CHECK(last->rules.data.lists[0].values.empty());
  CHECK(last->changed.lists == std::vector<std::uint16_t>{0, 1});
  auto again = succeed(last->rules, program_of(events + one), {});
  REQUIRE(again);
  CHECK(again->rules.lists.size() == 2);
  CHECK(again->rules.data.lists[0].values == std::vector<std::string>{"A0"});
  CHECK(again->changed.lists == std::vector<std::uint16_t>{0});
}

TEST_CASE("a table that gets a further column keeps its place, one with another key doesn't") {
  const std::string table = "table limits : card -> { limit: int } from \"t.csv\"\n";
  const std::string wider = "table limits : card -> { limit: int  more: int } from \"t.csv\"\n";
  const std::string r = "rule r for card { on pay where n > limits[card].limit }\n";
  CHECK(kept(events + table + r, events + wider + r) == places{0});
  CHECK(kept(events + wider + r, events + "table limits : card -> { more: int  limit: int } from \"t.csv\"\n" + r) ==
        places{{}});
}

TEST_CASE("a rule that has to come after another begins again") {
  const std::string raised = "event alarm { at: time  card: card }\n";
  const std::string watch = "rule watch for card { match alarm then pay within 1h }\n";
  const std::string raises = "rule raises for card { on pay where n > 5 raise alarm { card: card } }\n";
  auto next = succeed(program_of(events + raised + watch), program_of(events + raised + watch + raises), {});
  REQUIRE(next);
  CHECK(next->kept == places{{}, {}});
  CHECK(next->begun_again == std::vector<std::string>{"watch"});
  auto back = succeed(next->rules, program_of(events + raised + watch), {});
  REQUIRE(back);
  CHECK(back->kept == places{0});
  CHECK(back->rules.rules[0].stratum == 1);
}

TEST_CASE("a new text that is read, and an event that only rules raise, join a run") {
  const program first = program_of(events + many);
  const program second = program_of(events + "event alarm { at: time  id: text  card: card  why: text }\n" + many +
                                    "rule noted for card { on p: pay where note = \"x\"\n"
                                    "  raise alarm { card: card  why: p.note } }\n"
                                    "rule alarmed for card { on a: alarm where why = \"x\" }\n");
  std::vector<testing::plain_event> stream;
  for (int i = 0; i < 5; ++i) {
    stream.push_back(
        testing::make_event(first.schema, "pay", std::chrono::seconds{i},
                            {{"id", "p" + std::to_string(i)}, {"card", "C"}, {"shop", "S"}, {"note", "x"}, {"n", 1}}));
  }
  stream = testing::in_one_source(std::move(stream));
  testing::engine_session session(first, stream);
  const auto take = [&](std::size_t i) {
    session.take(testing::make_batch(std::span(stream).subspan(i, 1), stream[i].at, first.schema, session.names()));
  };
  for (std::size_t i = 0; i < 3; ++i) take(i);
  CHECK(session.replace(second).empty());
  for (std::size_t i = 3; i < 5; ++i) take(i);
  const auto run = std::move(session).run();
  std::vector<std::uint32_t> patterns;
  for (const auto& alert : run.alerts) patterns.push_back(alert.pattern);
  CHECK(patterns == std::vector<std::uint32_t>{0, 1, 2, 0, 1, 2});  // many, noted, alarmed
}

}  // namespace weir::rules
