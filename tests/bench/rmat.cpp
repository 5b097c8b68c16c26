#include "tests/bench/rmat.hpp"

#include <algorithm>
#include <random>

namespace weir::bench {

using namespace graph;

namespace {

// One of the four quarters of the matrix for each bit of the two ids.
edge_event draw_edge(unsigned scale, std::mt19937_64& random) {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  for (unsigned bit = 0; bit < scale; ++bit) {
    const std::uint64_t percent = random() % 100;
    from = from << 1 | (percent >= 76 ? 1 : 0);
    to = to << 1 | (percent >= 95 || (percent >= 57 && percent < 76) ? 1 : 0);
  }
  return {vertex_id{from}, vertex_id{to}, {}, static_cast<std::int64_t>(1 + random() % 1'000'000)};
}

std::vector<vertex_id> names(unsigned scale, std::mt19937_64& random) {
  std::vector<vertex_id> all(std::size_t{1} << scale);
  for (std::size_t v = 0; v < all.size(); ++v) all[v] = vertex_id{static_cast<std::uint32_t>(v)};
  std::ranges::shuffle(all, random);
  return all;
}

}  // namespace

std::vector<edge_event> rmat_stream(const rmat_options& options) {
  std::mt19937_64 random(options.seed);
  const auto name = names(options.scale, random);
  std::vector<edge_event> edges(options.edges);
  std::int64_t at = 0;
  for (edge_event& e : edges) {
    e = draw_edge(options.scale, random);
    e.from = name[static_cast<std::size_t>(e.from)];
    e.to = name[static_cast<std::size_t>(e.to)];
    e.at = time_us{at++};
  }
  return edges;
}

}  // namespace weir::bench
