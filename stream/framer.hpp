#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stream/block.hpp"
#include "stream/format/csv_scanner.hpp"
#include "stream/record_format.hpp"
#include "stream/set_aside.hpp"

namespace weir::stream {

/// Cuts a source's bytes into blocks of whole records. CSV records may hold line ends inside quotes. A record longer
/// than `record_bytes_max` is set aside; the source goes on behind the next line end. A UTF-8 byte order mark at the
/// very beginning is passed over. One a source, used by the thread that reads it.
class record_framer {
 public:
  record_framer(record_syntax syntax, source_id source);

  static constexpr std::size_t record_bytes_max = 16 << 20;

  source_id source() const { return source_; }

  /// Takes the next bytes read, at most `record_bytes_max`; gives a block when at least one whole record is there.
  std::optional<block> push(std::string_view bytes, std::vector<set_aside_record>& aside);
  /// The source has ended: gives what is left, its last record perhaps without a line's end.
  std::optional<block> finish();

 private:
  std::optional<block> push_first(std::string_view bytes, std::vector<set_aside_record>& aside);
  std::optional<block> frame(std::string_view bytes, std::vector<set_aside_record>& aside);
  std::optional<block> set_long_aside(std::string_view bytes, std::vector<set_aside_record>& aside);
  std::string_view skip_line(std::string_view bytes);
  csv_scanner::ends find_ends(std::string_view bytes);
  block take_block(std::string_view bytes);

  record_syntax syntax_;
  source_id source_;
  std::string rest_;             // of a record that has begun
  std::uint64_t rest_byte_ = 0;  // where it begins
  std::uint64_t rest_line_ = 1;
  csv_scanner scanner_;  // stands behind the rest
  bool begun_ = false;   // the byte order mark, if any, is behind us
  bool skipping_ = false;
};

}  // namespace weir::stream
