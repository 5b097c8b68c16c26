// Each operator of a dstream gives, for batches cut at random, any number of threads and of parts, what loops over
// lists give.
#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tests/support/dstream_run.hpp"
#include "tests/support/naive_dstream.hpp"

namespace weir::testing {

namespace {

using namespace std::chrono_literals;
using int_pair = std::pair<int, int>;
using word_pair = std::pair<std::string, double>;

int_pair draw_pair() { return {*rc::gen::inRange(0, 6), *rc::gen::inRange(-9, 10)}; }

/// Values whose sum depends on the order in which they are added.
word_pair draw_word() {
  return {std::string(static_cast<std::size_t>(*rc::gen::inRange(0, 40)), 'x'), *rc::gen::inRange(-9, 10) / 7.0 * 1e9};
}

template <class T>
cut_rows<T> draw_batches(T (*row)()) {
  cut_rows<T> batches(*rc::gen::inRange<std::size_t>(1, 9));
  for (auto& batch : batches) {
    batch.resize(*rc::gen::inRange<std::size_t>(0, 25));
    for (auto& one : batch) one = row();
  }
  return batches;
}

template <class Body>
void property(const std::string& name, const Body& body) {
  CHECK(rc::check(name, body));
}

run_shape draw_shape() {
  return {.threads = *rc::gen::inRange<std::size_t>(1, 4), .partitions = *rc::gen::inRange<std::size_t>(1, 5)};
}

template <class T, class F>
auto batch_by_batch(const std::vector<std::vector<T>>& batches, const F& f) {
  using rows = std::invoke_result_t<const F&, const std::vector<T>&>;
  std::vector<std::pair<std::uint64_t, rows>> given;
  for (std::size_t i = 0; i < batches.size(); ++i) given.push_back({i, f(batches[i])});
  return given;
}

template <class T, class F>
std::vector<T> naive_filter(const std::vector<T>& rows, const F& f) {
  std::vector<T> given;
  for (const auto& row : rows) {
    if (f(row)) given.push_back(row);
  }
  return given;
}

template <class T, class Program, class F>
void check_batchwise(T (*row)(), const Program& program, const F& naive) {
  const auto batches = draw_batches(row);
  const bool equal = run_batches(batches, draw_shape(), program) == batch_by_batch(batches, naive);
  RC_ASSERT(equal);
}

struct drawn_window {
  std::size_t length = 1;  // batches
  std::size_t slide = 1;
};
drawn_window draw_window() { return {*rc::gen::inRange<std::size_t>(1, 6), *rc::gen::inRange<std::size_t>(1, 5)}; }
stream::duration batches_long(std::size_t count) { return std::chrono::seconds(count); }

const auto plus = [](const auto& a, const auto& b) { return a + b; };
const auto minus = [](const auto& a, const auto& b) { return a - b; };

}  // namespace

TEST_CASE("steps on single rows, fused, give what loops over lists give") {
  property("map, filter, flat_map, map_values, flat_map_values", [] {
    check_batchwise(
        draw_pair,
        [](auto rows) {
          return rows.filter([](int key, int value) { return (key + value) % 3 != 0; })
              .map([](const int_pair& pair) { return std::pair(pair.first, pair.second * 2); })
              .flat_map([](const int_pair& pair) { return std::vector(static_cast<std::size_t>(pair.first), pair); })
              .map_values([](int value) { return value + 1; })
              .flat_map_values([](int value) { return std::vector{value, -value}; });
        },
        [](const std::vector<int_pair>& rows) {
          std::vector<int_pair> given;
          for (const auto& [key, value] : rows) {
            if ((key + value) % 3 == 0) continue;
            for (int i = 0; i < key; ++i) {
              given.push_back({key, value * 2 + 1});
              given.push_back({key, -(value * 2 + 1)});
            }
          }
          return given;
        });
  });
  property("of_type", [] {
    check_batchwise(
        draw_pair,
        [](auto rows) {
          return rows
              .map([](int key, int value) {
                return key % 2 == 0 ? std::variant<int, char>(value) : std::variant<int, char>('x');
              })
              .template of_type<int>();
        },
        [](const std::vector<int_pair>& rows) {
          std::vector<int> given;
          for (const auto& [key, value] : rows) {
            if (key % 2 == 0) given.push_back(value);
          }
          return given;
        });
  });
}

TEST_CASE("operators on whole batches give what loops over lists give") {
  property("count", [] {
    check_batchwise(
        draw_pair, [](auto rows) { return rows.filter([](int key, int) { return key > 1; }).count(); },
        [](const std::vector<int_pair>& rows) {
          return std::vector<std::uint64_t>{naive_filter(rows, [](const auto& row) { return row.first > 1; }).size()};
        });
  });
  property("reduce, to the last bit of a sum of doubles", [] {
    check_batchwise(
        draw_word, [](auto rows) { return rows.map([](const word_pair& row) { return row.second; }).reduce(plus); },
        [](const std::vector<word_pair>& rows) {
          std::vector<double> values;
          for (const auto& row : rows) values.push_back(row.second);
          return values.empty() ? values : std::vector{naive_fold(values, plus)};
        });
  });
  property("transform and repartition", [] {
    check_batchwise(
        draw_pair,
        [](auto rows) {
          return rows.repartition(3).transform([](const stream::batch_rows<int_pair>& batch) {
            return std::vector<int_pair>(batch.begin(), batch.end());
          });
        },
        [](const std::vector<int_pair>& rows) { return rows; });
  });
  property("union_with", [] {
    check_batchwise(
        draw_pair, [](auto rows) { return rows.filter([](int key, int) { return key < 3; }).union_with(rows, rows); },
        [](const std::vector<int_pair>& rows) {
          auto given = naive_filter(rows, [](const auto& row) { return row.first < 3; });
          given.insert(given.end(), rows.begin(), rows.end());
          given.insert(given.end(), rows.begin(), rows.end());
          return given;
        });
  });
  property("glom and map_partitions cut a batch into parts that do not hang on the threads", [] {
    const auto batches = draw_batches(draw_pair);
    auto shape = draw_shape();
    const auto parts = [](auto rows) {
      return rows.glom().map([](const std::vector<int_pair>& part) { return part.size(); });
    };
    const auto sums = [](auto rows) {
      return rows.map_partitions([](std::span<const int_pair> part) { return std::vector{part.size()}; });
    };
    const auto side_by_side = run_batches(batches, shape, parts);
    shape.threads = 1;
    RC_ASSERT(side_by_side == run_batches(batches, shape, parts));
    RC_ASSERT(side_by_side == run_batches(batches, shape, sums));
    for (std::size_t i = 0; i < batches.size(); ++i) {
      const auto& sizes = side_by_side[i].second;
      RC_ASSERT(sizes.size() == std::min(shape.partitions, batches[i].size()));
      RC_ASSERT(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}) == batches[i].size());
    }
  });
}

