#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::stream {

/// What tells that a file is still the one that was seen: it was not written to, nor replaced.
struct file_version {
  std::uint64_t size = 0;       // bytes
  std::int64_t written_ns = 0;  // its modification time, since 1970

  bool operator==(const file_version&) const = default;
};

/// Bytes [from, to) of a file, as part of a batch's range.
struct file_part {
  std::string name;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  file_version version;

  bool ends_file() const { return to == version.size; }
  bool operator==(const file_part&) const = default;
};

/// Spelled one a line: "from to size written_ns length:name". A name may hold any byte.
std::string spell(std::span<const file_part> parts);
/// Nothing: that is no such text.
std::optional<std::vector<file_part>> read_file_parts(std::string_view text);

}  // namespace weir::stream
