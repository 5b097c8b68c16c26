// Temporal cycles in AMLSim's sample, by length: the counts of two other programs (the data's README). And in small, on
// a stream of which all cycles are known.
#include <zlib.h>

#include <catch2/catch.hpp>
#include <charconv>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "graph/algorithms/temporal_cycles.hpp"
#include "graph/store.hpp"

namespace weir::graph {

namespace {

constexpr std::int64_t step_us = 3'600'000'000;  // the sample's time is in steps, taken as hours

std::string read_gzip(const std::string& path) {
  std::string text;
  const gzFile file = gzopen(path.c_str(), "rb");
  std::vector<char> some(1 << 16);
  for (int n = 0; (n = gzread(file, some.data(), static_cast<unsigned>(some.size()))) > 0;) {
    text.append(some.data(), static_cast<std::size_t>(n));
  }
  gzclose(file);
  return text;
}

template <class Number>
Number take_number(const char*& at, const char* end) {
  Number number{};
  at = std::from_chars(at, end, number).ptr;
  while (at < end && (*at == ',' || *at == '\r' || *at == '\n')) ++at;
  return number;
}

std::vector<edge_event> transfers_of(const std::string& csv) {
  std::vector<edge_event> edges;
  const char* at = csv.data() + csv.find('\n') + 1;
  const char* const end = csv.data() + csv.size();
  while (at < end) {
    const auto from = take_number<std::uint32_t>(at, end);
    const auto to = take_number<std::uint32_t>(at, end);
    const auto value = take_number<double>(at, end);
    const auto step = take_number<std::int64_t>(at, end);
    edges.push_back(
        {vertex_id{from}, vertex_id{to}, time_us{step * step_us}, static_cast<std::int64_t>(value * 100 + 0.5)});
  }
  return edges;
}

using counts = std::map<std::size_t, std::uint64_t>;

// In batches of so many edges; each edge is asked about when its batch is in.
counts cycles_of(const std::vector<edge_event>& edges, std::int64_t within_us, std::size_t batch) {
  store g({.keep_us = within_us});
  counts found;
  for (std::size_t i = 0; i < edges.size(); i += batch) {
    const auto some = std::span(edges).subspan(i, std::min(batch, edges.size() - i));
    const delta& changed = g.apply(some, some.front().at);  // so that the first can still see what it may
    for (const edge& e : changed.inserted()) {
      const auto search = find_cycles(g, e, {.length_min = 2, .length_max = 12, .within_us = within_us},
                                      [&](cycle_view cycle) { return ++found[cycle.size()] > 0; });
      REQUIRE_FALSE(search.truncated);
    }
  }
  return found;
}

}  // namespace

TEST_CASE("AMLSim's transfers have the reference counts of temporal cycles, for any size of batch") {
  const std::string path = WEIR_SHARED_DATA "/amlsim/transactions.csv.gz";
  if (!std::filesystem::exists(path)) {
    WARN("not tested: the file " << path << " is not there");
    return;
  }
  const auto transfers = transfers_of(read_gzip(path));
  REQUIRE(transfers.size() == 117'805);
  for (const std::size_t batch : {std::size_t{1}, std::size_t{1'000}, std::size_t{50'000}}) {
    CHECK(cycles_of(transfers, 10 * step_us, batch) == counts{{2, 126}, {3, 32}, {4, 3}});
    CHECK(cycles_of(transfers, 20 * step_us, batch) == counts{{2, 220}, {3, 179}, {4, 65}, {5, 5}, {6, 3}, {7, 1}});
  }
}

TEST_CASE("planted cycles are all found among transfers that make none, for any size of batch") {
  std::mt19937 random(3);
  std::vector<edge_event> edges;
  std::int64_t step = 0;
  counts planted;
  for (std::uint32_t ring = 0; ring < 40; ++ring) {
    const std::uint32_t length = 2 + ring % 6;
    for (std::uint32_t i = 0; i < length; ++i) {
      const std::uint32_t first = 10'000 + ring * 10;
      edges.push_back({vertex_id{first + i}, vertex_id{first + (i + 1) % length}, time_us{++step * step_us}, 1});
      for (int n = 0; n < 5; ++n) {  // from lower to higher: no way back
        const auto from = static_cast<std::uint32_t>(random() % 500);
        edges.push_back({vertex_id{from}, vertex_id{from + 1 + static_cast<std::uint32_t>(random() % 400)},
                         time_us{step * step_us}, 1});
      }
    }
    if (length <= 6) ++planted[length];  // the others take one step too many
  }
  for (const std::size_t batch : {std::size_t{1}, std::size_t{37}, edges.size()}) {
    CHECK(cycles_of(edges, 5 * step_us, batch) == planted);
  }
}

}  // namespace weir::graph
