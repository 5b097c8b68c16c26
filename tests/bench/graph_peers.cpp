// How long do Weir's components, PageRank and triangles take for the changes that other programs are asked about?
//
// usage: graph_peers [SCALE [EDGES [BATCH [FOLDER]]]]: an R-MAT graph between 2^SCALE vertices with EDGES edges, and
// then
//   batch: BATCH more edges come, as one micro-batch; each algorithm brings its state up to date;
//   changes: of the graph's pairs, each once, 975 more come, and then 200 are taken back, one set each.
// A line of JSON for each, with the answers: how many components, of what size the largest, how many triangles, what
// all ranks are together. What is checked is that each state is what a fresh start gives. With a FOLDER the same edges
// are written there for other programs: base.csv, batch.csv, pairs.csv, more.csv, back.csv; and ranks.csv, PageRank
// after the batch, all but exact, which tells how exact theirs is.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "graph/algorithms/components.hpp"
#include "graph/algorithms/page_rank.hpp"
#include "graph/algorithms/triangles.hpp"
#include "graph/store.hpp"
#include "tests/bench/arguments.hpp"
#include "tests/bench/rmat.hpp"

using namespace weir::graph;
using weir::bench::number;

namespace {

constexpr std::int64_t keep_us = std::int64_t{1} << 40;  // nothing expires
constexpr std::size_t more_pairs = 975;
constexpr std::size_t pairs_back = 200;
constexpr int rounds = 5;
// All errors of PageRank together, as a share of what all vertices start with, those without an edge too: as shares of
// the ranks of those that have one, no more than ten rounds afresh leave.
constexpr double coarse_error = 0.0009;

double milliseconds_of(auto work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> all) {
  std::ranges::sort(all);
  return all[all.size() / 2];
}

void require(bool is_right, const char* what) {
  if (is_right) return;
  std::fprintf(stderr, "%s: the state is not what a fresh start gives\n", what);
  std::exit(1);
}

// Components and the largest: of vertices that have an edge, or of all there have been.
enum class which { with_edges, all };

std::string components_answer(const store& g, const components& of, which counted) {
  std::vector<bool> roots(g.vertex_count());
  std::size_t largest = 0;
  for (std::uint32_t i = 0; i < g.vertex_count(); ++i) {
    const vertex_id v{i};
    if (counted == which::with_edges && g.out_degree(v) + g.in_degree(v) == 0) continue;
    roots[static_cast<std::size_t>(of.representative(v))] = true;
    largest = std::max(largest, of.size_of(v));
  }
  return "\"components\":" + std::to_string(std::ranges::count(roots, true)) +
         ",\"largest\":" + std::to_string(largest);
}

// The state before, then `rounds` batches that come; the first is the one that others are asked about.
template <class Algorithm>
void run_batch(const char* name, std::span<const edge_event> base, std::span<const edge_event> batches,
               std::size_t batch, Algorithm kept, auto answer) {
  store g({.keep_us = keep_us});
  g.apply(base, base.back().at);
  kept.recompute(g);
  std::vector<double> took;
  std::string answers;
  for (int round = 0; round < rounds; ++round) {
    const auto some = batches.subspan(static_cast<std::size_t>(round) * batch, batch);
    took.push_back(milliseconds_of([&] { kept.apply(g, g.apply(some, some.back().at)); }));
    require(kept.verify(g), name);
    if (round == 0) answers = answer(g, kept);
  }
  std::printf(R"({"job":"batch","algorithm":"%s","edges":%zu,"batch":%zu,"ms":%.4f,%s})"
              "\n",
              name, base.size(), batch, median(took), answers.c_str());
  std::fflush(stdout);
}

// Each pair once, in one direction, without loops.
std::vector<edge_event> distinct_pairs(std::span<const edge_event> edges) {
  std::set<std::pair<vertex_id, vertex_id>> met;
  std::vector<edge_event> pairs;
  for (const edge_event& e : edges) {
    if (e.from != e.to && met.insert(std::minmax(e.from, e.to)).second) pairs.push_back(e);
  }
  return pairs;
}

std::vector<edge_id> drawn_ids(std::size_t of, std::size_t count) {
  std::mt19937_64 random(7);
  std::set<edge_id> ids;
  while (ids.size() < std::min(count, of)) ids.insert(edge_id{random() % of});
  return {ids.begin(), ids.end()};
}

struct pair_changes {
  std::vector<edge_event> pairs;
  std::vector<edge_event> more;
  std::vector<edge_id> back;  // of pairs
};

pair_changes changes_of(std::span<const edge_event> edges) {
  pair_changes all{.pairs = distinct_pairs(edges), .more = {}, .back = {}};
  const std::size_t more = std::min(more_pairs, all.pairs.size() / 10);
  all.more.assign(all.pairs.end() - static_cast<std::ptrdiff_t>(more), all.pairs.end());
  all.pairs.resize(all.pairs.size() - more);
  all.back = drawn_ids(all.pairs.size(), std::min(pairs_back, all.pairs.size() / 10));
  return all;
}

void report_changes(const char* what, std::size_t changes, double ms, const store& g, const components& of) {
  std::printf(R"({"job":"changes","algorithm":"%s","edges":%zu,"changes":%zu,"ms":%.4f,%s})"
              "\n",
              what, g.edge_count(), changes, ms, components_answer(g, of, which::all).c_str());
  std::fflush(stdout);
}

void run_changes(const pair_changes& all) {
  std::vector<double> inserting;
  std::vector<double> deleting;
  for (int round = 0; round < rounds; ++round) {
    store g({.keep_us = keep_us});
    g.apply(all.pairs, all.pairs.back().at);
    components kept;
    kept.recompute(g);
    inserting.push_back(milliseconds_of([&] { kept.apply(g, g.apply(all.more, all.more.back().at)); }));
    require(kept.verify(g), "insertions");
    const bool last = round + 1 == rounds;
    if (last) report_changes("insertions", all.more.size(), median(inserting), g, kept);
    deleting.push_back(milliseconds_of([&] { kept.apply(g, g.apply({}, all.more.back().at, all.back)); }));
    require(kept.verify(g), "deletions");
    if (last) report_changes("deletions", all.back.size(), median(deleting), g, kept);
  }
}

std::FILE* opened(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "w");
  if (file == nullptr) {
    std::perror(path.c_str());
    std::exit(1);
  }
  return file;
}

