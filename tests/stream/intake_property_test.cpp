#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "intake_run.hpp"
#include "naive_intake.hpp"

using namespace weir::stream;
using namespace weir::testing;

namespace {

timestamp ms(int t) { return timestamp{std::chrono::milliseconds{t}}; }

/// A source as RapidCheck makes it: times with many equal ones, a lateness or none.
struct made_source {
  std::vector<int> times;
  std::optional<int> lateness_ms;
};

made_source any_source() {
  made_source source;
  source.times = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 12));
  if (const int lateness_ms = *rc::gen::inRange(-2, 6); lateness_ms >= 0) source.lateness_ms = lateness_ms;
  if (*rc::gen::arbitrary<bool>()) std::ranges::sort(source.times);
  return source;
}

std::optional<duration> lateness_of(const made_source& source) {
  if (!source.lateness_ms) return std::nullopt;
  return std::chrono::milliseconds{*source.lateness_ms};
}

/// Records of two event types, each with its place in the source as user or id; empty and bad ones among them.
std::string text_of(const made_source& source) {
  std::string text;
  for (std::size_t i = 0; i < source.times.size(); ++i) {
    const std::string at = std::to_string(source.times[i]);
    const std::string place = std::to_string(i);
    if (i % 4 == 1) text += "\n{\"event\":\"login\",\"at\":" + at + "}\n";
    if (i % 3 == 0) {
      text +=
          R"({"at":)" + at + R"(,"event":"payment","id":")" + place + R"(","card":1,"merchant":2,"amount":3})" + "\n";
    } else {
      text += R"({"event":"login","at":)" + at + R"(,"user":")" + place + R"(","ok":true})" + "\n";
    }
  }
  return text;
}

struct outcome {
  std::vector<std::string> rows;
  std::vector<std::string> aside;  // by source and byte: which source is decoded first is not laid down

  friend bool operator==(const outcome&, const outcome&) = default;
};

outcome outcome_of(const intake_run& run) {
  std::vector<set_aside_record> aside = run.aside_records();
  std::ranges::stable_sort(aside, {}, [](const set_aside_record& r) { return std::pair{r.source, r.byte}; });
  outcome found{run.rows, {}};
  for (const auto& r : aside) {
    found.aside.push_back(std::to_string(static_cast<unsigned>(r.source)) + ' ' + std::to_string(r.line) + '@' +
                          std::to_string(r.byte) + ' ' + r.reason + ' ' + r.record);
  }
  return found;
}

std::vector<source_options> options_of(const std::vector<made_source>& sources) {
  std::vector<source_options> options;
  for (const made_source& source : sources) {
    options.push_back(source_of("", record_syntax::ndjson, lateness_of(source)));
  }
  return options;
}

outcome in_one_block(const std::vector<made_source>& sources) {
  intake_run run(options_of(sources));
  for (unsigned s = 0; s < sources.size(); ++s) run.feed(s, text_of(sources[s]));
  for (unsigned s = 0; s < sources.size(); ++s) run.end(s);
  run.drain(100'000);
  return outcome_of(run);
}

/// Every batch keeps to the watermark of the one before it.
void check_promises(const intake_run& run) {
  RC_ASSERT(std::ranges::is_sorted(run.watermarks));
  std::size_t row = 0;
  timestamp promised = start_of_time;
  for (std::size_t i = 0; i < run.batch_rows.size(); ++i) {
    for (const std::size_t end = row + run.batch_rows[i]; row < end; ++row) {
      const std::string& line = run.rows[row];
      const std::size_t begin = line.find(' ') + 1;
      RC_ASSERT(*parse_rfc3339(line.substr(begin, line.find(' ', begin) - begin)) >= promised);
    }
    promised = run.watermarks[i];
  }
}

/// Feeds pieces of the sources in turns, and takes batches of any size in between.
outcome in_pieces(const std::vector<made_source>& sources, std::uint32_t seed) {
  std::minstd_rand dice(seed);
  const auto up_to = [&](std::size_t most) { return std::uniform_int_distribution<std::size_t>(0, most)(dice); };
  const std::size_t piece_max = 1 + up_to(300);
  intake_run run(options_of(sources));
  std::vector<std::string> left;
  for (const made_source& source : sources) left.push_back(text_of(source));
  std::vector<unsigned> open(sources.size());
  for (unsigned s = 0; s < open.size(); ++s) open[s] = s;
  while (!open.empty()) {
    const std::size_t chosen = up_to(open.size() - 1);
    std::string& text = left[open[chosen]];
    const std::size_t size = std::min(text.size(), up_to(piece_max));
    run.feed(open[chosen], std::string_view{text}.substr(0, size));
    text.erase(0, size);
    if (text.empty()) {
      run.end(open[chosen]);
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(chosen));
    }
    if (up_to(1) == 0) run.next(1 + up_to(5));
  }
  run.drain(1 + up_to(9));
  check_promises(run);
  return outcome_of(run);
}

