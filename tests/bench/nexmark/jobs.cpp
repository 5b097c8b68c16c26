#include "tests/bench/nexmark/jobs.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "stream/dstream/streaming_context.hpp"
#include "tests/bench/nexmark/programs.hpp"

namespace weir::bench::nexmark {

namespace {

using stream::batch_rows;
using namespace std::chrono_literals;

[[noreturn]] void unknown(std::string_view job) { throw std::invalid_argument("no job " + std::string(job)); }

template <class Row>
auto queue_of(std::span<const Row> rows, std::size_t batch_rows_max) {
  auto queue = std::make_shared<stream::row_queue<Row>>();
  for (std::size_t from = 0; from < rows.size(); from += batch_rows_max) {
    const auto batch = rows.subspan(from, std::min(batch_rows_max, rows.size() - from));
    queue->push({batch.begin(), batch.end()});
  }
  queue->close();
  return queue;
}

/// Of rows that come batch by batch.
template <class Row>
class running_digest {
 public:
  void add(const batch_rows<Row>& batch) {
    for (const auto part : batch.parts()) sum_ += digest_of(part);
  }
  digest of_all() const { return sum_; }

 private:
  digest sum_;
};

/// The last of a category counts.
template <>
class running_digest<category_average> {
 public:
  void add(const batch_rows<category_average>& batch) { rows_.insert(rows_.end(), batch.begin(), batch.end()); }
  digest of_all() const { return digest_of(std::span<const category_average>(rows_)); }

 private:
  std::vector<category_average> rows_;
};

/// Of sums a batch.
class batch_sums_digest {
 public:
  void add(const batch_rows<keyed_number>& batch) {
    const auto number = static_cast<std::int64_t>(batch.batch().number);
    for (const auto& [key, sum] : batch) sum_.add({number, key, sum});
  }
  digest of_all() const { return sum_; }

 private:
  digest sum_;
};

template <class Digest, class Row, class Program>
job_run timed_run(std::span<const Row> rows, const job_options& options, const Program& program) {
  stream::streaming_context app({.pace = stream::batch_pace::when_ready, .threads = options.threads});
  Digest answer;
  program(app.queue_stream(queue_of(rows, options.batch_rows))).for_each_batch([&answer](const auto& batch) {
    answer.add(batch);
  });
  const auto start = std::chrono::steady_clock::now();
  app.start();
  if (const auto ended = app.await_termination(); !ended) throw std::runtime_error(ended.error().message);
  const digest of_all = answer.of_all();
  return {of_all, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()};
}

/// take(brute force, program).
template <class Take>
auto with_query(std::string_view query, const Take& take) {
  const auto both = [&](auto answer, auto program) { return take(answer, program); };
  if (query == "q0") return both(q0, [](const auto& events) { return programs::q0(events); });
  if (query == "q1") return both(q1, [](const auto& events) { return programs::q1(events); });
  if (query == "q2") return both(q2, [](const auto& events) { return programs::q2(events); });
  if (query == "q3") return both(q3, [](const auto& events) { return programs::q3(events); });
  if (query == "q4") return both(q4, [](const auto& events) { return programs::q4(events); });
  if (query == "q5") return both(q5, [](const auto& events) { return programs::q5(events); });
  if (query == "q7") return both(q7, [](const auto& events) { return programs::q7(events); });
  if (query == "q8") return both(q8, [](const auto& events) { return programs::q8(events); });
  if (query == "q9") return both(q9, [](const auto& events) { return programs::q9(events); });
  if (query == "q11") return both(q11, [](const auto& events) { return programs::q11(events); });
  unknown(query);
}

auto sums_by_key(const stream::dstream<keyed_number>& rows) { return rows.reduce_by_key(std::plus<>{}); }
auto sums_by_window(const stream::dstream<keyed_number>& rows) {
  const auto length = 1s * static_cast<std::int64_t>(window_batches);
  return rows.reduce_by_key_and_window(std::plus<>{}, std::minus<>{}, length);
}
auto doubled_and_filtered(const stream::dstream<keyed_number>& rows) {
  return rows.map_values([](std::int32_t n) { return 2 * n + 1; }).filter([](std::int32_t, std::int32_t n) {
    return n % 3 == 0;
  });
}
auto sums_so_far(const stream::dstream<keyed_number>& rows) {
  return rows.map_with_state<std::int32_t>(
      [](std::int32_t key, const std::int32_t* n, stream::state_cell<std::int32_t>& sum) {
        if (!sum.exists()) sum.update(0);
        return keyed_number(key, sum.get() += *n);
      });
}

}  // namespace

job_run run_query(std::string_view query, std::span<const event> events, const job_options& options) {
  return with_query(query, [&](auto answer, const auto& program) {
    using row = typename decltype(answer(events))::value_type;
    return timed_run<running_digest<row>>(events, options, program);
  });
}

job_run run_number_job(std::string_view job, std::span<const keyed_number> rows, const job_options& options) {
  if (job == "map_filter") return timed_run<running_digest<keyed_number>>(rows, options, doubled_and_filtered);
  if (job == "reduce_by_key") return timed_run<batch_sums_digest>(rows, options, sums_by_key);
  if (job == "window") return timed_run<batch_sums_digest>(rows, options, sums_by_window);
  if (job == "state") return timed_run<running_digest<keyed_number>>(rows, options, sums_so_far);
  unknown(job);
}

digest answer_of(std::string_view query, std::span<const event> events) {
  return with_query(query, [&](auto answer, const auto&) {
    const auto rows = answer(events);
    return digest_of(std::span(rows));
  });
}

}  // namespace weir::bench::nexmark
