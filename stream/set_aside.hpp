#pragma once

#include <cstdint>
#include <string>

#include "stream/table.hpp"

namespace weir::stream {

enum class set_aside_kind : std::uint8_t { bad, late };

/// A record that took no part in the stream, and why. Nothing is lost in silence.
struct set_aside_record {
  set_aside_kind kind = set_aside_kind::bad;
  source_id source{};
  std::uint64_t line = 0;  // from 1, in the source's (decompressed) bytes
  std::uint64_t byte = 0;  // from 0, where the record begins
  std::string reason;      // "amount: 3.075 has more digits than EUR has (2)"
  std::string record;      // its bytes as they came, without the line's end; cut after record_bytes_kept

  static constexpr std::size_t record_bytes_kept = 4096;
};

}  // namespace weir::stream
