#include "graph/core_order.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

namespace weir::graph {

namespace {

/// The twin: a list for each level.
class listed_order {
 public:
  explicit listed_order(std::uint32_t levels) : levels_(levels) {}

  std::vector<vertex_id>& level(std::uint32_t l) { return levels_[l]; }
  void remove(vertex_id v) {
    for (auto& level : levels_) std::erase(level, v);
  }
  void insert_after(vertex_id place, vertex_id v) {
    for (auto& level : levels_) {
      const auto at = std::ranges::find(level, place);
      if (at != level.end()) return void(level.insert(at + 1, v));
    }
  }
  std::vector<vertex_id> all() const {
    std::vector<vertex_id> joined;
    for (const auto& level : levels_) joined.insert(joined.end(), level.begin(), level.end());
    return joined;
  }

 private:
  std::vector<std::vector<vertex_id>> levels_;
};

bool same_order(const core_order& fast, const listed_order& slow) {
  const auto all = slow.all();
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (!fast.before(all[i - 1], all[i]) || fast.before(all[i], all[i - 1])) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("an order is that of a list while vertices are put before, behind and between others") {
  constexpr std::uint32_t vertices = 40;
  constexpr std::uint32_t levels = 3;
  for (const int gap_bits : {1, 3, 32, 59}) {  // labels without room, and labels that soon come to their end
    std::mt19937 random(static_cast<unsigned>(gap_bits));
    core_order fast(std::int64_t{1} << gap_bits);
    listed_order slow(levels);
    CHECK(fast.grow(vertices) == 0);
    for (std::uint32_t v = 0; v < vertices; ++v) {
      fast.append(vertex_id{v}, 0);
      slow.level(0).push_back(vertex_id{v});
    }
    for (int step = 0; step < 3'000; ++step) {
      const vertex_id v{static_cast<std::uint32_t>(random() % vertices)};
      const auto level = static_cast<std::uint32_t>(random() % levels);
      fast.remove(v);
      slow.remove(v);
      const auto kind = random() % 8;
      if (kind == 0) {
        fast.append(v, level);
        slow.level(level).push_back(v);
      } else if (kind == 1) {
        fast.prepend(v, level);
        slow.level(level).insert(slow.level(level).begin(), v);
      } else {  // mostly behind one of two
        const vertex_id place{(static_cast<std::uint32_t>(v) + 1 + static_cast<std::uint32_t>(random() % 2)) %
                              vertices};
        fast.insert_after(place, v);
        slow.insert_after(place, v);
        REQUIRE(fast.level(v) == fast.level(place));
      }
      REQUIRE(same_order(fast, slow));
    }
  }
}

}  // namespace weir::graph
