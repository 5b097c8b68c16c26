// Features on streams that are drawn by hand.
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "graph/features/transaction_features.hpp"
#include "tests/graph/small_graph.hpp"

namespace weir::graph {

namespace {

double value(const feature_table& table, const std::string& name, std::size_t row) {
  for (const feature_column& column : table.columns()) {
    if (column.name != name) continue;
    return std::visit([row](const auto& values) { return static_cast<double>(values.at(row)); }, column.values);
  }
  FAIL("there is no column " << name);
  return 0;
}

edge_event transfer(vertex_id from, vertex_id to, std::int64_t at, std::int64_t weight) {
  return {from, to, time_us{at}, weight};
}

}  // namespace

TEST_CASE("each group of features looks back over its own window") {
  transaction_features features({.degree_us = 100, .fan_us = 5});
  const auto& table = features.apply(std::vector{pay(a, b, 0), pay(a, b, 5), pay(a, c, 6), pay(a, c, 200)});
  CHECK(value(table, "from_out_degree", 2) == 3);
  CHECK(value(table, "from_fan_out", 1) == 1);
  CHECK(value(table, "from_fan_out", 2) == 2);
  CHECK(value(table, "from_out_degree", 3) == 1);
  CHECK(value(table, "to_in_degree", 3) == 1);
}

TEST_CASE("flows tell how the weights of both ends are spread") {
  transaction_features features({.flow_us = 10});
  const std::vector stream{transfer(a, b, 0, 2), transfer(a, b, 1, 4), transfer(c, b, 2, 9), transfer(a, b, 11, 4)};
  const auto& table = features.apply(stream);
  CHECK(value(table, "to_in_sum", 2) == 15);
  CHECK(value(table, "to_in_mean", 2) == 5);
  CHECK(value(table, "to_in_min", 2) == 2);
  CHECK(value(table, "to_in_max", 2) == 9);
  CHECK(value(table, "to_in_std", 2) == Approx(std::sqrt(26.0 / 3)));
  CHECK(value(table, "from_in_sum", 2) == 0);
  CHECK(value(table, "from_out_skew", 3) == 0);  // 4 and 4
  CHECK(value(table, "from_out_sum", 3) == 8);
}

TEST_CASE("a transaction is told the patterns that it completes") {
  transaction_features features(
      {.scatter_gather_us = 100, .gather_scatter_us = 100, .temporal_cycles_us = 100, .simple_cycles_us = 100});
  // a reaches d over b and c, and d pays it back.
  const std::vector stream{pay(a, b, 1), pay(a, c, 1), pay(b, d, 2), pay(c, d, 3), pay(d, a, 4)};
  const auto& table = features.apply(stream);
  CHECK(value(table, "scatter_gather_width", 2) == 1);
  CHECK(value(table, "scatter_gather_width", 3) == 2);
  CHECK(value(table, "scatter_gather_sources", 3) == 1);
  CHECK(value(table, "gather_scatter_width", 4) == 1);
  CHECK(value(table, "temporal_cycles_3", 4) == 2);
  CHECK(value(table, "simple_cycles_3", 4) == 2);
  CHECK(value(table, "truncated", 4) == 0);
}

TEST_CASE("a simple cycle need not be in the order of time") {
  transaction_features features({.temporal_cycles_us = 100, .simple_cycles_us = 100});
  const auto& table = features.apply(std::vector{pay(b, c, 1), pay(a, b, 2), pay(c, a, 3)});
  CHECK(value(table, "temporal_cycles_3", 2) == 0);
  CHECK(value(table, "simple_cycles_3", 2) == 1);
}

TEST_CASE("a hub is searched no further than the limit, and that is told") {
  std::vector<edge_event> stream;
  for (std::uint32_t i = 0; i < 5'000; ++i) stream.push_back(pay(vertex_id{10 + i}, a, i));
  for (std::uint32_t i = 0; i < 5'000; ++i) stream.push_back(pay(a, vertex_id{10 + i}, 5'000 + i));
  transaction_features features({.gather_scatter_us = 100'000, .simple_cycles_us = 100'000, .steps_max = 1'000});
  const auto& table = features.apply(stream);
  CHECK(value(table, "truncated", 100) == 0);
  CHECK(value(table, "truncated", 9'999) == 2);
}

TEST_CASE("a source that pays a middleman twice reaches the sink over one") {
  transaction_features features({.scatter_gather_us = 100});
  const std::vector stream{pay(a, b, 1), pay(a, b, 2), pay(a, c, 2), pay(b, d, 3), pay(b, d, 4), pay(c, d, 5)};
  CHECK(value(features.apply(stream), "scatter_gather_width", 5) == 2);
}

TEST_CASE("a stream of many windows is the same one by one and as a whole") {
  std::vector<edge_event> stream;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    stream.push_back(transfer(vertex_id{i * 7 % 11}, vertex_id{i * 5 % 13}, i, i % 17));
  }
  const feature_options options{.degree_us = 30, .fan_us = 20, .flow_us = 10};
  const feature_table whole = transaction_features(options).apply(stream);
  transaction_features batches(options);
  bool same = true;
  for (std::size_t at = 0; at < stream.size(); ++at) {
    const auto& table = batches.apply(std::span(stream).subspan(at, 1));
    for (const char* name : {"to_in_degree", "from_fan_out", "to_in_sum"}) {
      same = same && value(table, name, 0) == value(whole, name, at);
    }
  }
  CHECK(same);
}

TEST_CASE("all that a long stream left is forgotten after a silence") {
  std::vector<edge_event> stream;
  for (std::int64_t i = 0; i < 200'000; ++i) stream.push_back(pay(a, b, i));
  transaction_features features({.degree_us = 1'000'000, .fan_us = 1'000'000, .flow_us = 1'000'000});
  CHECK(value(features.apply(stream), "to_in_degree", 199'999) == 200'000);
  const auto& table = features.apply(std::vector{pay(a, b, 5'000'000), pay(c, b, 5'000'001)});
  CHECK(value(table, "to_in_degree", 1) == 2);
  CHECK(value(table, "to_fan_in", 1) == 2);
  CHECK(value(table, "to_in_sum", 1) == 2);
}

TEST_CASE("a limit of steps cuts the same searches, whether what comes later is there already or not") {
  const feature_options options{.gather_scatter_us = 100, .simple_cycles_us = 100, .steps_max = 1};
  const std::vector stream{pay(a, b, 1), pay(a, c, 2), pay(b, d, 3), pay(d, a, 4)};
  const feature_table whole = transaction_features(options).apply(stream);
  transaction_features one_by_one(options);
  for (std::size_t row = 0; row < stream.size(); ++row) {
    const auto& table = one_by_one.apply(std::vector{stream[row]});
    CHECK(value(table, "truncated", 0) == value(whole, "truncated", row));
  }
}

TEST_CASE("the table names its columns before there are rows, and only those of groups with a window") {
  const transaction_features none(feature_options{});
  REQUIRE(none.table().columns().size() == 1);
  CHECK(none.table().columns().front().name == "truncated");
  const transaction_features cycles({.simple_cycles_us = 1, .simple_length_max = 4});
  CHECK(cycles.table().columns().size() == 4);
}

}  // namespace weir::graph
