// How many rows a second does one core take through each operator of event time?
//
// usage: bench_dstream_event_time [ROWS [KEYS [THREADS [BATCH]]]]: rows of KEYS keys, 100,000 of them for each second
// of event time, up to a second out of order. Each answer is checked against loops over the rows before anything is
// timed.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
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

struct row {
  std::int64_t id;
  int key;
  int value;
  timestamp at;
};
using batches = std::vector<std::vector<row>>;

struct plan {
  std::size_t rows = 5'000'000;
  std::size_t keys = 100'000;
  std::size_t threads = 1;
  std::size_t batch = 100'000;
};

constexpr duration lateness = 1s;

std::uint64_t draw(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

batches draw_batches(const plan& p) {
  std::uint64_t state = 7;
  batches all;
  std::int64_t id = 0;
  for (std::size_t i = 0; i + p.batch <= p.rows; i += p.batch) {
    auto& batch = all.emplace_back();
    for (std::size_t j = 0; j < p.batch; ++j, ++id) {
      const duration at{id * 10 - static_cast<std::int64_t>(draw(state) % 1'000'000)};
      batch.push_back({id, static_cast<int>(draw(state) % p.keys), static_cast<int>(draw(state) % 1'000),
                       timestamp{1'700'000'000s + at}});
    }
  }
  return all;
}

struct outcome {
  std::uint64_t sum = 0;
  std::uint64_t rows = 0;
  double seconds = 0;
  bool operator==(const outcome& other) const { return sum == other.sum && rows == other.rows; }
};

std::uint64_t hash_of(std::int64_t a, std::int64_t b, std::int64_t c) { return key_hash(std::tuple(a, b, c)); }
std::int64_t us(timestamp t) { return t.time_since_epoch().count(); }

/// What comes out, as one number: of all rows, in any order.
std::uint64_t hash_of(const windowed<std::pair<int, int>>& w) {
  return hash_of(us(w.start), w.value.first, w.value.second);
}
std::uint64_t hash_of(const windowed<std::pair<int, std::uint64_t>>& w) {
  return hash_of(us(w.start), w.value.first, static_cast<std::int64_t>(w.value.second));
}
std::uint64_t hash_of(const row& r) { return hash_of(r.id, r.key, r.value); }
std::uint64_t hash_of(const std::pair<int, std::pair<int, int>>& r) {
  return hash_of(r.first, r.second.first, r.second.second);
}

template <class Program>
outcome run(const batches& input, std::size_t threads, const Program& program) {
  auto queue = std::make_shared<row_queue<row>>();
  for (const auto& batch : input) queue->push(batch);
  queue->close();
  streaming_context app({.pace = batch_pace::when_ready, .threads = threads});
  auto sum = std::make_shared<outcome>();
  const auto timed_rows = app.queue_stream(queue).event_time([](const row& r) { return r.at; }, lateness);
  program(timed_rows).for_each_batch([sum](const auto& rows) {
    for (const auto& one : rows) sum->sum += hash_of(one), ++sum->rows;
  });
  const auto start = std::chrono::steady_clock::now();
  app.start();
  if (const auto ended = app.await_termination(); !ended) {
    std::fprintf(stderr, "%s\n", ended.error().message.c_str());
    std::exit(1);
  }
  sum->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return *sum;
}

template <class Take>
void for_each_in_time(const batches& input, const Take& take) {
  timestamp greatest = start_of_time;
  for (const auto& batch : input) {
    for (const auto& r : batch) {
      const timestamp watermark = greatest == start_of_time ? start_of_time : greatest - lateness;
      greatest = std::max(greatest, r.at);
      if (r.at >= watermark) take(r, watermark);
    }
  }
}

outcome naive_windows(const batches& input, std::int64_t length, std::int64_t slide) {
  std::map<std::int64_t, std::unordered_map<int, int>> windows;
  for_each_in_time(input, [&](const row& r, timestamp) {
    for (std::int64_t start = us(r.at) / slide * slide; start + length > us(r.at); start -= slide)
      windows[start][r.key] += r.value;
  });
  outcome sum;
  for (const auto& [start, sums] : windows) {
    for (const auto& [key, value] : sums) sum.sum += hash_of(start, key, value), ++sum.rows;
  }
  return sum;
}

outcome naive_sessions(const batches& input, std::int64_t gap) {
  std::unordered_map<int, std::vector<std::int64_t>> times;
  for_each_in_time(input, [&](const row& r, timestamp) { times[r.key].push_back(us(r.at)); });
  outcome sum;
  for (auto& [key, of] : times) {
    std::ranges::sort(of);
    for (std::size_t i = 0, first = 0; i < of.size(); ++i) {
      if (i + 1 < of.size() && of[i + 1] - of[i] < gap) continue;
      sum.sum += hash_of(of[first], key, static_cast<std::int64_t>(i + 1 - first)), ++sum.rows;
      first = i + 1;
    }
  }
  return sum;
}

outcome naive_duplicates(const batches& input, duration within, std::int64_t (*key)(const row&)) {
  std::unordered_map<std::int64_t, timestamp> passed;
  outcome sum;
  for_each_in_time(input, [&](const row& r, timestamp watermark) {
    const auto [at, added] = passed.try_emplace(key(r), r.at);
    if (!added && at->second + within >= watermark) return;
    at->second = r.at;
    sum.sum += hash_of(r), ++sum.rows;
  });
  return sum;
}

outcome naive_join(const batches& input, duration around) {
  std::unordered_map<int, std::vector<row>> odd;
  std::vector<row> even;
  // Each stream has a clock of its own, of all rows: which are late is the same.
  for_each_in_time(input, [&](const row& r, timestamp) {
    if (r.value % 2 != 0) odd[r.key].push_back(r);
    if (r.value % 2 == 0) even.push_back(r);
  });
  outcome sum;
  for (const auto& l : even) {
    for (const auto& r : odd[l.key]) {
      if (r.at < l.at - around || r.at > l.at + around) continue;
      sum.sum += hash_of(l.key, l.value, r.value), ++sum.rows;
    }
  }
  return sum;
}

template <class Naive, class Program>
void measure(const char* name, const plan& p, const batches& input, const Naive& naive, const Program& program) {
  const batches some(input.begin(),
                     input.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(input.size(), 15)));
  if (!(run(some, p.threads, program) == naive(some))) {
    std::fprintf(stderr, "%s: a wrong answer\n", name);
    std::exit(1);
  }
  std::vector<outcome> runs;
  for (int i = 0; i < 5; ++i) runs.push_back(run(input, p.threads, program));
  std::ranges::nth_element(runs, runs.begin() + 2, {}, &outcome::seconds);
  const auto rows = static_cast<double>(input.size() * input.front().size());
  std::printf("%-44s %7.2f M rows/s  (%llu results)\n", name, rows / runs[2].seconds / 1e6,
              static_cast<unsigned long long>(runs[2].rows));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  plan p;
  p.rows = number(argc, argv, 1, p.rows);
  p.keys = number(argc, argv, 2, p.keys);
  p.threads = number(argc, argv, 3, p.threads);
  p.batch = number(argc, argv, 4, p.batch);
  const auto input = draw_batches(p);
  const auto keyed = [](auto rows) { return rows.map([](const row& r) { return std::pair(r.key, r.value); }); };
  measure(
      "tumbling 10s, reduce_by_key", p, input,
      [](const auto& some) { return naive_windows(some, 10'000'000, 10'000'000); },
      [&](auto rows) { return keyed(rows).tumbling(10s).reduce_by_key(std::plus<>{}); });
  measure(
      "sliding 10s every 2s, reduce_by_key", p, input,
      [](const auto& some) { return naive_windows(some, 10'000'000, 2'000'000); },
      [&](auto rows) { return keyed(rows).sliding(10s, 2s).reduce_by_key(std::plus<>{}); });
  measure(
      "sliding 10s every 2s, without a merge", p, input,
      [](const auto& some) { return naive_windows(some, 10'000'000, 2'000'000); },
      [&](auto rows) {
        return keyed(rows).sliding(10s, 2s).combine_by_key([](int value) { return value; }, std::plus<>{});
      });
  measure(
      "session 1s, count_by_key", p, input, [](const auto& some) { return naive_sessions(some, 1'000'000); },
      [&](auto rows) { return keyed(rows).session(1s).count_by_key(); });
  measure(
      "drop_duplicates within 10s, all new", p, input,
      [](const auto& some) { return naive_duplicates(some, 10s, [](const row& r) { return r.id; }); },
      [](auto rows) { return rows.drop_duplicates([](const row& r) { return r.id; }, 10s); });
  measure(
      "drop_duplicates within 10s, few new", p, input,
      [](const auto& some) { return naive_duplicates(some, 10s, [](const row& r) { return std::int64_t{r.key}; }); },
      [](auto rows) { return rows.drop_duplicates([](const row& r) { return r.key; }, 10s); });
  measure(
      "join_within 1s before and after", p, input, [](const auto& some) { return naive_join(some, 1s); },
      [&](auto rows) {
        const auto pairs = keyed(rows);
        return pairs.filter([](int, int value) { return value % 2 == 0; })
            .join_within(pairs.filter([](int, int value) { return value % 2 != 0; }), {.before = 1s, .after = 1s});
      });
  return 0;
}
