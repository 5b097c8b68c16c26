#include "cep/subject_share.hpp"

#include <array>
#include <vector>

#include <catch2/catch.hpp>

#include "cep/state_rows.hpp"

namespace weir::cep {

namespace {

stream::symbol subject(std::uint32_t id) { return static_cast<stream::symbol>(id); }

}  // namespace

TEST_CASE("every subject is in just one share, and a share numbers its own without gaps") {
  for (const std::uint32_t count : {1U, 2U, 3U, 5U, 7U, 8U, 64U}) {
    std::vector<std::uint32_t> seen(count);
    for (std::uint32_t id = 0; id < 10'000; ++id) {
      std::uint32_t owners = 0;
      for (std::uint32_t index = 0; index < count; ++index) {
        const subject_share share(index, count);
        if (!share.owns(subject(id))) continue;
        ++owners;
        REQUIRE(share.number_of(subject(id)) == seen[index]++);
      }
      REQUIRE(owners == 1);
    }
  }
}

TEST_CASE("shares know the greatest ids too") {
  for (const std::uint32_t count : {2U, 3U, 5U, 7U, 255U}) {
    for (std::uint32_t back = 0; back < 1'000; ++back) {
      const std::uint32_t id = ~std::uint32_t{0} - back;
      const subject_share share(id % count, count);
      REQUIRE(share.owns(subject(id)));
      REQUIRE(share.number_of(subject(id)) == id / count);
      REQUIRE_FALSE(subject_share((id % count + 1) % count, count).owns(subject(id)));
    }
  }
}

TEST_CASE("composite subjects are shared out by their parts, and evenly") {
  constexpr std::uint32_t count = 4;
  std::array<int, count> had{};
  for (std::uint32_t a = 0; a < 100; ++a) {
    for (std::uint32_t b = 0; b < 100; ++b) {
      const std::array parts{subject(a), subject(b)};
      int owners = 0;
      for (std::uint32_t index = 0; index < count; ++index) {
        if (!subject_share(index, count).owns(parts)) continue;
        ++owners;
        ++had[index];
      }
      REQUIRE(owners == 1);
    }
  }
  for (const int n : had) REQUIRE((n > 2'000 && n < 3'000));
}

TEST_CASE("the rows of a share take the room of its own subjects only") {
  state_rows rows(16, subject_share(1, 4));
  for (std::uint32_t id = 1; id < 4 * 256; id += 4) rows[subject(id)][0] = std::byte{1};
  REQUIRE(rows.in_use() == 256);  // one page
  std::byte* const first = rows.find(subject(1));
  REQUIRE(rows.find(subject(5)) == first + 16);
  REQUIRE(rows.find(subject(4 * 256 + 1)) == nullptr);
}

}  // namespace weir::cep
