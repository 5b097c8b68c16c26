// How many rows a second does one core take through each kind of operator of a dstream, in small batches and in large
// ones, and what does a batch with nothing in it cost?
//
// usage: bench_dstream [ROWS [KEYS [THREADS]]]: (int, int) pairs over KEYS keys, as Spark Streaming was measured with.
// Each answer is checked against loops over the rows before anything is timed.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
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

struct plan {
  std::size_t rows = 5'000'000;
  std::size_t keys = 100'000;
  std::size_t threads = 1;
};

std::uint64_t draw(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

batches draw_batches(const plan& p, std::size_t size) {
  std::uint64_t state = 7;
  batches all;
  for (std::size_t i = 0; i + size <= p.rows; i += size) {
    auto& batch = all.emplace_back();
    for (std::size_t j = 0; j < size; ++j) batch.emplace_back(draw(state) % p.keys, draw(state) % 1'000);
  }
  return all;
}

/// What comes out of a program, as one number: of all rows, in any order.
struct checksum {
  std::uint64_t sum = 0;
  void add(const row& r) { sum += key_hash(r); }
  void add(const std::pair<int, row>& r) { sum += key_hash(r); }
};

/// The checksum of `program`'s output, and the seconds from the first batch to the last.
struct outcome {
  std::uint64_t sum = 0;
  double seconds = 0;
};

template <class Program>
outcome run(const batches& input, std::size_t threads, const Program& program) {
  auto queue = std::make_shared<row_queue<row>>();
  for (const auto& batch : input) queue->push(batch);
  queue->close();
  streaming_context app({.pace = batch_pace::when_ready, .threads = threads});
  auto sum = std::make_shared<checksum>();
  program(app.queue_stream(queue)).for_each_batch([sum](const auto& rows) {
    for (const auto& one : rows) sum->add(one);
  });
  const auto start = std::chrono::steady_clock::now();
  app.start();
  if (const auto ended = app.await_termination(); !ended) {
    std::fprintf(stderr, "%s\n", ended.error().message.c_str());
    std::exit(1);
  }
  return {sum->sum, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()};
}

std::uint64_t naive_map_filter(const batches& input) {
  checksum sum;
  for (const auto& batch : input) {
    for (const auto& [key, value] : batch) {
      if ((value + 1) % 2 == 0) sum.add(row{key, value + 1});
    }
  }
  return sum.sum;
}

std::uint64_t naive_reduce(const batches& input) {
  checksum sum;
  for (const auto& batch : input) {
    std::unordered_map<int, int> sums;
    for (const auto& [key, value] : batch) sums[key] += value;
    for (const auto& one : sums) sum.add(row{one});
  }
  return sum.sum;
}

std::uint64_t naive_window(const batches& input) {
  checksum sum;
  for (std::size_t i = 0; i < input.size(); ++i) {
    std::unordered_map<int, int> sums;
    for (std::size_t j = i < 9 ? 0 : i - 9; j <= i; ++j) {
      for (const auto& [key, value] : input[j]) sums[key] += value;
    }
    for (const auto& one : sums) sum.add(row{one});
  }
  return sum.sum;
}

std::uint64_t naive_state(const batches& input) {
  checksum sum;
  std::unordered_map<int, int> states;
  for (const auto& batch : input) {
    for (const auto& [key, value] : batch) states[key] += value;
    for (const auto& one : states) sum.add(row{one});
  }
  return sum.sum;
}

std::uint64_t naive_join(const batches& input) {
  checksum sum;
  for (const auto& batch : input) {
    std::unordered_multimap<int, int> odd;
    for (const auto& [key, value] : batch) {
      if (value % 2 != 0) odd.emplace(key, value);
    }
    for (const auto& [key, value] : batch) {
      if (value % 2 != 0) continue;
      const auto [from, to] = odd.equal_range(key);
      for (auto it = from; it != to; ++it) sum.add(std::pair{key, row{value, it->second}});
    }
  }
  return sum.sum;
}

template <class Program>
void measure(const char* name, const plan& p, const batches& input, std::uint64_t (*naive)(const batches&),
             const Program& program) {
  const batches some(input.begin(),
                     input.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(input.size(), 15)));
  if (run(some, p.threads, program).sum != naive(some)) {
    std::fprintf(stderr, "%s: a wrong answer\n", name);
    std::exit(1);
  }
  std::vector<double> seconds;
  for (int i = 0; i < 5; ++i) seconds.push_back(run(input, p.threads, program).seconds);
  std::ranges::nth_element(seconds, seconds.begin() + 2);
  const auto rows = static_cast<double>(input.size() * input.front().size());
  std::printf("%-42s batches of %7zu: %8.2f M rows/s\n", name, input.front().size(), rows / seconds[2] / 1e6);
  std::fflush(stdout);
}

void measure_empty() {
  const batches nothing(20'000);
  std::vector<double> us;
  for (int i = 0; i < 5; ++i) {
    const auto done = run(nothing, 1, [](auto rows) {
      return rows.reduce_by_key(std::plus<>{}).reduce_by_key_and_window(std::plus<>{}, std::minus<>{}, 10s);
    });
    us.push_back(done.seconds / static_cast<double>(nothing.size()) * 1e6);
  }
  std::ranges::nth_element(us, us.begin() + 2);
  std::printf("an empty batch through two keyed operators: %.2f us\n", us[2]);
}

}  // namespace

int main(int argc, char** argv) {
  plan p;
  p.rows = number(argc, argv, 1, p.rows);
  p.keys = number(argc, argv, 2, p.keys);
  p.threads = number(argc, argv, 3, p.threads);
  for (const std::size_t size : {10'000u, 100'000u}) {
    const auto input = draw_batches(p, size);
    measure("map + filter", p, input, naive_map_filter, [](auto rows) {
      return rows.map_values([](int value) { return value + 1; }).filter([](int, int value) { return value % 2 == 0; });
    });
    measure("reduce_by_key", p, input, naive_reduce, [](auto rows) { return rows.reduce_by_key(std::plus<>{}); });
    measure("reduce_by_key_and_window, inverse, 10", p, input, naive_window,
            [](auto rows) { return rows.reduce_by_key_and_window(std::plus<>{}, std::minus<>{}, 10s); });
    measure("reduce_by_key_and_window, 10", p, input, naive_window,
            [](auto rows) { return rows.reduce_by_key_and_window(std::plus<>{}, 10s); });
    measure("update_state_by_key", p, input, naive_state, [](auto rows) {
      return rows.template update_state_by_key<int>([](auto values, std::optional<int> before) {
        int sum = before.value_or(0);
        for (const int value : values) sum += value;
        return std::optional(sum);
      });
    });
    measure("join", p, input, naive_join, [](auto rows) {
      return rows.filter([](int, int value) { return value % 2 == 0; }).join(rows.filter([](int, int value) {
        return value % 2 != 0;
      }));
    });
  }
  measure_empty();
  return 0;
}
