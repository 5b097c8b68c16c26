// How many random cache lines a second can one core read and write here, that is, how many events a second could any
// engine take that keeps a line for each subject?
//
// `waiting`: where the next line is stands in the one before, so nothing overlaps. `ahead`: the lines are known
// beforehand, as those of a batch are, and the processor overlaps what it can. `fetched`: so, and each line is fetched
// 16 lines before its turn. Argument: how many lines, that is, subjects. `huge`: in pages of 2 MB. `stream` reads bytes
// one after the other. The answer that is checked is how often lines were touched.

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

namespace {

constexpr std::size_t touches = 4'000'000;
constexpr std::size_t distance = 16;

struct alignas(64) line {
  std::uint64_t count = 0;
  std::uint64_t next = 0;
};

/// Lines in pages of 4 KB or of 2 MB, all of them written once.
class lines {
 public:
  lines(std::size_t size, bool huge) : size_(size), bytes_((size * sizeof(line) + page - 1) / page * page) {
    void* const at = ::mmap(nullptr, bytes_ + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) std::abort();
    mapped_ = at;
    first_ = reinterpret_cast<line*>((reinterpret_cast<std::uintptr_t>(at) + page - 1) / page * page);
    ::madvise(first_, bytes_, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    std::fill_n(first_, size_, line{});
  }
  ~lines() { ::munmap(mapped_, bytes_ + page); }
  lines(const lines&) = delete;
  lines& operator=(const lines&) = delete;

  line& operator[](std::size_t i) { return first_[i]; }
  std::size_t size() const { return size_; }

  std::uint64_t counted() const {
    return std::accumulate(first_, first_ + size_, std::uint64_t{0},
                           [](auto sum, const line& l) { return sum + l.count; });
  }

 private:
  static constexpr std::size_t page = 2 << 20;

  std::size_t size_;
  std::size_t bytes_;
  void* mapped_ = nullptr;
  line* first_ = nullptr;
};

std::vector<std::uint32_t> places(std::size_t size) {
  std::mt19937_64 random(42);
  std::vector<std::uint32_t> drawn(touches + distance);
  for (auto& place : drawn) place = static_cast<std::uint32_t>(random() % size);
  return drawn;
}

/// One circle through all lines, in random order.
void chain(lines& all) {
  std::vector<std::uint32_t> order(all.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::shuffle(order, std::mt19937_64(42));
  for (std::size_t i = 0; i < order.size(); ++i) all[order[i]].next = order[(i + 1) % order.size()];
}

void finish(benchmark::State& state, const lines& all) {
  const auto touched = static_cast<std::uint64_t>(state.iterations()) * touches;
  if (all.counted() != touched) {
    std::fprintf(stderr, "lines were touched %llu times, expected %llu\n",
                 static_cast<unsigned long long>(all.counted()), static_cast<unsigned long long>(touched));
    std::exit(1);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(touched));
}

lines make_lines(const benchmark::State& state, bool huge) { return {static_cast<std::size_t>(state.range(0)), huge}; }

void waiting(benchmark::State& state, bool huge) {
  lines all = make_lines(state, huge);
  chain(all);
  for (auto _ : state) {
    for (std::size_t i = 0, at = 0; i < touches; ++i) {
      ++all[at].count;
      at = all[at].next;
    }
  }
  finish(state, all);
}

template <bool Fetched>
void touch(benchmark::State& state, bool huge) {
  lines all = make_lines(state, huge);
  const auto at = places(all.size());
  for (auto _ : state) {
    for (std::size_t i = 0; i < touches; ++i) {
      if constexpr (Fetched) __builtin_prefetch(&all[at[i + distance]], 1);
      ++all[at[i]].count;
    }
    benchmark::ClobberMemory();
  }
  finish(state, all);
}

void ahead(benchmark::State& state, bool huge) { touch<false>(state, huge); }
void fetched(benchmark::State& state, bool huge) { touch<true>(state, huge); }

void stream(benchmark::State& state) {
  const std::vector<std::uint64_t> words(std::size_t{512} << 17, 1);  // 512 MB
  for (auto _ : state) {
    const auto sum = std::accumulate(words.begin(), words.end(), std::uint64_t{0});
    if (sum != words.size()) std::abort();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(words.size() * sizeof(words.front())));
}

void subjects(benchmark::internal::Benchmark* one) {
  one->Arg(100'000)->Arg(1'000'000)->Arg(10'000'000)->Unit(benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(waiting, plain, false)->Apply(subjects);
BENCHMARK_CAPTURE(ahead, plain, false)->Apply(subjects);
BENCHMARK_CAPTURE(fetched, plain, false)->Apply(subjects);
BENCHMARK_CAPTURE(waiting, huge, true)->Apply(subjects);
BENCHMARK_CAPTURE(ahead, huge, true)->Apply(subjects);
BENCHMARK_CAPTURE(fetched, huge, true)->Apply(subjects);
BENCHMARK(stream)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
