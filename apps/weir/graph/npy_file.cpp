#include "apps/weir/graph/npy_file.hpp"

#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

static_assert(std::endian::native == std::endian::little);

npy_file::npy_file(std::string path, kind of)
    : path_(std::move(path)), kind_(of), out_(path_, std::ios::binary | std::ios::trunc) {
  write_header();
}

void npy_file::append(std::span<const std::int64_t> values) {
  rows_ += values.size();
  write(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

void npy_file::append(std::span<const double> values) {
  rows_ += values.size();
  write(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

void npy_file::close() {
  out_.seekp(0);
  write_header();
  out_.close();
  write(nullptr, 0);
}

/// Version 1.0 of the format: a magic text, the length of what follows, and a Python dictionary padded with blanks.
void npy_file::write_header() {
  constexpr std::size_t before = 10;
  auto header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({},), }}",
                            kind_ == kind::whole ? "<i8" : "<f8", rows_);
  header.resize(header_bytes - before - 1, ' ');
  header += '\n';
  const std::string begin{'\x93', 'N', 'U', 'M', 'P', 'Y', '\x01', '\x00', static_cast<char>(header.size()), '\x00'};
  write(begin.data(), begin.size());
  write(header.data(), header.size());
}

void npy_file::write(const char* bytes, std::size_t count) {
  errno = 0;
  if (count > 0) out_.write(bytes, static_cast<std::streamsize>(count));
  if (!out_) {
    throw failure(exit_code::io, fmt::format("{}: {}", path_, errno != 0 ? std::strerror(errno) : "cannot be written"));
  }
}

}  // namespace weir::app
