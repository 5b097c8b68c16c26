// Does memory stay flat over 24 hours of event time in which all subjects come and go?
//
// 8.64 million payments of 1.7 million cards, each card alive for ten minutes; the four reference rules, whose longest
// window is an hour. Prints what is held at the end of each hour, and fails when an alert is missing or when, behind
// the longest window, more is held in the second half of the day than in the first. Argument: milliseconds between
// payments (10).

#include <cstdio>
#include <cstdlib>

#include "tests/bench/churn.hpp"

namespace {

using namespace weir;

void print(const bench::churn_outcome& day) {
  std::puts("hour  live subjects  log, MB  resident, MB");
  for (std::size_t i = 0; i < day.hours.size(); ++i) {
    const auto& hour = day.hours[i];
    std::printf("%4zu  %13zu  %7.1f  %12.1f\n", i + 1, hour.live_subjects, static_cast<double>(hour.log_bytes) / 1e6,
                static_cast<double>(hour.resident_bytes) / 1e6);
  }
  std::printf("%.1f s\n", day.seconds);
}

}  // namespace

int main(int argc, char** argv) {
  bench::churn_options options;
  if (argc > 1) options.step_ms = std::strtoull(argv[1], nullptr, 10);
  if (options.step_ms == 0 || options.step_ms > 1000) {
    std::fputs("usage: bench_churn [MILLISECONDS BETWEEN PAYMENTS, 1 to 1000]\n", stderr);
    return 2;
  }
  const auto day = bench::run_churn(options);
  print(day);
  if (day.alerts != day.expected) {
    std::puts("the alerts are not those of the brute-force count");
    return 1;
  }
  const auto more = bench::grown(day);
  for (const auto& what : more) std::printf("not flat, %s\n", what.c_str());
  return more.empty() ? 0 : 1;
}
