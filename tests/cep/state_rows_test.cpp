#include "cep/state_rows.hpp"

#include <catch2/catch.hpp>

namespace weir::cep {

namespace {

stream::symbol subject(std::uint32_t id) { return static_cast<stream::symbol>(id); }

}  // namespace

TEST_CASE("a subject has no row before it is asked for, and the same one ever after") {
  state_rows rows(48);
  REQUIRE(rows.find(subject(1'000'000)) == nullptr);
  std::byte* const row = rows[subject(1'000'000)];
  for (std::size_t i = 0; i < 48; ++i) REQUIRE(row[i] == std::byte{0});
  row[47] = std::byte{9};
  for (std::uint32_t id = 0; id < 5'000; ++id) rows[subject(id)];
  REQUIRE(rows.find(subject(1'000'000)) == row);
  REQUIRE(row[47] == std::byte{9});
}

TEST_CASE("rows that are idle are zero again, and pages whose rows all are go back") {
  state_rows rows(16);
  rows[subject(5)][0] = std::byte{1};
  rows[subject(6)][0] = std::byte{2};
  rows[subject(3'000)][0] = std::byte{2};
  REQUIRE(rows.in_use() == 3);
  int visited = 0;
  rows.sweep([&](std::byte* row) {
    ++visited;
    return row[0] == std::byte{1};
  });
  REQUIRE(visited == 3);
  REQUIRE(rows.in_use() == 1);
  REQUIRE(rows.find(subject(5))[0] == std::byte{1});
  REQUIRE(rows.find(subject(6))[0] == std::byte{0});
  REQUIRE(rows.find(subject(3'000)) == nullptr);
  REQUIRE(rows[subject(3'000)][0] == std::byte{0});
}

}  // namespace weir::cep
