#include "tests/support/payments.hpp"

#include <array>

#include <catch2/catch.hpp>

using weir::testing::payment;
using weir::testing::payments;

TEST_CASE("the payments' numbers come from splitmix64 with seed 42") {
  // The first draws for seed 42, as published implementations of splitmix64 give them.
  constexpr std::array<std::uint64_t, 4> draws = {13679457532755275413u, 2949826092126892291u, 5139283748462763858u,
                                                  6349198060258255764u};
  const payment first = payments().next();
  CHECK(first.card == draws[0] % 100'000);
  CHECK(draws[1] % 10 == 1);
  CHECK(first.cents == static_cast<std::int64_t>(1 + draws[2] % 199));
  CHECK(first.merchant == draws[3] % 1'000);
}

TEST_CASE("amounts of payments fall into their three ranges") {
  payments stream;
  std::array<int, 3> ranges{};
  for (int i = 0; i < 100'000; ++i) {
    const payment p = stream.next();
    REQUIRE(p.number == static_cast<std::uint64_t>(i));
    REQUIRE((p.cents >= 1 && p.cents <= 90'000));
    ++ranges[p.cents < 200 ? 0 : p.cents <= 50'000 ? 1 : 2];
  }
  CHECK(ranges[0] == Approx(20'000).epsilon(0.05));
  CHECK(ranges[1] == Approx(70'000).epsilon(0.05));
  CHECK(ranges[2] == Approx(10'000).epsilon(0.05));
}
