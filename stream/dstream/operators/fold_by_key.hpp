#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "stream/dstream/exchange.hpp"
#include "stream/dstream/steps.hpp"

namespace weir::stream {

/// Folds the values of each key, in the batch's order: the first by `create`, the others by `add(sum, value)`. Keys
/// come in the order of their first appearance.
template <class Pipe, class K, class V, class Sum, class Create, class Add>
class fold_by_key_node final : public node<std::pair<K, Sum>> {
 public:
  fold_by_key_node(Pipe pipe, std::string name, Create create, Add add)
      : node<std::pair<K, Sum>>(pipe.from->room(), std::move(name), {pipe.from}, pipe.from->slide()),
        pipe_(std::move(pipe)),
        create_(std::move(create)),
        add_(std::move(add)),
        shards_(this->room().workers.threads()),
        first_rows_(shards_.size()) {}

  void run(const batch_info&) override {
    for (auto& shard : shards_) shard.clear();
    for (auto& rows : first_rows_) rows.clear();
    exchange_.run(pipe_, this->room().workers,
                  [this](std::size_t shard, std::uint64_t row, std::uint64_t hash, const auto& key, auto&& value) {
                    auto& table = shards_[shard];
                    const auto [place, added] = table.find_or_add(key, hash, [&] { return create_(value); });
                    if (!added) {
                      add_(table[place].second, std::forward<decltype(value)>(value));
                    } else if (shards_.size() > 1) {
                      first_rows_[shard].push_back(row);
                    }
                  });
    this->rows_.clear();
    this->rows_.add_evenly(shards_.size() == 1 ? shards_[0].entries() : merged(), this->room().parts);
  }

 private:
  std::span<const std::pair<K, Sum>> merged() {
    merged_.clear();
    in_row_order(first_rows_, [this](std::size_t shard, std::size_t i) {
      auto& [key, sum] = shards_[shard][i];
      merged_.emplace_back(std::as_const(key), std::move(sum));  // the table is cleared by its keys
    });
    return merged_;
  }

  Pipe pipe_;
  Create create_;
  Add add_;
  exchange<K, V> exchange_;
  std::vector<keyed_table<K, Sum>> shards_;
  std::vector<std::vector<std::uint64_t>> first_rows_;  // by shard: of its keys
  std::vector<std::pair<K, Sum>> merged_;
};

}  // namespace weir::stream
