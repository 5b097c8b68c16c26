#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stream/batch.hpp"
#include "stream/format/csv_run.hpp"
#include "stream/format/row_builder.hpp"

namespace weir::stream {

/// Comma-separated records (RFC 4180) whose first names the columns, straight into the columns of their event type. One
/// a source; one thread. An empty field is a missing value. A record equal to the header is the header again, as
/// files put one after another have it, and is passed over.
class csv_decoder {
 public:
  /// `types` and `names` outlive the decoder.
  csv_decoder(const schema& types, symbols& names, record_format format);

  /// Reads one record, without its line's end. The row that it opens stands in `into`. The first is the header.
  decoded_record decode(std::string_view record, std::size_t readable, batch& into);

  /// Decodes and closes the rows of usual records from the beginning of `bytes`; as `csv_run::decode`. None before the
  /// header, and none where records name their own event.
  decoded_run decode_run(std::string_view bytes, origin first, std::size_t rows_max, source_clock& clock, batch& into);

  /// Set when the header lacks a column that every event needs: then no record of the source can be read.
  const std::optional<std::string>& failure() const { return failure_; }

 private:
  /// One field of a record: its bytes, between the quotes if it had any; `escaped` if quotes in it stand doubled.
  struct cell {
    std::string_view bytes;
    bool escaped = false;
  };
  struct binding {
    std::size_t column = 0;
    const field_map::slot* slot = nullptr;
  };

  std::expected<void, std::string> split(std::string_view record);
  std::expected<cell, std::string> take_quoted(std::string_view& rest);
  scalar value_of(const cell& found);
  void read_header(std::string_view record, const std::expected<void, std::string>& whole);
  void prepare_run();
  std::optional<std::string> bind(field_map& fields, std::vector<binding>& bindings) const;
  std::expected<event_type_id, std::string> choose_type();

  symbols& names_;
  std::size_t types_count_;
  record_plan plan_;
  std::string header_;
  std::vector<std::string> column_names_;
  std::size_t event_column_ = 0;
  std::vector<std::vector<binding>> bindings_;  // by event type, or one for all
  std::optional<std::string> failure_;
  std::unique_ptr<csv_run> run_;
  std::vector<cell> cells_;  // of the record at hand
  std::string unescaped_;
};

}  // namespace weir::stream
