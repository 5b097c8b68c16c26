// How many transactions a second get their graph features?
//
// usage: graph_features [TRANSFERS [ACCOUNTS [BATCH]]]: transfers as in AMLSim's sample (transfers_draw.hpp), in
// batches of BATCH; each group of features over ten steps, simple cycles of up to ten edges. A line of JSON for each
// group, with the sum of each column, so that another program's answers can be compared. What is checked before: that
// the first transactions have the features that their slow twin finds in the list of all. graph_features --write FILE
// [TRANSFERS [ACCOUNTS]]: the transfers as CSV, for other programs: edge, from, to, step, amount.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "graph/features/transaction_features.hpp"
#include "tests/bench/arguments.hpp"
#include "tests/bench/transfers_draw.hpp"
#include "tests/support/naive_features.hpp"

using namespace weir::graph;
namespace bench = weir::bench;
using bench::number;

namespace {

constexpr std::int64_t window_us = 10 * bench::step_us;
constexpr std::size_t checked = 400;
constexpr int runs = 3;

struct group {
  const char* name;
  feature_options options;
};

std::vector<group> groups() {
  return {{"fan", {.fan_us = window_us}},
          {"degree", {.degree_us = window_us}},
          {"flow", {.flow_us = window_us}},
          {"temporal cycles", {.temporal_cycles_us = window_us, .temporal_length_max = 10}},
          {"scatter-gather", {.scatter_gather_us = window_us}},
          {"gather-scatter", {.gather_scatter_us = window_us}},
          {"simple cycles", {.simple_cycles_us = window_us, .simple_length_max = 10}},
          {"all but simple cycles",
           {.degree_us = window_us,
            .fan_us = window_us,
            .flow_us = window_us,
            .scatter_gather_us = window_us,
            .gather_scatter_us = window_us,
            .temporal_cycles_us = window_us,
            .temporal_length_max = 10}}};
}

bool is_right(const feature_column& column, std::size_t row, const weir::testing::naive_row& right) {
  if (const auto* counts = std::get_if<std::vector<std::int64_t>>(&column.values)) {
    return (*counts)[row] == right.counts.at(column.name);
  }
  const double found = std::get<std::vector<double>>(column.values)[row];
  const double expected = right.reals.at(column.name);
  return std::abs(found - expected) <= 1e-6 * std::max({1.0, std::abs(found), std::abs(expected)});
}

void require_right(std::span<const edge_event> stream, const group& of) {
  const std::vector first(stream.begin(),
                          stream.begin() + static_cast<std::ptrdiff_t>(std::min(checked, stream.size())));
  const auto right = weir::testing::naive_features(first, of.options);
  transaction_features features(of.options);
  const auto& table = features.apply(first);
  for (std::size_t row = 0; row < first.size(); ++row) {
    for (const feature_column& column : table.columns()) {
      if (is_right(column, row, right[row])) continue;
      std::fprintf(stderr, "%s of transaction %zu is not what the list of all gives\n", column.name.c_str(), row);
      std::exit(1);
    }
  }
}

// The sums of all columns, and how long it took.
struct outcome {
  std::vector<double> sums;
  double seconds = 0;
};

outcome run(std::span<const edge_event> stream, const feature_options& options, std::size_t batch) {
  using clock = std::chrono::steady_clock;
  transaction_features features(options);
  outcome all{.sums = std::vector<double>(features.table().columns().size()), .seconds = 0};
  for (std::size_t at = 0; at < stream.size(); at += batch) {
    const auto some = stream.subspan(at, std::min(batch, stream.size() - at));
    const auto start = clock::now();
    const auto& table = features.apply(some);
    all.seconds += std::chrono::duration<double>(clock::now() - start).count();
    for (std::size_t c = 0; c < all.sums.size(); ++c) {
      const auto add = [&](const auto& values) {
        for (const auto value : values) all.sums[c] += static_cast<double>(value);
      };
      std::visit(add, table.columns()[c].values);
    }
  }
  return all;
}

void report(std::span<const edge_event> stream, const group& of, std::size_t batch) {
  std::vector<outcome> outcomes;
  for (int i = 0; i < runs; ++i) outcomes.push_back(run(stream, of.options, batch));
  std::ranges::sort(outcomes, {}, &outcome::seconds);
  const outcome& median = outcomes[runs / 2];
  std::printf(R"({"group":"%s","transactions":%zu,"per_second":%.0f,"sums":{)", of.name, stream.size(),
              static_cast<double>(stream.size()) / median.seconds);
  const transaction_features features(of.options);
  const auto& columns = features.table().columns();
  for (std::size_t c = 0; c < columns.size(); ++c) {
    std::printf(R"(%s"%s":%.6g)", c == 0 ? "" : ",", columns[c].name.c_str(), median.sums[c]);
  }
  std::printf("}}\n");
  std::fflush(stdout);
}

int write(const char* path, const bench::transfers_plan& p) {
  std::FILE* const file = std::fopen(path, "w");
  if (file == nullptr) {
    std::perror(path);
    return 1;
  }
  std::size_t id = 0;
  for (const edge_event& e : bench::draw_transfers(p)) {
    std::fprintf(file, "%zu,%u,%u,%lld,%lld\n", id++, static_cast<unsigned>(e.from), static_cast<unsigned>(e.to),
                 static_cast<long long>(static_cast<std::int64_t>(e.at) / bench::step_us),
                 static_cast<long long>(e.weight));
  }
  return std::fclose(file) == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const bool writes = argc > 2 && std::strcmp(argv[1], "--write") == 0;
  const int first = writes ? 3 : 1;
  bench::transfers_plan p;
  p.transfers = number(argc, argv, first, p.transfers);
  p.accounts = static_cast<std::uint32_t>(number(argc, argv, first + 1, p.accounts));
  if (writes) return write(argv[2], p);
  const std::size_t batch = number(argc, argv, 3, 4'096);
  const auto stream = bench::draw_transfers(p);
  for (const group& of : groups()) {
    require_right(stream, of);
    report(stream, of, batch);
  }
}
