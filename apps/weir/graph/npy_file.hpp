#pragma once

#include <cstdint>
#include <fstream>
#include <span>
#include <string>

namespace weir::app {

/// One column in a file as NumPy reads it: a header of 128 bytes, then the values, eight bytes each, one after the
/// other in the order of small machines, which is also what Arrow calls a buffer. Throws `failure` when it cannot be
/// written.
class npy_file {
 public:
  enum class kind : std::uint8_t { whole, real };

  npy_file(std::string path, kind of);

  void append(std::span<const std::int64_t> values);
  void append(std::span<const double> values);
  /// Says in the header how many values there are. To be called at the end.
  void close();

  static constexpr std::size_t header_bytes = 128;

 private:
  void write_header();
  void write(const char* bytes, std::size_t count);

  std::string path_;
  kind kind_;
  std::uint64_t rows_ = 0;
  std::ofstream out_;
};

}  // namespace weir::app
