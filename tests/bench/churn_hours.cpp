// Does memory stay flat over 24 hours of event time in which all subjects come and go?
//
// 8.64 million payments of 1.7 million cards, each card alive for ten minutes; the four reference rules, whose longest
// window is an hour. Prints what is held at the end of each hour, and fails when an alert is missing or when, behind
// the longest window, more is held at the end of the day than before. Argument: milliseconds between payments (10).

#include <cstdio>
#include <cstdlib>

#include "tests/bench/churn.hpp"

namespace {

using namespace weir;

constexpr double grown = 1.05;  // what counts as more
constexpr std::size_t some_bytes = 4 << 20;

bool is_flat(const bench::churn_outcome& day) {
  const auto& settled = day.hours[bench::churn_settled_hour];
  const auto& last = day.hours.back();
  const auto more = [](std::size_t now, std::size_t then, std::size_t allowed) {
    return static_cast<double>(now) > static_cast<double>(then) * grown + static_cast<double>(allowed);
  };
  return !more(last.live_subjects, settled.live_subjects, 0) && !more(last.log_bytes, settled.log_bytes, 0) &&
         !more(last.resident_bytes, settled.resident_bytes, some_bytes);
}

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
  if (!is_flat(day)) {
    std::puts("not flat");
    return 1;
  }
  return 0;
}
