// Features of transactions: what is computed batch by batch is what a look at the list of all edges finds, and no cut
// into batches changes a bit.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "graph/features/transaction_features.hpp"
#include "tests/property/graph_draw.hpp"
#include "tests/support/naive_features.hpp"

using namespace weir::graph;
using namespace weir::testing;

namespace {

// More make more cycles than a list of them can hold.
constexpr std::size_t transactions_max = 60;

struct drawn {
  std::vector<graph_batch> batches;  // of edges only
  feature_options options;
  std::size_t few_steps = 0;
};

drawn draw() {
  drawn all;
  std::size_t left = transactions_max;
  for (graph_batch& batch : draw_graph_batches(*rc::gen::scale(3.0, rc::gen::arbitrary<tape>()))) {
    batch.edges.resize(std::min(left, batch.edges.size()));
    left -= batch.edges.size();
    all.batches.push_back(std::move(batch));
  }
  const tape windows = *rc::gen::arbitrary<tape>();
  tape_reader choices(windows);
  auto& o = all.options;
  for (auto* window : {&o.degree_us, &o.fan_us, &o.flow_us, &o.scatter_gather_us, &o.gather_scatter_us,
                       &o.temporal_cycles_us, &o.simple_cycles_us}) {
    if (!choices.once_in(6)) *window = static_cast<std::int64_t>(choices.choose(25));
  }
  o.temporal_length_max = 2 + choices.choose(4);
  o.simple_length_max = 2 + choices.choose(4);
  all.few_steps = 1 + choices.choose(20);
  return all;
}

std::vector<edge_event> stream_of(const drawn& all) {
  std::vector<edge_event> stream;
  for (const graph_batch& batch : all.batches) stream.insert(stream.end(), batch.edges.begin(), batch.edges.end());
  return stream;
}

std::int64_t count(const feature_column& column, std::size_t row) {
  return std::get<std::vector<std::int64_t>>(column.values)[row];
}
double real(const feature_column& column, std::size_t row) { return std::get<std::vector<double>>(column.values)[row]; }

bool near(double a, double b) { return std::abs(a - b) <= 1e-6 * std::max({1.0, std::abs(a), std::abs(b)}); }

// What differs, or nothing.
std::string difference(const feature_table& table, std::size_t i, const naive_row& row) {
  if (table.columns().size() != row.counts.size() + row.reals.size()) return "columns";
  for (const feature_column& column : table.columns()) {
    const bool is_real = std::holds_alternative<std::vector<double>>(column.values);
    if (is_real ? !row.reals.contains(column.name) : !row.counts.contains(column.name)) return "column " + column.name;
    if (is_real ? !near(real(column, i), row.reals.at(column.name)) : count(column, i) != row.counts.at(column.name)) {
      const auto shown = is_real
                             ? std::to_string(real(column, i)) + ", not " + std::to_string(row.reals.at(column.name))
                             : std::to_string(count(column, i)) + ", not " + std::to_string(row.counts.at(column.name));
      return column.name + ": " + shown;
    }
  }
  return {};
}

}  // namespace

TEST_CASE("features are what the list of all edges before a transaction gives") {
  CHECK(rc::check([] {
    const drawn all = draw();
    const auto slow = naive_features(stream_of(all), all.options);
    transaction_features fast(all.options);
    std::size_t at = 0;
    for (const graph_batch& batch : all.batches) {
      const feature_table& table = fast.apply(batch.edges);
      for (std::size_t i = 0; i < batch.edges.size(); ++i, ++at) {
        const auto differs = difference(table, i, slow[at]);
        if (!differs.empty())
          RC_FAIL("transaction " + std::to_string(at) + ", " + differs + "\n" + to_text(all.batches));
      }
    }
  }));
}

TEST_CASE("features are the same, to the bit, for any cut into batches") {
  CHECK(rc::check([] {
    drawn all = draw();
    if (all.few_steps % 2 == 0) all.options.steps_max = all.few_steps;
    const auto stream = stream_of(all);
    const feature_table whole = transaction_features(all.options).apply(stream);
    transaction_features cut(all.options);
    std::size_t at = 0;
    for (const graph_batch& batch : all.batches) {
      feature_table expected = cut.table();
      expected.begin(batch.edges.size());
      for (std::size_t c = 0; c < expected.columns().size(); ++c) {
        for (std::size_t i = 0; i < batch.edges.size(); ++i) {
          std::visit([&](const auto& values) { expected.set(c, i, values[at + i]); }, whole.columns()[c].values);
        }
      }
      if (!(cut.apply(batch.edges) == expected)) RC_FAIL(to_text(all.batches));
      at += batch.edges.size();
    }
  }));
}

TEST_CASE("a search that is cut short says so, and finds no more than there is") {
  CHECK(rc::check([] {
    drawn all = draw();
    const auto slow = naive_features(stream_of(all), all.options);
    all.options.steps_max = all.few_steps;
    const feature_table table = transaction_features(all.options).apply(stream_of(all));
    const auto& columns = table.columns();
    for (std::size_t i = 0; i < slow.size(); ++i) {
      const bool cut = count(columns.back(), i) > 0;
      for (const feature_column& column : columns) {
        if (column.name == "truncated" || std::holds_alternative<std::vector<double>>(column.values)) continue;
        const auto right = slow[i].counts.at(column.name);
        if (cut ? count(column, i) > right && column.name.find("cycles") != std::string::npos
                : count(column, i) != right) {
          RC_FAIL(column.name + " of transaction " + std::to_string(i) + "\n" + to_text(all.batches));
        }
      }
    }
  }));
}
