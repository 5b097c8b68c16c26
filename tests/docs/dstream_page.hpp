#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "stream/dstream/streaming_context.hpp"
#include "stream/intake.hpp"

// What docs/dstream.md takes for granted.
using namespace weir::stream;
using namespace std::chrono_literals;

struct payment {
  std::string id, card, merchant;
  double amount = 0;
  timestamp at{};
};

struct prologue {
  streaming_context& app;
  dstream<payment> payments;
  dstream<std::string_view> lines;
  dstream<std::pair<std::string, int>> word_counts;
  dstream<weir::graph::edge_event> edges;
  source_options source_of_transfers;
};

inline std::string_view merchant_of(std::string_view line) { return line; }
inline double first_amount(double amount) { return amount; }
inline double larger(double a, double b) { return std::max(a, b); }
inline std::optional<int> count_all(std::span<const int> values, std::optional<int> before) {
  return std::accumulate(values.begin(), values.end(), before.value_or(0));
}

#define WEIR_PAGE_NAMES(given) auto& [app, payments, lines, word_counts, edges, source_of_transfers] = given;
