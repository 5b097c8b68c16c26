#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "stream/block.hpp"
#include "stream/record_format.hpp"

namespace weir::stream {

/// A record in its block.
struct placed_record {
  std::string_view bytes;    // without the line's end
  std::size_t readable = 0;  // bytes of memory from its beginning on
  std::uint64_t byte = 0;    // where it begins in its source
  std::uint64_t line = 0;
};

/// Walks over the records of a block, which it owns; empty lines are passed over.
class record_cursor {
 public:
  record_cursor(record_syntax syntax, block bytes)
      : syntax_(syntax), block_(std::move(bytes)), line_(block_.first_line) {}

  std::optional<placed_record> next();
  std::size_t bytes_left() const { return block_.size - at_; }

  /// What is left of the block, and where it begins in its source; records of it may be passed over, a line each.
  std::string_view rest() const { return block_.bytes().substr(at_); }
  std::uint64_t byte() const { return block_.first_byte + at_; }
  void pass(std::size_t records, std::size_t bytes) {
    at_ += bytes;
    line_ += records;
  }

 private:
  record_syntax syntax_;
  block block_;
  std::size_t at_ = 0;
  std::uint64_t line_;
};

}  // namespace weir::stream
