#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::testing {

/// What a stream of bytes holds, found a byte at a time: the records, and how many were too long.
struct naive_records {
  std::vector<std::string> rows;
  int too_long = 0;
};

inline naive_records naive_lines(std::string_view bytes, std::size_t bytes_max) {
  naive_records found;
  std::string line;
  const auto end_line = [&] {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.size() > bytes_max) {
      ++found.too_long;
    } else {
      found.rows.push_back(line);
    }
    line.clear();
  };
  for (const char byte : bytes) {
    if (byte == '\n') {
      end_line();
    } else {
      line += byte;
    }
  }
  if (!line.empty()) end_line();
  return found;
}

/// A frame as it is sent.
inline std::string framed(std::string_view payload) {
  const auto size = static_cast<std::uint32_t>(payload.size());
  std::string frame;
  for (const int shift : {24, 16, 8, 0}) frame += static_cast<char>(size >> shift & 0xff);
  return frame.append(payload);
}

}  // namespace weir::testing
