#include "cep/ring.hpp"

#include <catch2/catch.hpp>
#include <deque>

namespace weir::cep {

TEST_CASE("a ring holds what a queue would, through growth and wrapping") {
  ring<int> tested;
  std::deque<int> plain;
  for (int i = 0; i < 1000; ++i) {
    tested.push_back(i);
    plain.push_back(i);
    if (i % 3 != 0) {
      tested.pop_front();
      plain.pop_front();
    }
    if (i % 7 == 0 && !plain.empty()) {
      tested.pop_back();
      plain.pop_back();
    }
    REQUIRE(tested.size() == plain.size());
    for (std::size_t k = 0; k < plain.size(); ++k) REQUIRE(tested[k] == plain[k]);
  }
}

TEST_CASE("an empty ring holds no memory and a cleared one keeps its own") {
  ring<int> tested;
  REQUIRE(tested.bytes() == 0);
  for (int i = 0; i < 5; ++i) tested.push_back(i);
  tested.clear();
  REQUIRE(tested.empty());
  REQUIRE(tested.bytes() == 8 * sizeof(int));
  tested.push_back(9);
  REQUIRE(tested.front() == 9);
}

}  // namespace weir::cep
