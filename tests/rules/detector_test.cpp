#include "rules/detector.hpp"

#include <random>

#include <catch2/catch.hpp>

#include "rules/compile.hpp"
#include "rules/reload.hpp"
#include "tests/support/event_builder.hpp"

namespace weir::rules {

namespace {

using namespace std::chrono_literals;
using testing::plain_event;

const std::string declarations = R"(
entity account
event login       { at: time  id: text  user: account  ok: bool }
event suspicious  { at: time  id: text  user: account  tries: int  note: text?  share: decimal?  risk: float? }
event case_opened { at: time  user: account }
)";

program program_of(const std::string& text) {
  auto compiled = compile_text(declarations + text);
  for (const auto& finding : compiled.findings) UNSCOPED_INFO(finding.message);
  REQUIRE(compiled.result);
  return *std::move(compiled.result);
}

/// A program that runs, and what it said: an alert a line.
class session {
 public:
  explicit session(const program& rules) : rules_(rules) {}

  void take(std::span<const plain_event> events, stream::timestamp watermark) {
    auto batch = testing::make_batch(events, watermark, rules_.schema, names_);
    for (const auto& alert : detector_.advance(std::move(batch))) {
      const auto& log = detector_.log_of(alert);
      lines.push_back(writer_.cause(alert).name + " " + writer_.subject(alert) + " " +
                      stream::to_text(alert.at.time_since_epoch()));
      ids.push_back(writer_.id(alert, log));
      rules::line_buffer line;
      writer_.put_json(line, alert, log, json.size() + 1, {});
      json.emplace_back(line.text());
    }
    detector_.forget();
  }

  void run(std::span<const plain_event> events, std::span<const testing::batch_cut> cuts) {
    std::size_t taken = 0;
    for (const auto& cut : cuts) {
      take(events.subspan(taken, cut.events), cut.watermark);
      taken += cut.events;
    }
  }

  void update(const reloaded& changes) {
    detector_.update(changes);
    writer_.update(changes);
  }

  const detector& runs() const { return detector_; }

  std::vector<std::string> lines;
  std::vector<std::string> ids;
  std::vector<std::string> json;

 private:
  const program& rules_;
  stream::symbols names_{rules_.schema};
  alert_writer writer_{rules_, names_, {"bank"}};
  detector detector_{rules_, names_, writer_};
};

plain_event login(const program& rules, stream::duration at, const std::string& user, bool ok) {
  return testing::make_event(rules.schema, "login", at,
                             {{"id", user + stream::to_text(at)}, {"user", user}, {"ok", ok}});
}

const std::string chain = R"(
rule cases for user {
  match suspicious
  then  no login where ok within 10s
  raise case_opened { user: user }
}
rule many for user {
  match 2 times fail: login where not ok
  within 1m
  raise suspicious { user: user  tries: 2 }
}
rule quiet for user {
  match login where ok
  then  no login within 5s
  raise suspicious { user: user  tries: 0 }
}
rule watch for user {
  match case_opened
  then  login
  within 1m
}
rule after for user {
  on login where ok
  when count(suspicious) over 1m >= 1
}
)";

}  // namespace

TEST_CASE("what rules raise reaches the rules above them, in the stream's order") {
  const auto rules = program_of(chain);
  const auto events = testing::in_one_source({login(rules, 1s, "U", false), login(rules, 2s, "U", false),
                                              login(rules, 3s, "U", true), login(rules, 20s, "U", false)});
  session one(rules);
  one.run(events, testing::one_batch(events));
  CHECK(one.lines == std::vector<std::string>{"many U 2s", "after U 3s", "quiet U 8s", "cases U 18s", "many U 20s",
                                              "watch U 20s", "cases U 30s"});
  CHECK(one.runs().counters().at(1).matches == 2);
  CHECK(one.runs().counters().at(3).matches == 1);
}

TEST_CASE("a raised event has its alert's id, or is called after it") {
  const auto rules = program_of(chain);
  const auto events = testing::in_one_source({login(rules, 3s, "U", true), login(rules, 20s, "U", false)});
  session one(rules);
  one.run(events, testing::one_batch(events));
  REQUIRE(one.lines == std::vector<std::string>{"quiet U 8s", "cases U 18s", "watch U 20s"});
  CHECK(one.json[1].find("\"event\":\"suspicious\",\"id\":\"" + one.ids[0] + "\"") != std::string::npos);
  CHECK(one.json[2].find("\"event\":\"case_opened\",\"id\":\"raised:" + one.ids[1].substr(0, 16) + "\"") !=
        std::string::npos);
}

