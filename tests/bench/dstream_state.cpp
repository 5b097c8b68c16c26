// How many rows a second does one core take through states that each row changes, without timers, with a time-out that
// every row puts off, and with timers by event time; and is a batch interval of 2 ms kept up?
//
// usage: bench_dstream_state [ROWS [KEYS [THREADS]]]: (int, int) pairs over KEYS keys. Each answer is checked against
// loops over the rows before anything is timed.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "stream/dstream/streaming_context.hpp"
#include "tests/bench/arguments.hpp"

using namespace weir::stream;
using weir::bench::number;
using namespace std::chrono_literals;

namespace {

using row = std::pair<int, int>;
using batches = std::vector<std::vector<row>>;
using clock_type = std::chrono::steady_clock;

struct plan {
  std::size_t rows = 5'000'000;
  std::size_t keys = 100'000;
  std::size_t threads = 1;
};

double seconds_since(clock_type::time_point start) {
  return std::chrono::duration<double>(clock_type::now() - start).count();
}

/// Keys by chance; values that go up with the rows, up to 9 out of order, and are their times in milliseconds.
batches draw_batches(const plan& p, std::size_t size) {
  batches all;
  std::uint64_t at = 0;
  for (std::size_t i = 0; i + size <= p.rows; i += size) {
    auto& batch = all.emplace_back();
    for (std::size_t j = 0; j < size; ++j, ++at) {
      const std::uint64_t drawn = key_hash(at);
      batch.emplace_back(drawn % p.keys, at + 9 - (drawn >> 40) % 10);
    }
  }
  return all;
}

timestamp time_of(const row& one) { return timestamp{std::chrono::milliseconds{one.second}}; }

/// The running sums of each key, added up over all rows.
std::uint64_t naive_sums(const batches& input) {
  std::uint64_t all = 0;
  std::unordered_map<int, int> sums;
  for (const auto& batch : input) {
    for (const auto& [key, value] : batch) all += static_cast<std::uint64_t>(sums[key] += value);
  }
  return all;
}

const auto add = [](int, std::optional<int> value, state_cell<int>& sum) {
  if (value) sum.update(sum.exists() ? sum.get() + *value : *value);
  return value ? sum.get() : 0;
};
/// And each row sets its key's timer anew, which adds nothing to the sum.
const auto add_and_wake = [](int, std::optional<int> value, state_cell<int>& sum) {
  if (!value) return 0;
  sum.update(sum.exists() ? sum.get() + *value : *value);
  sum.wake_at(sum.now() + 5s);
  return sum.get();
};

void fail(const char* why) {
  std::fprintf(stderr, "%s\n", why);
  std::exit(1);
}

template <class Program>
double run(const batches& input, std::size_t threads, const Program& program) {
  auto queue = std::make_shared<row_queue<row>>();
  for (const auto& batch : input) queue->push(batch);
  queue->close();
  streaming_context app({.pace = batch_pace::when_ready, .threads = threads});
  std::uint64_t sum = 0;
  program(app.queue_stream(queue)).for_each_batch([&sum](const batch_rows<int>& rows) {
    for (const int one : rows) sum += static_cast<std::uint64_t>(one);
  });
  const auto start = clock_type::now();
  app.start();
  if (const auto ended = app.await_termination(); !ended) fail(ended.error().message.c_str());
  const double seconds = seconds_since(start);
  if (sum != naive_sums(input)) fail("the sums are wrong");
  return seconds;
}

template <class Program>
void measure(const char* name, const plan& p, const Program& program) {
  std::printf("%-47s", name);
  for (const std::size_t size : {1'000u, 10'000u, 100'000u}) {
    const auto input = draw_batches(p, std::min(size, p.rows));
    std::vector<double> seconds;
    for (int i = 0; i < 5; ++i) seconds.push_back(run(input, p.threads, program));
    std::ranges::nth_element(seconds, seconds.begin() + 2);
    std::printf("  %8.2f", static_cast<double>(input.size() * input[0].size()) / seconds[2] / 1e6);
    std::fflush(stdout);
  }
  std::printf("  M rows/s\n");
}

/// Empty batches by the machine's clock: how long so many take.
void keep_pace(std::size_t count) {
  auto queue = std::make_shared<row_queue<row>>();
  streaming_context app({.batch_interval = 2ms});
  std::size_t left = count;
  duration late_max{};
  clock_type::time_point first;
  clock_type::time_point last;
  app.queue_stream(queue).for_each_batch([&](const batch_rows<row>&) {
    if (left == count) first = clock_type::now();
    if (left > 0 && --left == 0) last = clock_type::now();
    if (left == 0) queue->close();
  });
  app.add_listener([&](const batch_progress& progress) { late_max = std::max(late_max, progress.scheduling_delay); });
  app.start();
  if (const auto ended = app.await_termination(); !ended) fail(ended.error().message.c_str());
  std::printf("%zu batches of 2 ms took %.1f ms; the latest began %.2f ms late\n", count,
              std::chrono::duration<double>(last - first).count() * 1e3, static_cast<double>(late_max.count()) / 1e3);
}

}  // namespace

int main(int argc, char** argv) {
  plan p;
  p.rows = number(argc, argv, 1, p.rows);
  p.keys = number(argc, argv, 2, p.keys);
  p.threads = number(argc, argv, 3, p.threads);
  std::printf("%-36s  batches of    1,000    10,000   100,000\n", "map_with_state");
  measure("running sums", p, [](auto rows) { return rows.template map_with_state<int>(add); });
  measure("with a time-out by batch time", p,
          [](auto rows) { return rows.template map_with_state<int>(add, {.timeout = 1h}); });
  measure("by event time", p,
          [](auto rows) { return rows.template map_with_state<int>(add, {}, by_event_time{time_of, 10ms}); });
  measure("by event time, a timer for each row", p,
          [](auto rows) { return rows.template map_with_state<int>(add_and_wake, {}, by_event_time{time_of, 10ms}); });
  keep_pace(std::min<std::size_t>(1'000, p.rows / 5'000));
  return 0;
}
