#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "stream/batch.hpp"
#include "stream/block.hpp"
#include "stream/record_format.hpp"
#include "stream/set_aside.hpp"
#include "stream/source.hpp"

namespace weir::stream {

/// A source as the intake knows it.
struct source_options {
  std::string name;  // "transfers"; names its rows in messages and in ids of events without their own
  record_format format;
  std::optional<duration> lateness = duration::zero();  // none: "all", a bounded source is sorted whole
};

/// What has come of one source so far, in records.
struct source_counters {
  std::uint64_t events = 0;  // admitted to the stream
  std::uint64_t late = 0;
  std::uint64_t bad = 0;
};

/// From records to micro-batches: decodes, interns, judges lateness, orders by (time, source, position) up to the
/// watermark and keeps the rest back. What comes out is the same for any way the bytes are cut into blocks and the
/// rows into batches. One thread.
class intake {
 public:
  /// `types` and `names` outlive the intake. A source's id is its index.
  intake(const schema& types, symbols& names, std::vector<source_options> sources);
  ~intake();

  /// Takes the next bytes of a source: whole records only, as `record_framer` cuts them.
  void feed(source_id source, block bytes);
  /// The source has ended: it no longer holds the watermark back.
  void end(source_id source);
  /// An idle source no longer holds the watermark back until it is fed again; from then on the stream's watermark
  /// judges its events until it has caught up.
  void set_idle(source_id source);

  /// Decodes what was fed, and gives the rows that are in order now, at most `rows_max`;
  /// nothing when no record can be decoded and no row released. A batch without rows says that the watermark alone
  /// has moved. Late and bad records go to `aside`.
  ///
  /// Only the source that holds the watermark back is decoded: the bytes of those ahead of it would only become rows
  /// that wait. So feed what has come, call until nothing is given, and then wait for more of `holding_back()`.
  std::optional<batch> next(std::size_t rows_max, std::vector<set_aside_record>& aside);

  /// Rows decoded that wait for the watermark, and bytes fed that wait to be decoded.
  std::size_t rows_waiting() const;
  std::size_t bytes_waiting(source_id source) const;

  timestamp watermark() const;
  /// The source whose watermark is least: the one that holds the stream back.
  std::optional<source_id> holding_back() const;
  /// The greatest event time of any source so far.
  timestamp greatest_time() const;

  /// Why a source cannot be read at all, when one cannot: "transfers: no column …". What it had left is dropped.
  std::optional<io_error> failure() const;

  const source_counters& counters(source_id source) const;
  const std::vector<source_options>& sources() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace weir::stream
