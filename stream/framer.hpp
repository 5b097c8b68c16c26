#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "stream/block.hpp"
#include "stream/record_format.hpp"
#include "stream/set_aside.hpp"

namespace weir::stream {

/// Cuts a source's bytes into blocks of whole records. CSV records may hold line ends inside quotes. A record longer
/// than `record_bytes_max` is set aside and skipped. One a source, used by the thread that reads it.
class record_framer {
 public:
  record_framer(record_syntax syntax, source_id source);

  static constexpr std::size_t record_bytes_max = 16 << 20;

  /// Takes the next bytes read; gives a block when at least one whole record is there.
  std::optional<block> push(std::string_view bytes, std::vector<set_aside_record>& aside);
  /// The source has ended: gives what is left, its last record perhaps without a line's end.
  std::optional<block> finish();

 private:
  record_syntax syntax_;
  source_id source_;
  std::string rest_;
  std::uint64_t rest_byte_ = 0;
  std::uint64_t rest_line_ = 1;
  bool skipping_ = false;
};

}  // namespace weir::stream
