#include <catch2/catch.hpp>

#include "intake_run.hpp"

using namespace weir::stream;
using namespace weir::testing;

using lines = std::vector<std::string>;
using namespace std::chrono_literals;

namespace {

std::string logins(std::initializer_list<int> times) {
  std::string text;
  for (const int ms : times) text += "{\"at\":" + std::to_string(ms) + ",\"user\":\"u\",\"ok\":true}\n";
  return text;
}

source_options login_source(std::optional<duration> lateness = duration::zero()) {
  return source_of("login", record_syntax::ndjson, lateness);
}

timestamp ms(int t) { return timestamp{std::chrono::milliseconds{t}}; }

constexpr source_id first{0};
constexpr source_id second{1};

}  // namespace

TEST_CASE("an idle source no longer holds the others back") {
  intake_run run({login_source(), login_source()});
  run.feed(0, logins({1}));
  run.feed(1, logins({1, 5, 9}));
  run.drain();
  CHECK(run.rows.size() == 1);
  run.in().set_idle(first);
  run.drain();
  CHECK(run.rows.size() == 4);
  CHECK(run.in().watermark() == ms(9));
  CHECK(run.in().holding_back() == second);
}

TEST_CASE("an idle source that is back is judged by the stream's watermark until it has caught up") {
  intake_run run({login_source(), login_source()});
  run.feed(0, logins({1}));
  run.feed(1, logins({1, 5, 9}));
  run.in().set_idle(first);  // it has bytes still: it is idle when they are decoded
  run.drain();
  CHECK(run.rows.size() == 4);
  run.feed(0, logins({7, 12, 11}));
  run.feed(1, logins({10}));
  run.drain();
  CHECK(run.aside() == lines{"late 2@30 late by 2ms1us", "late 4@91 late by 1ms"});
  CHECK(run.rows.size() == 5);  // 12 waits for the second source
  CHECK(run.in().watermark() == ms(10));
}

TEST_CASE("an event that would come before one already given out is late, even at the same time") {
  intake_run run({login_source(), login_source()});
  run.feed(0, logins({1}));
  run.feed(1, logins({9}));
  run.in().set_idle(first);
  run.drain();
  CHECK(run.rows.size() == 2);  // 1:9 is out
  run.feed(0, logins({9, 10}));
  run.end(1);
  run.drain();
  CHECK(run.aside() == lines{"late 2@30 late by 1us"});
}

TEST_CASE("a source behind the one that gave the last row may come back at its very time") {
  intake_run run({login_source(), login_source()});
  run.feed(0, logins({9}));
  run.feed(1, logins({1}));
  run.drain();
  run.in().set_idle(second);
  run.drain();
  run.feed(1, logins({9}));
  run.end(0);
  run.drain();
  CHECK(run.aside().empty());
  CHECK(run.rows.size() == 3);
}

TEST_CASE("when all sources are idle, time stays where the furthest one brought it") {
  intake_run run({login_source(2ms), login_source()});
  run.feed(0, logins({20}));
  run.feed(1, logins({9}));
  run.drain();
  CHECK(run.in().watermark() == ms(9));
  run.in().set_idle(first);
  run.in().set_idle(second);
  run.drain();
  CHECK(run.in().watermark() == ms(18));
  CHECK_FALSE(run.in().holding_back().has_value());
  CHECK(run.in().rows_waiting() == 1);
  run.end(0);
  run.drain();
  CHECK(run.in().watermark() == ms(20));  // the second may come back
  run.end(1);
  run.drain();
  CHECK(run.in().watermark() == end_of_time);
  CHECK(run.rows.size() == 2);
}

TEST_CASE("an idle source that never gave anything lets the stream begin without it") {
  intake_run run({login_source(), login_source()});
  run.feed(1, logins({5, 6}));
  run.drain();
  CHECK(run.rows.empty());
  run.in().set_idle(first);
  run.drain();
  CHECK(run.rows.size() == 2);
  run.feed(0, logins({5, 7}));
  run.end(1);
  run.drain();
  CHECK(run.aside() == lines{"late 1@0 late by 1ms1us"});
}
