#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "cep/value.hpp"

namespace weir::rules {

/// JSON that is being written, a line or several, and its memory, which serves for the next ones too. It writes what
/// `append_json_text` and its like write, with less to do for each piece. One thread.
class line_buffer {
 public:
  std::string_view text() const { return {memory_.get(), static_cast<std::size_t>(end_ - memory_.get())}; }
  void clear() { end_ = memory_.get(); }
  char last() const { return end_[-1]; }

  /// A literal.
  template <std::size_t Size>
  void put(const char (&literal)[Size]) {
    std::memcpy(room(Size - 1), literal, Size - 1);
    end_ += Size - 1;
  }
  void put(char c) {
    *room(1) = c;
    ++end_;
  }
  void put(std::string_view text) {
    copy(room(text.size()), text);
    end_ += text.size();
  }

  void put_number(std::uint64_t number);
  void put_number(std::int64_t number);
  /// -1.50 for (-150, 2); `digits` at most 18.
  void put_decimal(std::int64_t number, unsigned digits);
  /// Sixteen digits.
  void put_hex(std::uint64_t number);
  /// RFC 3339, without quotes.
  void put_time(stream::timestamp t);
  /// In quotes, escaped.
  void put_json_text(std::string_view text);

 private:
  char* room(std::size_t bytes) {
    if (static_cast<std::size_t>(limit_ - end_) < bytes) grow(bytes);
    return end_;
  }
  void grow(std::size_t bytes);

  /// Most pieces are so short that calling memcpy takes longer than what it does: two copies of a fixed size, which may
  /// overlap, have any size between.
  static void copy(char* to, std::string_view text) {
    if (text.size() > 32) {
      std::memcpy(to, text.data(), text.size());
    } else if (text.size() >= 16) {
      copy_ends<16>(to, text);
    } else if (text.size() >= 8) {
      copy_ends<8>(to, text);
    } else if (text.size() >= 4) {
      copy_ends<4>(to, text);
    } else if (text.size() >= 2) {
      copy_ends<2>(to, text);
    } else if (!text.empty()) {
      *to = text.front();
    }
  }
  template <std::size_t Size>
  static void copy_ends(char* to, std::string_view text) {
    const std::size_t rest = text.size() - Size;
    std::memcpy(to, text.data(), Size);
    std::memcpy(to + rest, text.data() + rest, Size);
  }

  std::unique_ptr<char[]> memory_;
  char* end_ = nullptr;
  char* limit_ = nullptr;

  // Times of one day tend to come together.
  stream::timestamp day_ = stream::start_of_time;
  std::array<char, 16> date_{};  // of the day, "2024-05-01T"
  unsigned date_size_ = 0;
};

}  // namespace weir::rules
