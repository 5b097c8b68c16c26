// How long does Weir take for one of Nexmark's queries, or for one job on keyed numbers, of those that
// tests/bench/peers/dstream gives to others?
//
// usage: nexmark_weir JOB ROWS BATCH RUNS [THREADS]: a line of JSON a run, the first warms up.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>
#include <string_view>

#include "tests/bench/arguments.hpp"
#include "tests/bench/nexmark/generator.hpp"
#include "tests/bench/nexmark/jobs.hpp"

using namespace weir::bench::nexmark;
using weir::bench::number;

namespace {

void report(const char* job, std::size_t input, const job_run& run) {
  std::printf(R"({"job": "%s", "input": %zu, "rows": %llu, "digest": "%016llx", "seconds": %.6f})"
              "\n",
              job, input, static_cast<unsigned long long>(run.answer.rows()),
              static_cast<unsigned long long>(run.answer.sum()), run.seconds);
  std::fflush(stdout);
}

template <class Rows, class Run>
void run_all(const char* job, std::size_t runs, const Rows& rows, const job_options& options, const Run& run) {
  for (std::size_t i = 0; i <= runs; ++i) report(job, rows.size(), run(job, rows, options));
}

}  // namespace

int main(int argc, char** argv) {
  const char* job = argc > 1 ? argv[1] : "q0";
  const std::size_t rows = number(argc, argv, 2, 1'000'000);
  const job_options options{.batch_rows = std::max<std::size_t>(number(argc, argv, 3, 100'000), 1),
                            .threads = std::max<std::size_t>(number(argc, argv, 5, 1), 1)};
  const std::size_t runs = number(argc, argv, 4, 3);
  try {
    if (std::ranges::find(number_jobs, std::string_view(job)) != number_jobs.end()) {
      run_all(job, runs, make_keyed_numbers(rows), options, run_number_job);
    } else {
      run_all(job, runs, make_events(rows), options, run_query);
    }
  } catch (const std::exception& wrong) {
    std::fprintf(stderr, "%s\n", wrong.what());
    return 1;
  }
  return 0;
}