TEST_CASE("an alert that is held back raises nothing, and neither does a rule in shadow mode") {
  const auto rules = program_of(R"(
rule held_back for user { on login where not ok  suppress for 10s  raise suspicious { user: user  tries: 1 } }
rule shadow for user { mode shadow  on login where ok  raise suspicious { user: user  tries: 0 } }
rule seen for user { on s: suspicious  reason "{s.tries}" }
)");
  const auto events =
      testing::in_one_source({login(rules, 1s, "U", false), login(rules, 2s, "U", false), login(rules, 3s, "U", true)});
  session one(rules);
  one.run(events, testing::one_batch(events));
  CHECK(one.lines == std::vector<std::string>{"held_back U 1s", "seen U 1s", "shadow U 3s"});
}

TEST_CASE("the values of a raised event are rounded to its fields' digits") {
  const auto rules = program_of(R"(
rule raises for user {
  on login
  when count(login) over 1m >= 1
  raise suspicious { user: user  tries: 2.5 * count(login) over 1m  note: "x"
                     share: count(login) over 1m / 3  risk: 0.25 }
}
rule seen for user { on s: suspicious }
)");
  const auto events = testing::in_one_source({login(rules, 1s, "U", true)});
  session one(rules);
  one.run(events, testing::one_batch(events));
  REQUIRE(one.lines.size() == 2);
  CHECK(one.json[1].find("\"fields\":{\"user\":\"U\",\"tries\":3,\"note\":\"x\",\"share\":0.33333333,\"risk\":0.25}") !=
        std::string::npos);
}

TEST_CASE("where no rule matches what another raises there is one stratum") {
  const auto rules = program_of("rule many for user { on login  raise suspicious { user: user  tries: 1 } }");
  const auto events = testing::in_one_source({login(rules, 1s, "U", true)});
  session one(rules);
  one.run(events, testing::one_batch(events));
  CHECK(one.lines == std::vector<std::string>{"many U 1s"});
  CHECK(one.runs().live_subjects() <= 1);
}

TEST_CASE("a list that is read again holds from the next batch on, in every stratum, and alerts name its version") {
  std::string watched = "A\n";
  const file_reader read = [&](const std::string&) -> std::expected<std::string, std::string> { return watched; };
  auto compiled = compile_text(declarations + R"(
list watched : account from "watched.txt"
rule raises for user { on login where user in watched  raise suspicious { user: user  tries: 1 } }
rule above for user { on s: suspicious  when user in watched  reason "{s.user in watched}" }
rule without for user { on login }
)",
                               {}, read);
  REQUIRE(compiled.result);
  program& rules = *compiled.result;
  const auto version_before = rules.lists.at(0).file.content_hash;
  session one(rules);
  const auto first = testing::in_one_source({login(rules, 1s, "A", true), login(rules, 2s, "B", true)});
  one.take(first, stream::timestamp(3s));
  CHECK(one.lines == std::vector<std::string>{"raises A 1s", "without A 1s", "above A 1s", "without B 2s"});

  watched = "B\n";
  const auto changes = reload(rules, read);
  REQUIRE(changes.lists.size() == 1);
  one.update(changes);
  one.lines.clear();
  const auto second = testing::in_one_source({login(rules, 3s, "A", true), login(rules, 4s, "B", true)});
  one.take(second, stream::timestamp(5s));
  CHECK(one.lines == std::vector<std::string>{"without A 3s", "raises B 4s", "without B 4s", "above B 4s"});

  const auto named = [](const std::string& version) { return "\"inputs\":{\"watched\":\"" + version + "\"}"; };
  CHECK(one.json.at(0).find(named(version_before)) != std::string::npos);
  CHECK(one.json.at(1).find("\"inputs\"") == std::string::npos);
  CHECK(one.json.at(5).find(named(rules.lists.at(0).file.content_hash)) != std::string::npos);
  CHECK(one.json.at(7).find("\"reason\":\"true\"") != std::string::npos);
}

TEST_CASE("any cut into batches gives the same alerts of all strata, in the same order, with the same ids") {
  const auto rules = program_of(chain);
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 20; ++round) {
    std::vector<plain_event> events;
    stream::duration now = 1s;
    for (int i = 0; i < 60; ++i) {
      now += std::chrono::seconds(random() % 4);  // often at once
      events.push_back(login(rules, now, std::string(1, static_cast<char>('A' + random() % 3)), random() % 3 == 0));
    }
    events = testing::in_one_source(std::move(events));
    session whole(rules);
    whole.run(events, testing::one_batch(events));
    REQUIRE(whole.lines.size() > 10);
    for (const std::size_t rows : {1, 2, 7}) {
      session cut(rules);
      cut.run(events, testing::batches_of(rows, events));
      CHECK(cut.lines == whole.lines);
      CHECK(cut.ids == whole.ids);
    }
    const std::vector<std::size_t> sizes{3, 1, 0, 5};
    const std::vector<stream::duration> lags{0s, 2s, 7s};
    session lagging(rules);
    lagging.run(events, testing::batches_by(sizes, lags, events, stream::end_of_time));
    CHECK(lagging.lines == whole.lines);
    CHECK(lagging.ids == whole.ids);
  }
}

}  // namespace weir::rules
