#pragma once

#include <memory>
#include <string_view>

#include "stream/batch.hpp"
#include "stream/format/ndjson_run.hpp"
#include "stream/format/row_builder.hpp"

namespace weir::stream {

/// JSON objects, one a line, straight into the columns of their event type. One a source; one thread.
///
/// The whole record must be valid JSON, those of its values too that no column takes. `null` is a missing value.
///
/// Most records are usual ones and can be decoded as a run (`ndjson_run`). simdjson reads the others, and those that
/// something is wrong with: every error is told by it.
class ndjson_decoder {
 public:
  /// `types` and `names` outlive the decoder.
  ndjson_decoder(const schema& types, symbols& names, record_format format);
  ~ndjson_decoder();
  ndjson_decoder(ndjson_decoder&&) noexcept;

  /// Reads one record. Behind it memory must be readable: `readable` bytes from its beginning, `block_padding` more
  /// than it has. The row that it opens stands in `into`.
  decoded_record decode(std::string_view record, std::size_t readable, batch& into);

  /// Decodes and closes the rows of usual records from the beginning of `bytes`; as `ndjson_run::decode`.
  decoded_run decode_run(std::string_view bytes, origin first, std::size_t rows_max, source_clock& clock, batch& into);

 private:
  struct reader;

  symbols& names_;
  std::unique_ptr<reader> reader_;
};

}  // namespace weir::stream
