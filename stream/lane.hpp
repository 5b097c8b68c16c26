#pragma once

#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "stream/format/csv_decoder.hpp"
#include "stream/format/ndjson_decoder.hpp"
#include "stream/format/record_cursor.hpp"
#include "stream/intake.hpp"
#include "stream/watermark.hpp"

namespace weir::stream {

/// One source within the intake: its bytes still to be decoded, its decoder, its clock, and whether it is live, that
/// is, whether the stream waits for it. One thread.
class lane {
 public:
  lane(source_id id, const source_options& options, const schema& types, symbols& names);

  void feed(block bytes);
  void end() { ended_ = true; }
  void set_idle() { idle_ = true; }
  /// The source is back after having been idle: events before `floor` are late.
  void wake(timestamp floor);

  source_id id() const { return id_; }
  std::size_t bytes_waiting() const { return bytes_waiting_; }
  /// It has ended or failed, and all of it is decoded.
  bool over() const { return failure_ || (ended_ && bytes_waiting_ == 0); }
  bool idle() const { return idle_ && !over() && bytes_waiting_ == 0; }
  bool live() const { return !over() && !idle(); }

  const source_clock& clock() const { return clock_; }
  const source_counters& counters() const { return counters_; }
  const std::optional<std::string>& failure() const { return failure_; }

  /// Decodes up to `rows_max` rows that are in time into `into`, in the order in which they come.
  void decode(std::size_t rows_max, batch& into, std::vector<set_aside_record>& aside);

 private:
  using decoder = std::variant<ndjson_decoder, csv_decoder>;

  template <class Decoder>
  void decode_with(Decoder& chosen, std::size_t rows_max, batch& into, std::vector<set_aside_record>& aside);
  template <class Decoder>
  void decode_run(Decoder& chosen, std::size_t rows_max, batch& into);
  template <class Decoder>
  void decode_next(Decoder& chosen, batch& into, std::vector<set_aside_record>& aside);
  void reserve(batch& into) const;
  void admit(const open_row& row, const placed_record& record, batch& into, std::vector<set_aside_record>& aside);
  set_aside_record set_aside(set_aside_kind kind, const placed_record& record, std::string reason) const;
  void fail(std::string reason);

  source_id id_;
  record_syntax syntax_;
  decoder decoder_;
  source_clock clock_;
  source_counters counters_;
  std::deque<record_cursor> blocks_;
  std::size_t bytes_waiting_ = 0;

  // The chunk decoded last: the next one is taken to be like it.
  std::vector<table_size> last_size_;
  std::size_t last_bytes_ = 0;

  bool ended_ = false;
  bool idle_ = false;
  std::optional<std::string> failure_;
};

}  // namespace weir::stream
