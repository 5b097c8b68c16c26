// How many events a second does one core take through each of Nexmark's queries, in small batches and in large ones?
//
// usage: bench_nexmark [EVENTS [THREADS [QUERY]]]: all events of the stream count, as in Nexmark, also those that a
// query does not look at. Each answer is held to the brute-force one, of 100,000 events, before anything is timed.

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <vector>

#include "tests/bench/arguments.hpp"
#include "tests/bench/nexmark/generator.hpp"
#include "tests/bench/nexmark/jobs.hpp"

using namespace weir::bench::nexmark;
using weir::bench::number;

namespace {

constexpr std::size_t checked_events = 100'000;

bool is_right(std::string_view query, std::span<const event> events, const job_options& options) {
  return run_query(query, events, options).answer == answer_of(query, events);
}

/// The median of five, in millions.
double events_a_second(std::string_view query, std::span<const event> events, const job_options& options) {
  std::vector<double> seconds;
  for (int i = 0; i < 5; ++i) seconds.push_back(run_query(query, events, options).seconds);
  std::ranges::nth_element(seconds, seconds.begin() + 2);
  return static_cast<double>(events.size()) / seconds[2] / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  const auto all = make_events(number(argc, argv, 1, 2'000'000));
  const std::span<const event> events = all;
  const std::size_t threads = number(argc, argv, 2, 1);
  const std::string_view only = argc > 3 ? argv[3] : "";
  const auto few = events.first(std::min(events.size(), checked_events));
  std::printf("%-6s  batches of   10,000   100,000\n", "");
  for (const std::string_view query : queries) {
    if (!only.empty() && query != only) continue;
    std::printf("%-18.*s", static_cast<int>(query.size()), query.data());
    for (const std::size_t batch_rows : {10'000u, 100'000u}) {
      const job_options options{.batch_rows = batch_rows, .threads = threads};
      if (!is_right(query, few, options)) {
        std::fprintf(stderr, "a wrong answer\n");
        return 1;
      }
      std::printf("  %8.2f", events_a_second(query, events, options));
      std::fflush(stdout);
    }
    std::printf("  M events/s\n");
  }
  return 0;
}