TEST_CASE("operators on keys give what loops over lists give") {
  property("reduce_by_key, to the last bit of a sum of doubles", [] {
    check_batchwise(
        draw_word, [](auto rows) { return rows.reduce_by_key(plus); },
        [](const std::vector<word_pair>& rows) { return naive_reduce(rows, plus); });
  });
  property("keys that look at the batch's memory", [] {
    check_batchwise(
        draw_word,
        [](auto rows) {
          return rows
              .map([](const std::string& word, double value) { return std::pair(std::string_view(word), value); })
              .reduce_by_key(plus);
        },
        [](const std::vector<word_pair>& rows) { return naive_reduce(rows, plus); });
  });
  property("group_by_key", [] {
    check_batchwise(
        draw_word, [](auto rows) { return rows.group_by_key(); },
        [](const std::vector<word_pair>& rows) { return naive_group(rows); });
  });
  property("combine_by_key", [] {
    check_batchwise(
        draw_pair,
        [](auto rows) {
          return rows.combine_by_key([](int first) { return std::vector{first, 0}; },
                                     [](std::vector<int> sum, int next) {
                                       sum.back() += next;
                                       return sum;
                                     });
        },
        [](const std::vector<int_pair>& rows) {
          pairs<int, std::vector<int>> given;
          for (const auto& [key, values] : naive_group(rows)) {
            given.push_back({key, {values.front(), std::accumulate(values.begin() + 1, values.end(), 0)}});
          }
          return given;
        });
  });
  property("count_by_value", [] {
    check_batchwise(
        draw_pair, [](auto rows) { return rows.count_by_value(); },
        [](const std::vector<int_pair>& rows) {
          pairs<int_pair, std::uint64_t> ones;
          for (const auto& row : rows) ones.push_back({row, 1});
          return naive_reduce(ones, plus);
        });
  });
  property("cogroup", [] {
    check_batchwise(
        draw_pair,
        [](auto rows) {
          return rows.filter([](int key, int value) { return key < value; }).cogroup(rows.filter([](int key, int) {
            return key % 2 == 0;
          }));
        },
        [](const std::vector<int_pair>& rows) {
          return naive_cogroup(naive_filter(rows, [](const auto& row) { return row.first < row.second; }),
                               naive_filter(rows, [](const auto& row) { return row.first % 2 == 0; }));
        });
  });
}