/// "source place" of each row, from the text that `text_of` wrote.
std::vector<std::pair<unsigned, unsigned>> places_of(const std::vector<std::string>& rows) {
  std::vector<std::pair<unsigned, unsigned>> places;
  for (const std::string& row : rows) {
    const std::size_t source = row.find(" s") + 2;
    const std::size_t place = std::min(row.find(" id="), row.find(" user=")) + 1;
    places.emplace_back(std::stoul(row.substr(source)), std::stoul(row.substr(row.find('=', place) + 1)));
  }
  return places;
}

}  // namespace

TEST_CASE("any cut into blocks and batches gives the same rows, order, late and bad records") {
  const bool holds = rc::check([] {
    std::vector<made_source> sources(*rc::gen::inRange<std::size_t>(1, 4));
    for (made_source& source : sources) source = any_source();
    RC_ASSERT(in_pieces(sources, *rc::gen::arbitrary<std::uint32_t>()) == in_one_block(sources));
  });
  CHECK(holds);
}

TEST_CASE("rows come in the order that sorting all events in time gives") {
  const bool holds = rc::check([] {
    std::vector<made_source> sources(*rc::gen::inRange<std::size_t>(1, 4));
    for (made_source& source : sources) source = any_source();
    std::vector<std::vector<timestamp>> times(sources.size());
    std::vector<std::optional<duration>> lateness;
    for (std::size_t s = 0; s < sources.size(); ++s) {
      for (const int t : sources[s].times) times[s].push_back(ms(t));
      lateness.push_back(lateness_of(sources[s]));
    }
    const naive_result expected = order_naively(times, lateness);
    std::vector<std::pair<unsigned, unsigned>> places;
    for (const naive_event& event : expected.ordered) places.emplace_back(event.source, event.place);
    const outcome found = in_pieces(sources, *rc::gen::arbitrary<std::uint32_t>());
    RC_ASSERT(places_of(found.rows) == places);
    const auto is_late = [](const std::string& line) { return line.find("late by") != std::string::npos; };
    RC_ASSERT(static_cast<std::size_t>(std::ranges::count_if(found.aside, is_late)) == expected.late.size());
  });
  CHECK(holds);
}

TEST_CASE("a row is held back no longer than another one can still come before it") {
  const bool holds = rc::check([] {
    std::vector<made_source> sources(*rc::gen::inRange<std::size_t>(1, 4));
    for (made_source& source : sources) source = any_source();
    intake_run run(options_of(sources));
    for (unsigned s = 0; s < sources.size(); ++s) run.feed(s, text_of(sources[s]));
    run.drain();
    // The least (watermark, source) of the sources that were decoded to their end, or not at all.
    std::pair<timestamp, unsigned> least{end_of_time, 0};
    std::vector<std::vector<timestamp>> times(sources.size());
    std::vector<std::optional<duration>> lateness;
    for (unsigned s = 0; s < sources.size(); ++s) {
      for (const int t : sources[s].times) times[s].push_back(ms(t));
      lateness.push_back(lateness_of(sources[s]));
      timestamp watermark = start_of_time;
      for (const timestamp t : times[s]) {
        if (lateness[s]) watermark = std::max(watermark, t - *lateness[s]);
      }
      least = std::min(least, {watermark, s});
    }
    const auto due = [&](const naive_event& e) { return std::pair{e.at, e.source} <= least; };
    const naive_result expected = order_naively(times, lateness);
    RC_ASSERT(static_cast<std::size_t>(std::ranges::count_if(expected.ordered, due)) <= run.rows.size());
    RC_ASSERT(static_cast<std::size_t>(std::ranges::count_if(expected.ordered, due)) >= run.rows.size());
  });
  CHECK(holds);
}
