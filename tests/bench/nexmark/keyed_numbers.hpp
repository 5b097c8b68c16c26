#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

/// The four jobs on pairs of numbers that one operator each is measured with, and what they answer by brute force.
namespace weir::bench::nexmark {

using keyed_number = std::pair<std::int32_t, std::int32_t>;
using sums = std::map<std::int32_t, std::int32_t>;

/// Keys from 0 to 99,999, numbers from 1 to 1,000: random but always the same.
std::vector<keyed_number> make_keyed_numbers(std::size_t count);

/// map and filter: each number doubled and one more, those kept that three divides.
std::vector<keyed_number> mapped_and_filtered(std::span<const keyed_number> rows);

/// reduceByKey: of each batch of so many rows the sums of its keys.
std::vector<sums> sums_of_batches(std::span<const keyed_number> rows, std::size_t batch_rows);

inline constexpr std::size_t window_batches = 10;

/// reduceByKeyAndWindow: after each batch the sums of the keys in the last ten batches; those that are there only.
std::vector<sums> sums_of_windows(std::span<const keyed_number> rows, std::size_t batch_rows);

/// mapWithState: each key with the sum of its numbers so far, a row each.
std::vector<keyed_number> running_sums(std::span<const keyed_number> rows);

}  // namespace weir::bench::nexmark
