#include <catch2/catch.hpp>

#include "intake_run.hpp"

using namespace weir::stream;
using namespace weir::testing;

using lines = std::vector<std::string>;
using namespace std::chrono_literals;

namespace {

/// Logins at these milliseconds.
std::string logins(std::initializer_list<int> times) {
  std::string text;
  for (const int ms : times) text += "{\"at\":" + std::to_string(ms) + ",\"user\":\"u\",\"ok\":true}\n";
  return text;
}

/// "source:ms", row by row.
std::string order_of(const intake_run& run) {
  std::string text;
  for (const std::string& row : run.rows) {
    const auto at = parse_rfc3339(row.substr(6, row.find(' ', 6) - 6));
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(at.value().time_since_epoch()).count();
    const std::size_t source = row.find(" s") + 2;
    text += row.substr(source, row.find('@') - source) + ':' + std::to_string(ms) + ' ';
  }
  return text;
}

source_options login_source(std::optional<duration> lateness = duration::zero()) {
  return source_of("login", record_syntax::ndjson, lateness);
}

timestamp ms(int t) { return timestamp{std::chrono::milliseconds{t}}; }

constexpr source_id first{0};
constexpr source_id second{1};

}  // namespace

TEST_CASE("a sorted source passes straight through, cut by rows") {
  intake_run run({login_source()});
  run.feed(0, logins({1, 2, 2, 3, 5}));
  CHECK(run.in().bytes_waiting(first) > 0);
  run.drain(2);
  CHECK(order_of(run) == "0:1 0:2 0:2 0:3 0:5 ");
  CHECK(run.batch_rows == std::vector<std::size_t>{2, 2, 1});
  CHECK(run.watermarks == std::vector{ms(2), ms(3), ms(5)});
  CHECK(run.in().bytes_waiting(first) == 0);
  CHECK(run.in().counters(first).events == 5);
}

TEST_CASE("without lateness an event that goes back in time is late, one that does not is kept") {
  intake_run run({login_source()});
  run.feed(0, logins({5000, 2000, 5000, 4999, 6000}));
  run.drain();
  CHECK(order_of(run) == "0:5000 0:5000 0:6000 ");
  CHECK(run.aside() == lines{"late 2@33 late by 3s", "late 4@99 late by 1ms"});
  CHECK(run.aside_records()[0].record == R"({"at":2000,"user":"u","ok":true})");
  CHECK(run.in().counters(first).late == 2);
  CHECK(run.in().greatest_time() == ms(6000));
}

TEST_CASE("within its lateness a source is sorted, and what could still be overtaken waits") {
  intake_run run({login_source(3ms)});
  run.feed(0, logins({5, 3, 9, 6, 7, 5}));
  run.drain();
  CHECK(order_of(run) == "0:3 0:5 0:6 ");
  CHECK(run.watermarks.back() == ms(6));
  CHECK(run.in().rows_waiting() == 2);
  CHECK(run.aside() == lines{"late 6@150 late by 1ms"});
  run.end(0);
  run.drain();
  CHECK(order_of(run) == "0:3 0:5 0:6 0:7 0:9 ");
  CHECK(run.watermarks.back() == end_of_time);
}

TEST_CASE("a source without a lateness is sorted whole at its end") {
  intake_run run({login_source(std::nullopt)});
  run.feed(0, logins({5, 3, 9}));
  run.drain();
  run.feed(0, logins({1, 3}));
  run.drain();
  CHECK(run.rows.empty());
  CHECK(run.watermarks.empty());
  run.end(0);
  run.drain(2);
  CHECK(order_of(run) == "0:1 0:3 0:3 0:5 0:9 ");
}

TEST_CASE("sources are merged by time, then source, then position") {
  intake_run run({login_source(), login_source()});
  run.feed(0, logins({1, 4, 4, 9}));
  run.feed(1, logins({1, 1, 4, 6}));
  run.drain();
  CHECK(order_of(run) == "0:1 1:1 1:1 0:4 0:4 1:4 1:6 ");
  CHECK(run.in().holding_back() == second);
  CHECK(run.in().watermark() == ms(6));
  run.end(1);
  run.drain();
  CHECK(order_of(run) == "0:1 1:1 1:1 0:4 0:4 1:4 1:6 0:9 ");
}

TEST_CASE("a row at the watermark waits for a source that comes before its own") {
  intake_run run({login_source(), login_source()});
  run.feed(0, logins({4}));
  run.feed(1, logins({4}));
  run.drain();
  CHECK(order_of(run) == "0:4 ");  // source 0 may still give another row at 4
  run.feed(0, logins({4, 5}));
  run.drain();
  CHECK(order_of(run) == "0:4 0:4 1:4 ");
}

TEST_CASE("nothing is given before every source has been heard") {
  intake_run run({login_source(), login_source()});
  run.feed(1, logins({1, 2, 3}));
  run.drain();
  CHECK(run.rows.empty());
  CHECK(run.in().holding_back() == first);
  CHECK(run.in().bytes_waiting(second) > 0);  // not decoded: it would only wait as rows
  run.end(0);
  run.drain();
  CHECK(order_of(run) == "1:1 1:2 1:3 ");
}

TEST_CASE("lateness is judged by a source's own clock only") {
  intake_run run({login_source(), login_source()});
  run.feed(0, logins({1000}));
  run.feed(1, logins({1, 2}));
  run.drain();
  run.end(0);
  run.end(1);
  run.drain();
  CHECK(order_of(run) == "1:1 1:2 0:1000 ");
  CHECK(run.aside().empty());
}

TEST_CASE("a watermark never passes a row that waits, nor goes back") {
  intake_run run({login_source()});
  run.feed(0, logins({1, 2, 3, 4}));
  run.end(0);
  run.drain(1);
  CHECK(run.watermarks.front() <= ms(2));
  CHECK(run.watermarks.back() == end_of_time);
  CHECK(std::is_sorted(run.watermarks.begin(), run.watermarks.end()));
}

TEST_CASE("the watermark alone makes a batch without rows, once") {
  intake_run run({login_source(), login_source()});
  run.feed(0, logins({1}));
  run.feed(1, logins({1}));
  run.drain();
  const std::size_t batches = run.batch_rows.size();
  run.end(0);
  run.end(1);
  CHECK(run.next());
  CHECK(run.batch_rows.back() <= 1);
  CHECK(run.watermarks.back() == end_of_time);
  CHECK_FALSE(run.next());
  CHECK(run.batch_rows.size() == batches + 1);
}

TEST_CASE("an intake without sources is at the end of time") {
  intake_run run({});
  run.drain();
  CHECK(run.in().watermark() == end_of_time);
  CHECK_FALSE(run.in().holding_back().has_value());
}

TEST_CASE("bad records count and do not move the clock") {
  intake_run run({login_source()});
  run.feed(0, "{\"at\":99,\"user\":\"u\"}\n" + logins({5}));
  run.drain();
  CHECK(run.aside() == lines{"bad 1@0 ok: missing"});
  CHECK(order_of(run) == "0:5 ");
  CHECK(run.in().counters(first).bad == 1);
  CHECK(run.in().greatest_time() == ms(5));
}

TEST_CASE("batches of many blocks fill up to the most rows") {
  intake_run run({login_source()});
  for (int i = 0; i < 10; ++i) run.feed(0, logins({i}));
  run.drain(4);
  CHECK(run.batch_rows == std::vector<std::size_t>{4, 4, 2});
}
