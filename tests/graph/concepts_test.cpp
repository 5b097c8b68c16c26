#include "graph/concepts.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <vector>

namespace weir::graph {

namespace {

// The smallest models of the concepts: edges in one list, and the degrees that follow from them.
class listed_graph {
 public:
  explicit listed_graph(std::size_t vertices) : vertices_(vertices) {}

  std::size_t vertex_count() const { return vertices_; }
  std::size_t edge_count() const { return edges_.size(); }
  const std::vector<edge>& edges() const { return edges_; }
  std::vector<neighbour> out_edges(vertex_id v) const { return listed(&edge::from, v, &edge::to); }
  std::vector<neighbour> in_edges(vertex_id v) const { return listed(&edge::to, v, &edge::from); }
  edge edge_of(edge_id e) const { return *std::ranges::find(edges_, e, &edge::id); }

  time_us at(edge_id e) const { return edge_of(e).at; }
  std::int64_t weight(edge_id e) const { return edge_of(e).weight; }

  void insert(const edge& e) { edges_.push_back(e); }
  void expire(const edge& e) { std::erase(edges_, e); }

 private:
  std::vector<neighbour> listed(vertex_id edge::* near, vertex_id v, vertex_id edge::* far) const {
    std::vector<neighbour> found;
    for (const edge& e : edges_) {
      if (e.*near == v) found.push_back({e.*far, e.id});
    }
    return found;
  }

  std::size_t vertices_;
  std::vector<edge> edges_;
};

struct listed_delta {
  std::vector<edge> came;
  std::vector<edge> left;

  const std::vector<edge>& inserted() const { return came; }
  const std::vector<edge>& expired() const { return left; }
  std::vector<edge> retracted() const { return {}; }
};

class out_degrees {
 public:
  std::vector<vertex_id> apply(const listed_graph&, const listed_delta& change) {
    std::map<vertex_id, int> changes;
    for (const edge& e : change.inserted()) ++changes[e.from];
    for (const edge& e : change.expired()) --changes[e.from];
    std::vector<vertex_id> changed;
    for (const auto& [v, by] : changes) {
      if (by == 0) continue;
      degrees_[v] += by;
      changed.push_back(v);
    }
    return changed;
  }
  void recompute(const listed_graph& g) { degrees_ = count(g); }
  bool verify(const listed_graph& g) const { return degrees_ == count(g); }

 private:
  static std::map<vertex_id, int> count(const listed_graph& g) {
    std::map<vertex_id, int> degrees;
    for (std::uint32_t v = 0; v < g.vertex_count(); ++v) {
      const auto out = static_cast<int>(g.out_edges(vertex_id{v}).size());
      if (out != 0) degrees[vertex_id{v}] = out;
    }
    return degrees;
  }

  std::map<vertex_id, int> degrees_;
};

static_assert(directed_graph<listed_graph>);
static_assert(edge_delta<listed_delta>);
static_assert(incremental<out_degrees, listed_graph, listed_delta>);
static_assert(!incremental<listed_delta, listed_graph, listed_delta>);

}  // namespace

TEST_CASE("an algorithm's apply gives what recompute would, and names the vertices that changed") {
  listed_graph g{3};
  out_degrees degrees;
  const edge a{edge_id{0}, vertex_id{0}, vertex_id{1}, time_us{1}, 100};
  const edge b{edge_id{1}, vertex_id{0}, vertex_id{2}, time_us{2}, 200};
  const edge c{edge_id{2}, vertex_id{1}, vertex_id{2}, time_us{3}, 300};
  for (const edge& e : {a, b, c}) g.insert(e);
  REQUIRE_FALSE(degrees.verify(g));
  REQUIRE(degrees.apply(g, {{a, b, c}, {}}) == std::vector{vertex_id{0}, vertex_id{1}});
  REQUIRE(degrees.verify(g));

  g.expire(a);
  const edge d{edge_id{3}, vertex_id{1}, vertex_id{0}, time_us{4}, 400};
  g.insert(d);
  REQUIRE(degrees.apply(g, {{d}, {a}}) == std::vector{vertex_id{0}, vertex_id{1}});
  REQUIRE(degrees.verify(g));
  degrees.recompute(g);
  REQUIRE(degrees.verify(g));
}

}  // namespace weir::graph
