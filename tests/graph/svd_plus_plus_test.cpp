#include "graph/algorithms/svd_plus_plus.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "graph/store.hpp"

namespace weir::graph {

namespace {

constexpr std::uint32_t users = 60;
constexpr std::uint32_t items = 40;

// Tastes of two kinds: who likes the one half dislikes the other.
std::int64_t taste(std::uint32_t user, std::uint32_t item) { return user % 2 == item % 2 ? 5 : 1; }

// Two thirds of all pairs; the rest is to be predicted.
bool is_known(std::uint32_t user, std::uint32_t item) { return (user * 7 + item * 11) % 3 != 0; }

store ratings() {
  std::vector<edge_event> edges;
  for (std::uint32_t u = 0; u < users; ++u) {
    for (std::uint32_t i = 0; i < items; ++i) {
      if (is_known(u, i)) edges.push_back({vertex_id{u}, vertex_id{users + i}, time_us{1}, taste(u, i)});
    }
  }
  store g({.keep_us = 10});
  g.apply(edges, time_us{1});
  return g;
}

// Root of the mean square, over what was not known.
double error_of(const svd_plus_plus& model) {
  double squares = 0;
  int count = 0;
  for (std::uint32_t u = 0; u < users; ++u) {
    for (std::uint32_t i = 0; i < items; ++i) {
      if (is_known(u, i)) continue;
      const double error = model.predict(vertex_id{u}, vertex_id{users + i}) - static_cast<double>(taste(u, i));
      squares += error * error;
      ++count;
    }
  }
  return std::sqrt(squares / count);
}

}  // namespace

TEST_CASE("SVD++ predicts ratings that it has not seen") {
  const store g = ratings();
  svd_plus_plus model({.rank = 4, .rounds = 100, .rating_min = 1, .rating_max = 5});
  CHECK(model.predict(vertex_id{0}, vertex_id{users}) == 1);  // nothing known but the least
  model.recompute(g);
  CHECK(model.mean() == Approx(3).margin(0.2));
  CHECK(error_of(model) < 0.3);  // the mean alone is 2 off
  CHECK(model.predict(vertex_id{1'000}, vertex_id{2'000}) == Approx(model.mean()));
}

TEST_CASE("SVD++ is the same each time, and more rounds are nearer") {
  const store g = ratings();
  svd_plus_plus some({.rank = 4, .rounds = 5});
  svd_plus_plus again({.rank = 4, .rounds = 5});
  svd_plus_plus more({.rank = 4, .rounds = 100});
  for (svd_plus_plus* model : {&some, &again, &more}) model->recompute(g);
  CHECK(error_of(some) == error_of(again));
  CHECK(error_of(more) < error_of(some));
  some.recompute(g);
  CHECK(error_of(some) == error_of(again));
}

TEST_CASE("SVD++ of a graph without edges predicts nothing") {
  const store none({.keep_us = 10});
  svd_plus_plus model;
  model.recompute(none);
  CHECK(model.predict(vertex_id{0}, vertex_id{1}) == 0);
}

}  // namespace weir::graph
