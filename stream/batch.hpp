#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "stream/table.hpp"

namespace weir::stream {

/// A row of a batch: which table, and where in it.
struct row_ref {
  event_type_id type{};
  std::uint32_t row = 0;

  friend bool operator==(const row_ref&, const row_ref&) = default;
};

/// One micro-batch: a table of columns per event type, the total order that joins them, and how far time has come.
/// A value: built by `intake` (or by hand in tests), then moved into the `event_log` and read-only from there on.
class batch {
 public:
  explicit batch(const schema& types);

  const table& operator[](event_type_id type) const { return tables_[static_cast<std::size_t>(type)]; }
  table& operator[](event_type_id type) { return tables_[static_cast<std::size_t>(type)]; }
  std::span<const table> tables() const { return tables_; }

  /// Every row, by (time, source, position).
  std::span<const row_ref> order() const { return order_; }
  std::size_t size() const { return order_.size(); }

  /// All events before this time have been seen, in this batch or an earlier one. Deadlines before it have passed.
  timestamp watermark() const { return watermark_; }

  timestamp at(row_ref r) const { return (*this)[r.type].at(r.row); }
  origin from(row_ref r) const { return (*this)[r.type].from(r.row); }

  void append_to_order(row_ref r) { order_.push_back(r); }
  /// Never before the last row's time: a row in its place has none before it still to come.
  void set_watermark(timestamp t) { watermark_ = t; }
  /// Puts every row of the tables into the order, sorted.
  void order_all();

  std::size_t bytes() const;

  /// What is there, and room for as much or a part of it.
  std::vector<table_size> measure() const;
  void reserve(std::span<const table_size> likely, double part);

 private:
  std::vector<table> tables_;
  std::vector<row_ref> order_;
  timestamp watermark_ = start_of_time;
};

}  // namespace weir::stream
