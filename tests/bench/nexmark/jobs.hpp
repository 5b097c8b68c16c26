#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "tests/bench/nexmark/answer_digests.hpp"

/// Weir's side of what it is measured by: each of Nexmark's queries, and each job on keyed numbers, run over batches
/// that are in memory.
namespace weir::bench::nexmark {

inline constexpr std::array<std::string_view, 10> queries{"q0", "q1", "q2", "q3", "q4", "q5", "q7", "q8", "q9", "q11"};
inline constexpr std::array<std::string_view, 4> number_jobs{"map_filter", "reduce_by_key", "window", "state"};

struct job_options {
  std::size_t batch_rows = 100'000;
  std::size_t threads = 1;
};

struct job_run {
  digest answer;
  double seconds = 0;  // from the first batch to the last, with the digest of what comes out
};

/// Run as a program. The name is one of `queries`; what goes wrong is thrown.
job_run run_query(std::string_view query, std::span<const event> events, const job_options& options);
/// The same for one of `number_jobs`.
job_run run_number_job(std::string_view job, std::span<const keyed_number> rows, const job_options& options);

/// What brute force answers.
digest answer_of(std::string_view query, std::span<const event> events);

}  // namespace weir::bench::nexmark
