#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "stream/batch.hpp"
#include "stream/format/row_builder.hpp"

namespace weir::stream {

/// JSON objects, one a line, straight into the columns of their event type. One a source; one thread.
///
/// The whole record must be valid JSON, those of its values too that no column takes. `null` is a missing value.
///
/// Most records are flat objects of plain texts and numbers and are read as such, in one walk. simdjson reads the
/// others, and those that something is wrong with, from their beginning: every error is told by it.
class ndjson_decoder {
 public:
  /// `types` and `names` outlive the decoder.
  ndjson_decoder(const schema& types, symbols& names, record_format format);
  ~ndjson_decoder();
  ndjson_decoder(ndjson_decoder&&) noexcept;

  /// Reads one record. Behind it memory must be readable: `readable` bytes from its beginning, `block_padding` more
  /// than it has. The row that it opens stands in `into`.
  decoded_record decode(std::string_view record, std::size_t readable, batch& into);

 private:
  struct reader;

  std::optional<open_row> decode_flat(std::string_view record, batch& into);

  symbols& names_;
  record_plan plan_;
  std::unique_ptr<reader> reader_;
};

}  // namespace weir::stream
