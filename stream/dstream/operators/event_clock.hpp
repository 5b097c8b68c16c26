#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "stream/dstream/node.hpp"
#include "stream/time.hpp"
#include "stream/watermark.hpp"

namespace weir::stream {

/// Where a row stands in its stream.
struct event_place {
  timestamp at{};
  std::uint64_t number = 0;             // of the stream's rows, from 0: never depends on how they are cut
  timestamp watermark = start_of_time;  // that the rows before it have brought: if it is older than that, it is late
};

/// How far an operator has come in one stream: a value that outlives the batches.
///
/// Rows are judged one by one, by the rows before them, so that what is late does not depend on the cut. What closes is
/// decided at the end of a batch, by its watermark; a row that is not late is never before that.
class event_clock {
 public:
  explicit event_clock(duration lateness) : rows(lateness) {}

  source_clock rows;            // the times of all rows so far
  std::uint64_t row_count = 0;  // late ones included
  std::uint64_t late_rows = 0;

  /// At the end of the last batch.
  timestamp watermark() const { return watermark_; }

  /// At the end of this batch: the rows' watermark, or a later one that the node has which they come from.
  template <class Pipe>
  timestamp advance(const Pipe& pipe, const batch_info& now) {
    rows_watermark_ = std::max(rows_watermark_, pipe.rows_watermark(rows));
    watermark_ = now.last ? end_of_time : rows_watermark_;
    return watermark_;
  }

  /// As node_base::rows_watermark.
  timestamp rows_watermark() const { return rows_watermark_; }

  /// As node_base::watermark.
  std::optional<timestamp> shown() const {
    if (watermark_ == start_of_time) return std::nullopt;
    return watermark_;
  }

  void save(encoder& out) const {
    encode(out, rows.greatest());
    // Not the end of time: a later run may find that its source has grown.
    encode(out, rows_watermark_);
    encode(out, row_count);
    encode(out, late_rows);
  }
  void load(decoder& in) {
    rows.see(restored<timestamp>(in));
    watermark_ = rows_watermark_ = restored<timestamp>(in);
    row_count = restored<std::uint64_t>(in);
    late_rows = restored<std::uint64_t>(in);
  }

 private:
  timestamp watermark_ = start_of_time;
  timestamp rows_watermark_ = start_of_time;
};

}  // namespace weir::stream
