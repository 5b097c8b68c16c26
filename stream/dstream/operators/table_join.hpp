#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "stream/dstream/reference_table.hpp"
#include "stream/dstream/steps.hpp"

namespace weir::stream {

/// Holds the version of a table that the batch at hand sees. All joins of a program with one table share it.
template <class K, class V>
class table_version_node final : public node_base {
 public:
  table_version_node(node_room& room, reference_table<K, V> table)
      : node_base(room, "table_version", {}, room.interval), table_(std::move(table)) {}

  static table_version_node& of(node_room& room, const reference_table<K, V>& table) {
    for (const auto& node : room.nodes) {
      auto* known = dynamic_cast<table_version_node*>(node.get());
      if (known != nullptr && known->table_.is_same(table)) return *known;
    }
    return room.make<table_version_node>(room, table);
  }

  void run(const batch_info&) override { version_ = table_.version(); }

  const table_version<K, V>& version() const { return *version_; }

 private:
  reference_table<K, V> table_;
  // Shared: the table may be replaced while the batch still looks at this version.
  std::shared_ptr<const table_version<K, V>> version_;
};

/// A node's own rows, once the table's version is held.
template <class T>
class behind_table_node final : public node<T> {
 public:
  behind_table_node(node<T>& input, node_base& version)
      : node<T>(input.room(), "join_table", {&input, &version}, input.slide()), input_(&input) {}

  void run(const batch_info&) override { this->rows_ = input_->rows(); }

 private:
  node<T>* input_;
};

/// (key, (value, what the table has)) for each pair whose key the table has; or for each, with std::nullopt.
template <class Before, class K, class W, bool KeepAll>
struct join_table_step {
  Before before;
  const table_version_node<K, W>* table;

  template <class Found>
  static Found found_value(const W* value) {
    if constexpr (KeepAll) {
      return value != nullptr ? Found(*value) : std::nullopt;
    } else {
      return *value;
    }
  }

  template <class Row, class Emit>
  void operator()(const Row& row, const Emit& emit) const {
    before(row, [&](auto&& pair) {
      using pair_type = std::remove_cvref_t<decltype(pair)>;
      using found = std::conditional_t<KeepAll, std::optional<W>, W>;
      using joined = std::pair<typename pair_type::second_type, found>;
      const auto& key = pair.first;
      const W* value = table->version().find(key);
      if (value == nullptr && !KeepAll) return;
      emit(std::pair<typename pair_type::first_type, joined>(
          key, joined(std::forward<decltype(pair)>(pair).second, found_value<found>(value))));
    });
  }
};

/// A loop with a table at its end.
template <bool KeepAll, class In, class Step, class K, class W>
auto joined_with_table(const pipeline<In, Step>& pipe, const reference_table<K, W>& table) {
  auto& room = pipe.from->room();
  auto& version = table_version_node<K, W>::of(room, table);
  auto& behind = room.template make<behind_table_node<In>>(*pipe.from, version);
  return pipeline<In, join_table_step<Step, K, W, KeepAll>>{&behind, {pipe.step, &version}};
}

}  // namespace weir::stream
