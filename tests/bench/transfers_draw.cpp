#include "tests/bench/transfers_draw.hpp"

#include <algorithm>
#include <random>

namespace weir::bench {

using namespace graph;

namespace {

constexpr std::size_t transfers_a_step = 790;

// Two digits behind the point; few are large. Not drawn, so that who pays whom does not depend on it.
std::int64_t amount_of(std::size_t transfer) {
  const std::uint64_t mixed = (transfer + 1) * 0x9E3779B97F4A7C15;
  const auto size = static_cast<std::int64_t>(mixed >> 40) + 100;
  return mixed % 64 == 0 ? size * 100 : size / 100 + 1;
}

time_us step_of(std::size_t transfer) {
  return time_us{static_cast<std::int64_t>(transfer / transfers_a_step) * step_us};
}

// Few for most, hundreds for some.
std::vector<std::vector<vertex_id>> draw_counterparts(std::uint32_t accounts, std::mt19937_64& random) {
  std::vector<std::vector<vertex_id>> of(accounts);
  for (auto& some : of) {
    some.resize(std::min<std::size_t>(300, 2'000'000 / (1 + random() % 1'000'000)));
    for (vertex_id& v : some) v = vertex_id{static_cast<std::uint32_t>(random() % accounts)};
  }
  return of;
}

// Rings are between accounts of their own, a transfer in each step.
void plant_ring(std::vector<edge_event>& stream, const transfers_plan& p, std::uint32_t ring, time_us start) {
  const auto first = static_cast<std::uint32_t>(p.accounts + ring * p.length);
  for (std::uint32_t i = 0; i < p.length; ++i) {
    const std::uint32_t next = i + 1 == p.length ? 0 : i + 1;
    stream.push_back({vertex_id{first + i}, vertex_id{first + next},
                      time_us{static_cast<std::int64_t>(start) + i * step_us}, amount_of(ring + i)});
  }
}

}  // namespace

std::vector<edge_event> draw_transfers(const transfers_plan& p) {
  std::mt19937_64 random(42);
  const auto counterparts = draw_counterparts(p.accounts, random);
  std::vector<edge_event> stream;
  for (std::size_t i = 0; i < p.transfers; ++i) {
    const auto from = static_cast<std::uint32_t>(random() % p.accounts);
    const auto& some = counterparts[from];
    stream.push_back({vertex_id{from}, some[random() % some.size()], step_of(i), amount_of(i)});
    if (i % transfers_a_ring == 0) {
      plant_ring(stream, p, static_cast<std::uint32_t>(i / transfers_a_ring), step_of(i));
    }
  }
  std::ranges::stable_sort(stream, {}, &edge_event::at);
  return stream;
}

}  // namespace weir::bench
