#include "tests/bench/nexmark/keyed_numbers.hpp"

#include <algorithm>

#include "tests/bench/nexmark/draws.hpp"

namespace weir::bench::nexmark {

namespace {

constexpr std::uint64_t seed = 42;
constexpr std::uint64_t keys = 100'000;
constexpr std::uint64_t greatest = 1'000;

sums sums_of(std::span<const keyed_number> rows) {
  sums all;
  for (const auto& [key, number] : rows) all[key] += number;
  return all;
}

}  // namespace

std::vector<keyed_number> make_keyed_numbers(std::size_t count) {
  draws random(seed, 0);
  std::vector<keyed_number> rows(count);
  for (auto& [key, number] : rows) {
    key = static_cast<std::int32_t>(random.below(keys));
    number = static_cast<std::int32_t>(1 + random.below(greatest));
  }
  return rows;
}

std::vector<keyed_number> mapped_and_filtered(std::span<const keyed_number> rows) {
  std::vector<keyed_number> kept;
  for (const auto& [key, number] : rows) {
    if ((2 * number + 1) % 3 == 0) kept.emplace_back(key, 2 * number + 1);
  }
  return kept;
}

std::vector<sums> sums_of_batches(std::span<const keyed_number> rows, std::size_t batch_rows) {
  std::vector<sums> all;
  for (std::size_t from = 0; from < rows.size(); from += batch_rows) {
    all.push_back(sums_of(rows.subspan(from, std::min(batch_rows, rows.size() - from))));
  }
  return all;
}

std::vector<sums> sums_of_windows(std::span<const keyed_number> rows, std::size_t batch_rows) {
  std::vector<sums> all;
  for (std::size_t from = 0; from < rows.size(); from += batch_rows) {
    const std::size_t end = std::min(from + batch_rows, rows.size());
    const std::size_t begin = from - std::min(from, (window_batches - 1) * batch_rows);
    all.push_back(sums_of(rows.subspan(begin, end - begin)));
  }
  return all;
}

std::vector<keyed_number> running_sums(std::span<const keyed_number> rows) {
  sums so_far;
  std::vector<keyed_number> all;
  for (const auto& [key, number] : rows) all.emplace_back(key, so_far[key] += number);
  return all;
}

}  // namespace weir::bench::nexmark
