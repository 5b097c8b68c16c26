#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "stream/dstream/steps.hpp"

namespace weir::stream {

/// Folds all rows of a batch into one, in their order: no row where the batch is empty.
template <class Pipe, class T, class F>
class fold_all_node final : public node<T> {
 public:
  fold_all_node(Pipe pipe, F f)
      : node<T>(pipe.from->room(), "reduce", {pipe.from}, pipe.from->slide()),
        pipe_(std::move(pipe)),
        f_(std::move(f)) {}

  void run(const batch_info&) override {
    sum_.clear();
    for (std::size_t part = 0; part < pipe_.parts(); ++part) {
      pipe_.run_part(part, [this](auto&& row) {
        if (sum_.empty()) {
          sum_.push_back(static_cast<T>(std::forward<decltype(row)>(row)));
        } else {
          sum_.front() = f_(std::as_const(sum_.front()), std::forward<decltype(row)>(row));
        }
      });
    }
    this->rows_.clear();
    if (!sum_.empty()) this->rows_.add(sum_);
  }

 private:
  Pipe pipe_;
  F f_;
  row_vector<T> sum_;  // one row or none
};

/// How many rows a batch has, as its one row.
template <class Pipe>
class count_node final : public node<std::uint64_t> {
 public:
  explicit count_node(Pipe pipe)
      : node<std::uint64_t>(pipe.from->room(), "count", {pipe.from}, pipe.from->slide()), pipe_(std::move(pipe)) {}

  void run(const batch_info&) override {
    counts_.assign(pipe_.parts(), 0);
    this->room().workers.run(pipe_.parts(), [this](std::size_t part) {
      std::uint64_t rows = 0;
      pipe_.run_part(part, [&rows](const auto&) { ++rows; });
      counts_[part] = rows;
    });
    sum_[0] = 0;
    for (const auto rows : counts_) sum_[0] += rows;
    this->rows_.clear();
    this->rows_.add(sum_);
  }

 private:
  Pipe pipe_;
  std::vector<std::uint64_t> counts_;  // by part
  std::uint64_t sum_[1] = {};
};

}  // namespace weir::stream