namespace {

/// Any join as rows with two values that may be missing.
const auto as_full = [](int key, const auto& values) {
  return std::pair(key, std::pair(std::optional<int>(values.first), std::optional<int>(values.second)));
};

template <class Join>
void check_join(const Join& join, bool keep_left, bool keep_right) {
  check_batchwise(
      draw_pair,
      [&](auto rows) {
        return join(rows.filter([](int key, int value) { return key < value; }),
                    rows.filter([](int key, int) { return key % 2 == 0; }))
            .map(as_full);
      },
      [&](const std::vector<int_pair>& rows) {
        return naive_join(naive_filter(rows, [](const auto& row) { return row.first < row.second; }),
                          naive_filter(rows, [](const auto& row) { return row.first % 2 == 0; }), keep_left,
                          keep_right);
      });
}

}  // namespace

TEST_CASE("joins of two batches give what loops over lists give") {
  property("join", [] { check_join([](auto left, auto right) { return left.join(right); }, false, false); });
  property("left_outer_join",
           [] { check_join([](auto left, auto right) { return left.left_outer_join(right); }, true, false); });
  property("right_outer_join",
           [] { check_join([](auto left, auto right) { return left.right_outer_join(right); }, false, true); });
  property("full_outer_join",
           [] { check_join([](auto left, auto right) { return left.full_outer_join(right); }, true, true); });
}