void write(const std::string& path, std::span<const edge_event> edges) {
  std::FILE* const file = opened(path);
  for (const edge_event& e : edges) {
    std::fprintf(file, "%u,%u\n", static_cast<unsigned>(e.from), static_cast<unsigned>(e.to));
  }
  std::fclose(file);
}

void write_all(const std::string& folder, std::span<const edge_event> base, std::span<const edge_event> batch,
               const pair_changes& changes) {
  std::vector<edge_event> back;
  for (const edge_id e : changes.back) back.push_back(changes.pairs[static_cast<std::size_t>(e)]);
  write(folder + "/base.csv", base);
  write(folder + "/batch.csv", batch);
  write(folder + "/pairs.csv", changes.pairs);
  write(folder + "/more.csv", changes.more);
  write(folder + "/back.csv", back);
}

// Of the vertices that have an edge, after the first batch: all but exact, for others to be held to.
void write_ranks(const std::string& path, std::span<const edge_event> edges) {
  store g({.keep_us = keep_us});
  g.apply(edges, edges.back().at);
  page_rank exact({.error_max = 1e-9});
  exact.recompute(g);
  std::FILE* const file = opened(path);
  for (std::uint32_t i = 0; i < g.vertex_count(); ++i) {
    const vertex_id v{i};
    if (g.out_degree(v) + g.in_degree(v) > 0) std::fprintf(file, "%u,%.12g\n", i, exact[v]);
  }
  std::fclose(file);
}

// Ranks of the vertices that have an edge, all together, and how far at most these are from the exact ones when both
// are taken as shares of the whole: an error counts once for its rank, and once for the whole that it changes.
std::string ranks_answer(const store& g, const page_rank& of) {
  double sum = 0;
  for (std::uint32_t i = 0; i < g.vertex_count(); ++i) {
    const vertex_id v{i};
    if (g.out_degree(v) + g.in_degree(v) > 0) sum += of[v];
  }
  const double error = 2 * of.error_bound() * static_cast<double>(g.vertex_count()) / sum;
  return "\"ranks\":" + std::to_string(sum) + ",\"error_of_shares_max\":" + std::to_string(error);
}

}  // namespace

int main(int argc, char** argv) {
  const auto scale = static_cast<unsigned>(number(argc, argv, 1, 17));
  const std::size_t edges = number(argc, argv, 2, 1'000'000);
  const std::size_t batch = number(argc, argv, 3, 1'000);
  const auto stream = weir::bench::rmat_stream({.scale = scale, .edges = edges + rounds * batch});
  const auto base = std::span(stream).first(edges);
  const auto batches = std::span(stream).subspan(edges);
  const auto changes = changes_of(base);
  if (argc > 4) {
    write_all(argv[4], base, batches.first(batch), changes);
    write_ranks(argv[4] + std::string("/ranks.csv"), std::span(stream).first(edges + batch));
  }
  run_batch("components", base, batches, batch, components(),
            [](const store& g, const components& of) { return components_answer(g, of, which::with_edges); });
  run_batch("triangles", base, batches, batch, triangles(),
            [](const store&, const triangles& of) { return "\"triangles\":" + std::to_string(of.count()); });
  run_batch("pagerank", base, batches, batch, page_rank(), ranks_answer);
  run_batch("coarse pagerank", base, batches, batch, page_rank({.error_max = coarse_error}), ranks_answer);
  run_changes(changes);
}
