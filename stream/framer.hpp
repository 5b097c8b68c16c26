#pragma once

#include <cstdint>
#include <optional>
#include <span>
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

  /// Where the source's next bytes, at most `bytes`, are to be read to; good until the next call.
  std::span<char> room(std::size_t bytes);
  /// Takes the `count` bytes that were read into the room, at most `record_bytes_max`; gives a block when at least one
  /// whole record is there. A block of many bytes is where they were read; few are copied into one of their size.
  std::optional<block> take(std::size_t count, std::vector<set_aside_record>& aside);
  /// Both in one, of bytes that stand elsewhere.
  std::optional<block> push(std::string_view bytes, std::vector<set_aside_record>& aside);
  /// The source has ended: gives what is left, its last record perhaps without a line's end.
  std::optional<block> finish();

 private:
  std::string_view rest() const { return {buffer_.data(), rest_}; }
  std::string_view fresh(std::size_t count) const { return {buffer_.data() + rest_, count}; }
  std::optional<block> take_first(std::size_t count, std::vector<set_aside_record>& aside);
  std::optional<block> frame(std::size_t count, std::vector<set_aside_record>& aside);
  std::optional<block> set_long_aside(std::size_t count, std::vector<set_aside_record>& aside);
  std::size_t skip_line(std::size_t count);
  csv_scanner::ends find_ends(std::string_view bytes);
  block cut(std::size_t size, std::size_t all);
  std::string hand_out(std::size_t size, std::size_t all);

  record_syntax syntax_;
  source_id source_;
  std::string buffer_;           // a record that has begun, then room for more
  std::size_t rest_ = 0;         // bytes of that record
  std::uint64_t rest_byte_ = 0;  // where it begins
  std::uint64_t rest_line_ = 1;
  csv_scanner scanner_;  // stands behind the rest
  bool begun_ = false;   // the byte order mark, if any, is behind us
  bool skipping_ = false;
};

}  // namespace weir::stream
