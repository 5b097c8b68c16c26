#pragma once

#include <concepts>
#include <cstdint>
#include <expected>
#include <span>
#include <string>

namespace weir::stream {

/// Why reading or writing failed, as one line for a person: "transfers.csv: No such file or directory".
struct io_error {
  std::string message;
};

/// What a read gave: bytes put into the buffer, and whether the source has come to its end. No bytes and no end:
/// nothing has arrived yet; ask again later.
struct read_result {
  std::size_t bytes = 0;
  bool ended = false;
};

/// A source of bytes that hold records, one after another: a file, a pipe, a socket. Read by one thread.
template <class S>
concept byte_source = requires(S s, std::span<char> into) {
  { s.read(into) } -> std::same_as<std::expected<read_result, io_error>>;
};

}  // namespace weir::stream
