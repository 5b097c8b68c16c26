// How many edges a second does one core put into the graph's store while as many expire, and what does an edge cost?
//
// usage: graph_store [SCALE [WINDOW [PAIRS [BATCH]]]]: 2^SCALE vertices, WINDOW edges in the window, PAIRS more edges
// that come and push as many out, BATCH at a time. The answer that is checked is the degrees of all vertices and the
// sum of all weights, counted from the stream itself.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

#include "graph/store.hpp"
#include "tests/bench/arguments.hpp"
#include "tests/bench/rmat.hpp"

using namespace weir::graph;
using weir::bench::number;
using weir::bench::rmat_stream;

namespace {

struct plan {
  unsigned scale = 20;
  std::size_t window = 14'000'000;
  std::size_t pairs = 8'000'000;
  std::size_t batch = 1'000;
};

plan plan_of(int argc, char** argv) {
  plan p;
  p.scale = static_cast<unsigned>(number(argc, argv, 1, p.scale));
  p.window = number(argc, argv, 2, p.window);
  p.pairs = number(argc, argv, 3, p.pairs);
  p.batch = number(argc, argv, 4, p.batch);
  return p;
}

void feed(store& g, std::span<const edge_event> edges, std::size_t batch) {
  for (std::size_t i = 0; i < edges.size(); i += batch) {
    const auto some = edges.subspan(i, std::min(batch, edges.size() - i));
    g.apply(some, some.back().at);
  }
}

bool right(const store& g, std::span<const edge_event> window) {
  std::vector<std::size_t> out(g.vertex_count());
  std::vector<std::size_t> in(g.vertex_count());
  std::int64_t sum = 0;
  for (const edge_event& e : window) {
    ++out[static_cast<std::size_t>(e.from)];
    ++in[static_cast<std::size_t>(e.to)];
    sum += e.weight;
  }
  for (std::size_t v = 0; v < out.size(); ++v) {
    const vertex_id id{static_cast<std::uint32_t>(v)};
    if (g.out_degree(id) != out[v] || g.in_degree(id) != in[v]) return false;
  }
  for (const edge& e : g.edges()) sum -= e.weight;
  return sum == 0 && g.edge_count() == window.size();
}

double seconds_of(auto work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void require(bool is_right) {
  if (is_right) return;
  std::fprintf(stderr, "the store does not hold the window\n");
  std::exit(1);
}

int run(const plan& p) {
  const std::size_t warm = p.window + p.pairs;
  const auto stream = rmat_stream({.scale = p.scale, .edges = warm + p.pairs});
  const std::span<const edge_event> all(stream);
  store g({.keep_us = static_cast<std::int64_t>(p.window) - 1});
  const double fill = seconds_of([&] { feed(g, all.first(p.window), p.batch); });
  feed(g, all.subspan(p.window, p.pairs), p.batch);
  require(right(g, all.subspan(p.pairs, p.window)));
  const double slide = seconds_of([&] { feed(g, all.subspan(warm), p.batch); });
  require(right(g, all.last(p.window)));
  std::printf("%zu edges between 2^%u vertices in batches of %zu: filled at %.2f M edges/s\n", p.window, p.scale,
              p.batch, static_cast<double>(p.window) / fill / 1e6);
  std::printf("insert + expire: %.2f M pairs/s; %.1f bytes an edge\n", static_cast<double>(p.pairs) / slide / 1e6,
              static_cast<double>(g.bytes()) / static_cast<double>(p.window));
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return run(plan_of(argc, argv)); }
