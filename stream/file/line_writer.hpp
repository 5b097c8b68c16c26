#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "stream/source.hpp"

namespace weir::stream {

/// What becomes of a file that is there already.
enum class open_mode : std::uint8_t { replace, append };

/// Lines written to a file or to standard output through a buffer. Every error of the system is told, at the write
/// that met it, by name: "alerts.jsonl: No space left on device". After an error nothing more is written. One thread.
class line_writer {
 public:
  /// Opens a file; "-" is standard output.
  static std::expected<line_writer, io_error> open(const std::string& path, open_mode mode = open_mode::replace);

  /// Closes without telling errors: `close` first where they matter.
  ~line_writer();
  line_writer(line_writer&& other) noexcept;
  line_writer& operator=(line_writer&& other) noexcept;

  /// Takes a line, without its end. It is in the file at the latest after the next `flush`.
  std::expected<void, io_error> write(std::string_view line);
  std::expected<void, io_error> flush();
  std::expected<void, io_error> close();

  const std::string& path() const { return path_; }
  std::uint64_t lines() const { return lines_; }
  /// True once a write found that nobody reads the pipe any more (`weir run … | head -1`).
  bool reader_gone() const { return reader_gone_; }

  static constexpr std::size_t buffer_bytes = 256 << 10;

 private:
  line_writer(std::string path, int descriptor);
  io_error failed(int code);

  std::string path_;
  std::string buffer_;
  int descriptor_ = -1;
  std::uint64_t lines_ = 0;
  bool reader_gone_ = false;
};

}  // namespace weir::stream
