#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stream/dstream/key.hpp"
#include "stream/dstream/keyed_table.hpp"
#include "stream/source.hpp"

namespace weir::stream {

/// The rows of a table as they were put into it: a value a key. Never changes; any thread.
template <class K, class V>
class table_version {
 public:
  table_version() = default;
  explicit table_version(std::vector<std::pair<K, V>> rows) {
    for (auto& [key, value] : rows) {
      const auto [place, added] = rows_.find_or_add(key, key_hash(key), [&] { return std::move(value); });
      if (!added) rows_[place].second = std::move(value);
    }
  }

  std::size_t size() const { return rows_.size(); }

  /// The value of a key, which may be a text that is still the batch's; or null.
  template <class Key>
  const V* find(const Key& key) const {
    const auto place = rows_.find(key, key_hash(key));
    return place ? &rows_[*place].second : nullptr;
  }

 private:
  keyed_table<K, V> rows_;
};

/// What came of reading a table from lines.
struct table_load {
  std::uint64_t rows = 0;
  std::uint64_t set_aside = 0;  // lines that could not be made a row
};

/// A table that streams are joined with: `stream.join_table(table)`. It is replaced as a whole, from any thread, also
/// while programs run: a batch sees the version that it found when it began. After a restart, batches that are run
/// again see the table as it is then. A handle: copies are the same table.
template <class K, class V>
class reference_table {
 public:
  explicit reference_table(std::vector<std::pair<K, V>> rows = {})
      : state_(std::make_shared<state>(std::make_shared<const table_version<K, V>>(std::move(rows)))) {}

  /// Of two rows with one key the later one counts.
  void replace(std::vector<std::pair<K, V>> rows) {
    auto made = std::make_shared<const table_version<K, V>>(std::move(rows));
    const std::lock_guard lock(state_->mutex);
    state_->version.swap(made);
  }

  /// Replaces it by what a file has: parse(line: std::string_view) gives std::optional<std::pair<K, V>>; nothing sets
  /// the line aside. Empty lines are passed over. After an error the table is what it was.
  template <class Parse>
  std::expected<table_load, io_error> load_lines(const std::string& path, const Parse& parse) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::unexpected(io_error{path + ": cannot be opened"});
    table_load load;
    std::vector<std::pair<K, V>> rows;
    for (std::string line; std::getline(file, line);) {
      if (line.ends_with('\r')) line.pop_back();
      if (line.empty()) continue;
      std::optional<std::pair<K, V>> row = parse(std::string_view(line));
      row ? rows.push_back(*std::move(row)) : void(++load.set_aside);
    }
    if (file.bad()) return std::unexpected(io_error{path + ": cannot be read"});
    load.rows = rows.size();
    replace(std::move(rows));
    return load;
  }

  /// What it has now.
  std::shared_ptr<const table_version<K, V>> version() const {
    const std::lock_guard lock(state_->mutex);
    return state_->version;
  }

  bool is_same(const reference_table& other) const { return state_ == other.state_; }

 private:
  struct state {
    explicit state(std::shared_ptr<const table_version<K, V>> first) : version(std::move(first)) {}
    std::mutex mutex;
    std::shared_ptr<const table_version<K, V>> version;
  };

  std::shared_ptr<state> state_;  // shared: the program has it, and whoever replaces its rows
};

}  // namespace weir::stream
