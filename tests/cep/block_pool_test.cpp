#include "cep/block_pool.hpp"

#include <deque>
#include <random>

#include <catch2/catch.hpp>

namespace weir::cep {

TEST_CASE("packed queues in one pool hold what queues of their own would") {
  std::mt19937 random(7);
  block_pool pool;
  std::vector<packed_queue<2>> packed(20);
  std::vector<std::deque<std::uint64_t>> plain(20);
  for (std::uint64_t step = 0; step < 50'000; ++step) {
    const std::size_t i = random() % packed.size();
    if (random() % 5 < 3) {
      auto* const entry = packed[i].push_back(pool);
      entry[0] = step;
      entry[1] = ~step;
      plain[i].push_back(step);
    } else if (!plain[i].empty()) {
      packed[i].pop_front();
      plain[i].pop_front();
    } else {
      packed[i].release(pool);
    }
    REQUIRE(packed[i].size == plain[i].size());
    if (plain[i].empty()) continue;
    const std::size_t at = random() % plain[i].size();
    REQUIRE(packed[i](pool, at)[0] == plain[i][at]);
    REQUIRE(packed[i](pool, at)[1] == ~plain[i][at]);
  }
}

TEST_CASE("blocks that are given back are handed out again") {
  block_pool pool;
  packed_queue<1> queue{};
  for (int round = 0; round < 100; ++round) {
    for (std::uint64_t i = 0; i < 10'000; ++i) *queue.push_back(pool) = i;
    while (queue.size != 0) queue.pop_front();
    queue.release(pool);
    REQUIRE(queue.capacity == 0);
  }
  REQUIRE(pool.bytes() < std::size_t{1} << 20);  // no more than one round takes, and what it outgrows
}

TEST_CASE("a queue may grow beyond a segment of the pool") {
  block_pool pool;
  packed_queue<4> queue{};
  constexpr std::uint64_t events = 400'000;
  for (std::uint64_t i = 0; i < events; ++i) queue.push_back(pool)[0] = i;
  for (std::uint64_t i = 0; i < events; i += 1'000) REQUIRE(queue(pool, i)[0] == i);
}

}  // namespace weir::cep
