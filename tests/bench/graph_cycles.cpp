// How many transfers a second are asked whether they close a temporal cycle, and how long does one wait for its answer?
//
// usage: graph_cycles [TRANSFERS [ACCOUNTS [LENGTH]]]: transfers as in AMLSim's sample, 790 in each step of an hour,
// between accounts of which most have few counterparts and some have hundreds, and a ring of LENGTH transfers planted
// for every fifty; cycles of up to LENGTH edges within ten steps. Each transfer is put into the store, what is too old
// leaves, and all cycles that it closes are counted, one transfer at a time. What is checked: all planted rings are
// found, and the first transfers close as many cycles as a search that goes forward through a plain list finds.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

#include "graph/algorithms/temporal_cycles.hpp"
#include "graph/store.hpp"
#include "tests/bench/arguments.hpp"
#include "tests/bench/transfers_draw.hpp"

using namespace weir::graph;
namespace bench = weir::bench;
using bench::number;

namespace {

constexpr std::int64_t within_us = 10 * bench::step_us;
using plan = bench::transfers_plan;

// From each edge on, forward through all later ones.
std::uint64_t forward(std::span<const edge_event> all, std::vector<std::size_t>& path, std::size_t length) {
  const edge_event& first = all[path.front()];
  const edge_event& last = all[path.back()];
  if (last.to == first.from) return path.size() >= 2 ? 1 : 0;
  if (path.size() == length) return 0;
  std::uint64_t found = 0;
  for (std::size_t i = path.back() + 1; i < all.size(); ++i) {
    const edge_event& e = all[i];
    if (static_cast<std::int64_t>(e.at) - static_cast<std::int64_t>(first.at) > within_us) break;
    const bool met = std::ranges::any_of(path, [&](std::size_t k) { return all[k].from == e.to && k != path.front(); });
    if (e.from != last.to || e.at <= last.at || e.to == e.from || met) continue;
    path.push_back(i);
    found += forward(all, path, length);
    path.pop_back();
  }
  return found;
}

std::uint64_t count_forward(std::span<const edge_event> all, std::size_t length) {
  std::uint64_t found = 0;
  std::vector<std::size_t> path;
  for (std::size_t i = 0; i < all.size(); ++i) {
    path.assign(1, i);
    if (all[i].from != all[i].to) found += forward(all, path, length);
  }
  return found;
}

struct outcome {
  std::uint64_t cycles = 0;
  std::uint64_t planted = 0;
  std::vector<float> nanoseconds;  // of each transfer, if they were asked for
  double seconds = 0;
};

outcome run(std::span<const edge_event> stream, const plan& p, bool each) {
  using clock = std::chrono::steady_clock;
  store g({.keep_us = within_us});
  outcome all;
  const cycle_options options{.length_min = 2, .length_max = p.length, .within_us = within_us};
  const auto count = [&](cycle_view cycle) {
    ++all.cycles;
    if (static_cast<std::uint32_t>(cycle.front().vertex) >= p.accounts) ++all.planted;
    return true;
  };
  const auto start = clock::now();
  auto last = start;
  for (std::size_t i = 0; i < stream.size(); ++i) {
    const delta& changed = g.apply(stream.subspan(i, 1), stream[i].at);
    find_cycles(g, changed.inserted().front(), options, count);
    if (!each) continue;
    const auto now = clock::now();
    all.nanoseconds.push_back(std::chrono::duration<float, std::nano>(now - last).count());
    last = now;
  }
  all.seconds = std::chrono::duration<double>(clock::now() - start).count();
  return all;
}

void require(std::uint64_t found, std::uint64_t expected, const char* what) {
  if (found == expected) return;
  std::fprintf(stderr, "%s: %llu cycles, expected %llu\n", what, static_cast<unsigned long long>(found),
               static_cast<unsigned long long>(expected));
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  plan p;
  p.transfers = number(argc, argv, 1, p.transfers);
  p.accounts = static_cast<std::uint32_t>(number(argc, argv, 2, p.accounts));
  p.length = number(argc, argv, 3, p.length);
  const auto stream = bench::draw_transfers(p);
  const std::span first = std::span(stream).first(std::min<std::size_t>(stream.size(), 8'000));
  require(run(first, p, false).cycles, count_forward(first, p.length), "the first transfers");

  const outcome all = run(stream, p, false);
  require(all.planted, (p.transfers + bench::transfers_a_ring - 1) / bench::transfers_a_ring, "planted rings");
  std::printf("%zu transfers, cycles of 2 to %zu within ten steps: %.2f M transfers/s, %llu cycles\n", stream.size(),
              p.length, static_cast<double>(stream.size()) / all.seconds / 1e6,
              static_cast<unsigned long long>(all.cycles));
  outcome each = run(stream, p, true);
  std::ranges::sort(each.nanoseconds);
  std::printf("a transfer waits %.2f us at most in 99 of 100 cases, %.1f us in 9,999 of 10,000\n",
              static_cast<double>(each.nanoseconds[each.nanoseconds.size() * 99 / 100]) / 1e3,
              static_cast<double>(each.nanoseconds[each.nanoseconds.size() * 9'999 / 10'000]) / 1e3);
}