TEST_CASE("windows of batch time give what loops over lists give") {
  property("window", [] {
    const auto batches = draw_batches(draw_pair);
    const auto [length, slide] = draw_window();
    const auto given = run_batches(batches, draw_shape(),
                                   [&](auto rows) { return rows.window(batches_long(length), batches_long(slide)); });
    RC_ASSERT(given == naive_windows(batches, length, slide, [](const auto& rows) { return rows; }));
  });
  property("group_by_key_and_window", [] {
    const auto batches = draw_batches(draw_word);
    const auto [length, slide] = draw_window();
    const auto given = run_batches(batches, draw_shape(), [&](auto rows) {
      return rows.group_by_key_and_window(batches_long(length), batches_long(slide));
    });
    const bool equal =
        given == naive_windows(batches, length, slide, [](const auto& rows) { return naive_group(rows); });
    RC_ASSERT(equal);
  });
  property("reduce_by_key_and_window, with an inverse and without", [] {
    const auto batches = draw_batches(draw_pair);
    const auto [length, slide] = draw_window();
    const auto shape = draw_shape();
    const auto without = run_batches(batches, shape, [&](auto rows) {
      return rows.reduce_by_key_and_window(plus, batches_long(length), batches_long(slide));
    });
    const auto with = run_batches(batches, shape, [&](auto rows) {
      return rows.reduce_by_key_and_window(plus, minus, batches_long(length), batches_long(slide));
    });
    const auto expected = naive_keyed_windows(batches, length, slide, plus);
    RC_ASSERT(without == expected);
    RC_ASSERT(with == expected);
    auto kept = expected;
    for (auto& [number, sums] : kept) std::erase_if(sums, [](const int_pair& sum) { return sum.second <= 0; });
    RC_ASSERT(kept == run_batches(batches, shape, [&](auto rows) {
                return rows.reduce_by_key_and_window(plus, minus, batches_long(length), batches_long(slide),
                                                     [](int, int sum) { return sum > 0; });
              }));
  });
  property("reduce_by_window, with an inverse and without, and count_by_window", [] {
    const auto batches = draw_batches(draw_pair);
    const auto [length, slide] = draw_window();
    const auto values = [](const int_pair& row) { return row.second; };
    const auto without = run_batches(batches, draw_shape(), [&](auto rows) {
      return rows.map(values).reduce_by_window(plus, batches_long(length), batches_long(slide));
    });
    const auto with = run_batches(batches, draw_shape(), [&](auto rows) {
      return rows.map(values).reduce_by_window(plus, minus, batches_long(length), batches_long(slide));
    });
    const auto counts = run_batches(batches, draw_shape(), [&](auto rows) {
      return rows.count_by_window(batches_long(length), batches_long(slide));
    });
    const auto expected = naive_windows(batches, length, slide, [&](const auto& rows) {
      std::vector<int> sum;
      for (const auto& row : rows) sum.empty() ? sum.push_back(row.second) : void(sum.front() += row.second);
      return sum;
    });
    RC_ASSERT(without == expected);
    RC_ASSERT(with == expected);
    RC_ASSERT(counts == naive_windows(batches, length, slide,
                                      [](const auto& rows) { return std::vector<std::uint64_t>{rows.size()}; }));
  });
  property("count_by_value_and_window", [] {
    const auto batches = draw_batches(draw_pair);
    const auto [length, slide] = draw_window();
    const auto given = run_batches(batches, draw_shape(), [&](auto rows) {
      return rows.count_by_value_and_window(batches_long(length), batches_long(slide));
    });
    cut_rows<std::pair<int_pair, std::uint64_t>> ones(batches.size());
    for (std::size_t i = 0; i < batches.size(); ++i) {
      for (const auto& row : batches[i]) ones[i].push_back({row, 1});
    }
    RC_ASSERT(given == naive_keyed_windows(ones, length, slide, plus));
  });
  property("a window over a window", [] {
    const auto batches = draw_batches(draw_pair);
    const auto given = run_batches(batches, draw_shape(), [](auto rows) { return rows.window(2s, 2s).window(4s, 4s); });
    RC_ASSERT(given == naive_windows(batches, 4, 4, [](const auto& rows) { return rows; }));
  });
}

TEST_CASE("states by key are what loops over lists give") {
  property("update_state_by_key", [] {
    const auto batches = draw_batches(draw_word);
    const pairs<std::string, double> initial{{"xx", 1.5}, {"y", -3}, {"", 1e9}};
    const auto next = [](const auto& values, std::optional<double> before) -> std::optional<double> {
      double sum = before.value_or(0);
      for (const double value : values) sum += value;
      return sum < 0 ? std::nullopt : std::optional(sum / 2);
    };
    const auto given = run_batches(batches, draw_shape(),
                                   [&](auto rows) { return rows.template update_state_by_key<double>(next, initial); });
    const bool equal = given == naive_states(batches, initial, next);
    RC_ASSERT(equal);
  });
}

}  // namespace weir::testing
