#include "graph/dstream/update.hpp"

#include <map>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

#include "graph/algorithms/components.hpp"
#include "graph/algorithms/flows.hpp"
#include "tests/support/dstream_run.hpp"

namespace weir::graph {

namespace {

using testing::cut_rows;

constexpr std::int64_t keep_us = 40;

std::vector<edge_event> draw_edges(std::uint32_t seed, int count) {
  std::mt19937 draw(seed);
  std::vector<edge_event> edges;
  std::int64_t at = 0;
  for (int i = 0; i < count; ++i) {
    at += static_cast<std::int64_t>(draw() % 3);
    edges.push_back({vertex_id{static_cast<std::uint32_t>(draw() % 30)},
                     vertex_id{static_cast<std::uint32_t>(draw() % 30)}, time_us{at},
                     static_cast<std::int64_t>(draw() % 100)});
  }
  return edges;
}

cut_rows<edge_event> cut_at_random(const std::vector<edge_event>& edges, std::uint32_t seed) {
  std::mt19937 draw(seed);
  cut_rows<edge_event> batches(1);
  for (const auto& one : edges) {
    while (draw() % 5 == 0) batches.emplace_back();
    batches.back().push_back(one);
  }
  return batches;
}

/// Sizes of components of the window that ends with an edge, by repeated joining.
std::map<vertex_id, std::size_t> naive_sizes(const std::vector<edge_event>& edges) {
  std::map<vertex_id, vertex_id> name;
  for (const auto& e : edges) name.insert({{e.from, e.from}, {e.to, e.to}});
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& e : edges) {
      const auto least = std::min(name[e.from], name[e.to]);
      changed = changed || name[e.from] != least || name[e.to] != least;
      name[e.from] = name[e.to] = least;
    }
  }
  std::map<vertex_id, std::size_t> sizes;
  for (const auto& [v, of] : name) {
    for (const auto& [other, of_other] : name) sizes[v] += of == of_other ? 1 : 0;
  }
  return sizes;
}

std::int64_t naive_out(const std::vector<edge_event>& edges, vertex_id v) {
  std::int64_t sum = 0;
  for (const auto& e : edges) sum += e.from == v ? e.weight : 0;
  return sum;
}

/// The edges up to one batch that are not too old then.
std::vector<edge_event> window_at(const cut_rows<edge_event>& batches, std::size_t last) {
  std::vector<edge_event> edges;
  for (std::size_t i = 0; i <= last; ++i) edges.insert(edges.end(), batches[i].begin(), batches[i].end());
  const auto now = edges.empty() ? std::int64_t{0} : static_cast<std::int64_t>(edges.back().at);
  std::erase_if(edges, [&](const auto& e) { return static_cast<std::int64_t>(e.at) < now - keep_us; });
  return edges;
}

}  // namespace

TEST_CASE("the stream of changes brings a table of vertex states to what brute force gives after each batch") {
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    const auto batches = cut_at_random(draw_edges(seed, 200), seed);
    store g({.keep_us = keep_us});
    flows sums;
    const auto changes = testing::run_batches(batches, {.threads = 1 + seed % 2}, [&](auto edges) {
      return edges.update(g, sums, [](const flows& of, vertex_id v) { return of[v].out_flow; });
    });
    std::map<vertex_id, std::int64_t> table;
    REQUIRE(changes.size() == batches.size());
    for (std::size_t i = 0; i < changes.size(); ++i) {
      for (const auto& [v, out] : changes[i].second) table[v] = out;
      const auto window = window_at(batches, i);
      for (const auto& [v, out] : table) REQUIRE(out == naive_out(window, v));
      for (const auto& e : window) REQUIRE(table.contains(e.from));
    }
  }
}

TEST_CASE("components are up to date whenever a batch is done") {
  const auto batches = cut_at_random(draw_edges(77, 300), 77);
  store g({.keep_us = keep_us});
  components parts;
  std::size_t batch = 0;
  stream::streaming_context app(testing::options_of({}));
  app.queue_stream(testing::queue_of(batches))
      .update(g, parts, [](const components& of, vertex_id v) { return of.size_of(v); })
      .for_each_batch([&](const auto&) {
        for (const auto& [v, size] : naive_sizes(window_at(batches, batch))) REQUIRE(parts.size_of(v) == size);
        ++batch;
      });
  testing::run_to_end(app);
  CHECK(batch == batches.size());
}

TEST_CASE("an edge older than one before it is set aside and counted") {
  store g({.keep_us = keep_us});
  flows sums;
  stream::streaming_context app(testing::options_of({}));
  const auto edge = [](std::int64_t at) { return edge_event{vertex_id{1}, vertex_id{2}, time_us{at}, 5}; };
  const auto changes =
      app.queue_stream(testing::queue_of(cut_rows<edge_event>{{edge(5), edge(4)}, {edge(3), edge(6)}})).update(g, sums);
  changes.for_each_batch([](const auto&) {});
  std::uint64_t late = 0;
  app.add_listener([&](const stream::batch_progress& progress) { late = progress.late_rows; });
  testing::run_to_end(app);
  CHECK(late == 2);
  CHECK(g.edge_count() == 2);
}

TEST_CASE("a graph that was saved goes on where it was") {
  const auto edges = draw_edges(5, 100);
  const std::vector<edge_event> before(edges.begin(), edges.begin() + 60);
  const std::vector<edge_event> after(edges.begin() + 60, edges.end());
  const auto run = [](store& g, flows& sums, const cut_rows<edge_event>& batches, const std::string& load) {
    stream::streaming_context app(testing::options_of({}));
    const auto changes = app.queue_stream(testing::queue_of(batches)).update(g, sums, [](const flows& of, vertex_id v) {
      return of[v].out_flow;
    });
    changes.for_each_batch([](const auto&) {});
    if (!load.empty()) {
      stream::decoder in(load);
      changes.pipe().from->load(in);
      CHECK_FALSE(in.failed());
      CHECK(in.left() == 0);
    }
    testing::run_to_end(app);
    std::string saved;
    stream::encoder out(saved);
    changes.pipe().from->save(out);
    return saved;
  };
  store whole({.keep_us = keep_us});
  flows sums_of_whole;
  run(whole, sums_of_whole, {before, after}, "");
  store first({.keep_us = keep_us});
  flows first_sums;
  const auto saved = run(first, first_sums, {before}, "");
  store second({.keep_us = keep_us});
  flows second_sums;
  run(second, second_sums, {after}, saved);
  CHECK(second.edge_count() == whole.edge_count());
  for (std::uint32_t v = 0; v < 30; ++v)
    CHECK(second_sums[vertex_id{v}].out_flow == sums_of_whole[vertex_id{v}].out_flow);
}

}  // namespace weir::graph
