#include "rules/dstream/detect.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "rules/compile.hpp"
#include "tests/support/dstream_run.hpp"

namespace weir::rules {

namespace {

using testing::cut_rows;

constexpr auto rules_text = R"(entity card
event payment { at: time  id: text  card: card  amount: money(EUR) }
rule test_charge for card {
  match small: payment where amount < 2 EUR
  then  large: payment where amount > 500 EUR
  within 10s
}
rule silence for card {
  match big: payment where amount > 800 EUR
  then  no payment within 5s
}
)";

program compiled() {
  auto done = compile_text(rules_text);
  REQUIRE(done.result);
  return std::move(*done.result);
}

stream::source_options payments_in(const program& rules) {
  stream::source_options source;
  source.name = "payments";
  source.format.event = rules.schema.find("payment");
  return source;
}

std::string record(int at_s, int id, int card, double amount) {
  return R"({"at":)" + std::to_string(at_s * 1000) + R"(,"id":"p)" + std::to_string(id) + R"(","card":"c)" +
         std::to_string(card) + R"(","amount":)" + std::to_string(amount) + "}";
}

std::vector<std::string> draw_records(std::uint32_t seed, int count) {
  std::mt19937 draw(seed);
  std::vector<std::string> records;
  for (int i = 0; i < count; ++i) {
    const double amounts[] = {1, 30, 600, 900};
    records.push_back(record(i / 3, i, static_cast<int>(draw() % 5), amounts[draw() % 4]));
    if (draw() % 50 == 0) records.push_back("{\"at\": no number");
    if (draw() % 50 == 0) records.push_back(record(0, 1'000'000 + i, 1, 1));  // late, from the second second on
  }
  return records;
}

cut_rows<std::string> cut_at_random(const std::vector<std::string>& records, std::uint32_t seed) {
  std::mt19937 draw(seed);
  cut_rows<std::string> batches(1);
  for (const auto& one : records) {
    while (draw() % 4 == 0) batches.emplace_back();
    batches.back().push_back(one);
  }
  return batches;
}

struct found_alerts {
  std::vector<std::string> alerts;  // without the time at which they were detected
  stream::source_counters counted;
  std::vector<std::string> reasons;
};

found_alerts detect(const cut_rows<std::string>& batches, const testing::run_shape& shape) {
  const program rules = compiled();
  record_rules at_work(rules, payments_in(rules));
  const auto per_batch = testing::run_batches(batches, shape, [&](auto records) { return records.detect(at_work); });
  found_alerts found{.alerts = {}, .counted = at_work.counters(), .reasons = {}};
  for (const auto& [number, alerts] : per_batch) {
    for (const auto& one : alerts) {
      CHECK(one.json.find('"' + one.rule + '"') != std::string::npos);
      const auto detected = one.json.find("\"detected_time\":");
      REQUIRE(detected != std::string::npos);
      found.alerts.push_back(one.json.substr(0, detected) + one.json.substr(one.json.find(',', detected)));
    }
  }
  for (const auto& one : at_work.set_aside()) found.reasons.push_back(one.reason);
  return found;
}

}  // namespace

TEST_CASE("records detected by rules give alerts, and at the end of the stream deadlines pass") {
  const auto found = detect({{record(1, 1, 7, 1.5)}, {record(4, 2, 7, 501), record(5, 3, 8, 801)}}, {});
  REQUIRE(found.alerts.size() == 2);
  CHECK(found.alerts[0].find("test_charge") != std::string::npos);
  CHECK(found.alerts[1].find("silence") != std::string::npos);
  CHECK(found.counted.events == 3);
}

TEST_CASE("records that are bad or late are set aside with their reason, and the others are matched") {
  const auto found = detect({{record(1, 1, 7, 1.5), "{\"at\":"}, {record(0, 2, 7, 1), record(4, 3, 7, 501)}}, {});
  CHECK(found.alerts.size() == 1);
  CHECK(found.counted.bad == 1);
  CHECK(found.counted.late == 1);
  CHECK(found.reasons.size() == 2);
}

TEST_CASE("alerts of a dstream are the same for any cut into batches, any threads and parts") {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const auto records = draw_records(seed, 300);
    const auto whole = detect({records}, {});
    CHECK(whole.alerts.size() > 20);
    for (std::uint32_t cut = 0; cut < 4; ++cut) {
      const auto found =
          detect(cut_at_random(records, seed * 100 + cut), {.threads = 1 + cut % 3, .partitions = 1 + cut});
      REQUIRE(found.alerts == whole.alerts);
      REQUIRE(found.reasons == whole.reasons);
    }
  }
}

TEST_CASE("a detector finds in a stream of batches of events what it finds by itself") {
  const program rules = compiled();
  stream::symbols names(rules.schema);
  const alert_writer writer(rules, names, {"payments"});
  stream::intake intake(rules.schema, names, {payments_in(rules)});
  std::string lines;
  for (const auto& one : draw_records(3, 200)) lines += one + "\n";
  intake.feed(stream::source_id{0}, stream::make_block(lines));
  intake.end(stream::source_id{0});
  std::vector<stream::set_aside_record> aside;
  stream::batch events = *intake.next(SIZE_MAX, aside);

  detector alone(rules, names, writer);
  std::vector<std::string> expected;
  for (const auto& one : alone.advance(events)) expected.push_back(writer.id(one, alone.log_of(one)));
  REQUIRE(expected.size() > 5);

  const auto queue = std::make_shared<stream::row_queue<stream::event_batch>>();
  stream::row_vector<stream::event_batch> row;
  row.push_back({std::make_unique<stream::batch>(std::move(events))});
  queue->push(std::move(row));
  queue->close();
  stream::streaming_context app(testing::options_of({}));
  detector first(rules, names, writer);
  detector second(rules, names, writer);
  std::vector<std::string> found;
  const auto rows = app.queue_stream(queue);
  for (detector* one : {&first, &second}) {  // each gets the events, though only one may take them over
    rows.detect(*one).for_each_batch([&writer, &found, one](const auto& matches) {
      for (const cep::match& match : matches) found.push_back(writer.id(match, one->log_of(match)));
    });
  }
  testing::run_to_end(app);
  auto twice = expected;
  twice.insert(twice.end(), expected.begin(), expected.end());
  CHECK(found == twice);
}

TEST_CASE("a program with rules and a checkpoint says that it cannot be recovered") {
  const program rules = compiled();
  record_rules at_work(rules, payments_in(rules));
  stream::streaming_context app({.pace = stream::batch_pace::when_ready});
  const auto alerts = app.queue_stream(testing::queue_of(cut_rows<std::string>{{}})).detect(at_work);
  CHECK_FALSE(alerts.pipe().from->can_save());
}

}  // namespace weir::rules
