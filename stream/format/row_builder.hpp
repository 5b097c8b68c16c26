#pragma once

#include <expected>
#include <optional>
#include <string>

#include "stream/format/field_map.hpp"
#include "stream/format/scalar.hpp"

namespace weir::stream {

/// A row whose values stand at the end of its table's columns, not yet closed: to be closed or abandoned.
struct open_row {
  event_type_id type{};
  timestamp at{};
};

/// What a decoder makes of a record: an open row; nothing, when the record holds no event (a header); or why it is bad.
using decoded_record = std::expected<std::optional<open_row>, std::string>;

/// Fills one row from a record's fields as they come, and judges what is there twice, not at all or not readable. The
/// row is abandoned unless `finish` succeeded.
class row_builder {
 public:
  row_builder(field_map& fields, table& rows, symbols& names);
  ~row_builder();
  row_builder(const row_builder&) = delete;
  row_builder& operator=(const row_builder&) = delete;

  std::expected<void, std::string> put(const field_map::slot& slot, const scalar& value);
  /// The event time of the row, when all that must be there is.
  std::expected<timestamp, std::string> finish();

 private:
  std::expected<void, std::string> put_column(field_id field, const scalar& value);
  std::expected<void, std::string> put_time(const scalar& value);

  field_map& fields_;
  table& rows_;
  symbols& names_;
  std::optional<timestamp> at_;
  bool event_named_ = false;
  bool finished_ = false;
};

}  // namespace weir::stream
