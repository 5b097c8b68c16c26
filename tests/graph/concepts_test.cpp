#include "graph/concepts.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <vector>

namespace weir::graph {

namespace {

// The smallest models of the concepts: edges in two lists a vertex, and the degrees that follow from them.
class listed_graph {
 public:
  explicit listed_graph(std::size_t vertices) : out_(vertices), in_(vertices) {}

  std::size_t vertex_count() const { return out_.size(); }
  const std::vector<edge_event>& out_edges(vertex_id v) const { return out_[static_cast<std::size_t>(v)]; }
  const std::vector<edge_event>& in_edges(vertex_id v) const { return in_[static_cast<std::size_t>(v)]; }

  void insert(const edge_event& e) {
    out_[static_cast<std::size_t>(e.from)].push_back(e);
    in_[static_cast<std::size_t>(e.to)].push_back(e);
  }
  void expire(const edge_event& e) {
    std::erase(out_[static_cast<std::size_t>(e.from)], e);
    std::erase(in_[static_cast<std::size_t>(e.to)], e);
  }

 private:
  std::vector<std::vector<edge_event>> out_;
  std::vector<std::vector<edge_event>> in_;
};

struct listed_delta {
  std::vector<edge_event> came;
  std::vector<edge_event> left;

  const std::vector<edge_event>& inserted() const { return came; }
  const std::vector<edge_event>& expired() const { return left; }
};

class out_degrees {
 public:
  std::vector<vertex_id> apply(const listed_graph&, const listed_delta& change) {
    std::map<vertex_id, int> changes;
    for (const edge_event& e : change.inserted()) ++changes[e.from];
    for (const edge_event& e : change.expired()) --changes[e.from];
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
  const edge_event a{vertex_id{0}, vertex_id{1}, time_us{1}, 100};
  const edge_event b{vertex_id{0}, vertex_id{2}, time_us{2}, 200};
  const edge_event c{vertex_id{1}, vertex_id{2}, time_us{3}, 300};
  for (const edge_event& e : {a, b, c}) g.insert(e);
  REQUIRE_FALSE(degrees.verify(g));
  REQUIRE(degrees.apply(g, {{a, b, c}, {}}) == std::vector{vertex_id{0}, vertex_id{1}});
  REQUIRE(degrees.verify(g));

  g.expire(a);
  const edge_event d{vertex_id{1}, vertex_id{0}, time_us{4}, 400};
  g.insert(d);
  REQUIRE(degrees.apply(g, {{d}, {a}}) == std::vector{vertex_id{0}, vertex_id{1}});
  REQUIRE(degrees.verify(g));
  degrees.recompute(g);
  REQUIRE(degrees.verify(g));
}

}  // namespace weir::graph
