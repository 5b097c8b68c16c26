#include "graph/peeling.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace weir::graph {

namespace {

/// Vertices by degree, in bins that lie one behind the other.
class degree_bins {
 public:
  explicit degree_bins(peeling& p) : p_(p) {
    const std::uint32_t most = p.core.empty() ? 0 : std::ranges::max(p.core);
    first_.resize(most + 2);
    for (const std::uint32_t degree : p.core) ++first_[degree + 1];
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    std::vector<std::uint32_t> next(first_);
    for (std::uint32_t v = 0; v < p.core.size(); ++v) {
      p.place[v] = next[p.core[v]]++;
      p.order[p.place[v]] = vertex_id{v};
    }
  }

  // It changes places with the first of its bin, which then begins behind it.
  void lower(vertex_id v) {
    std::uint32_t& degree = p_.core[static_cast<std::size_t>(v)];
    const std::uint32_t first = first_[degree]++;
    std::uint32_t& place = p_.place[static_cast<std::size_t>(v)];
    const vertex_id other = p_.order[first];
    std::swap(p_.order[place], p_.order[first]);
    std::swap(place, p_.place[static_cast<std::size_t>(other)]);
    --degree;
  }

 private:
  peeling& p_;
  std::vector<std::uint32_t> first_;
};

}  // namespace

peeling peel(const simple_rows& rows) {
  const std::size_t n = rows.vertex_count();
  peeling p{std::vector<vertex_id>(n), std::vector<std::uint32_t>(n), std::vector<std::uint32_t>(n)};
  for (std::size_t v = 0; v < n; ++v) p.core[v] = static_cast<std::uint32_t>(rows.row(v).size());
  degree_bins bins(p);
  for (std::size_t i = 0; i < n; ++i) {
    const auto v = static_cast<std::size_t>(p.order[i]);
    for (const vertex_id w : rows.row(v)) {
      if (p.core[static_cast<std::size_t>(w)] > p.core[v]) bins.lower(w);
    }
  }
  return p;
}

}  // namespace weir::graph
