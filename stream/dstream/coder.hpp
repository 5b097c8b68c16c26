#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace weir::stream {

static_assert(std::endian::native == std::endian::little, "numbers are written as they are in memory");

/// Writes at the end of a string.
class encoder {
 public:
  explicit encoder(std::string& out) : out_(&out) {}

  void bytes(std::string_view raw) { out_->append(raw); }
  void byte(std::uint8_t value) { out_->push_back(static_cast<char>(value)); }

  /// A number as it is in memory.
  template <class T>
    requires std::is_trivially_copyable_v<T>
  void fixed(const T& value) {
    out_->append(reinterpret_cast<const char*>(&value), sizeof(T));
  }

  /// One byte for each seven bits that the number needs.
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint8_t>(value | 0x80));
    byte(static_cast<std::uint8_t>(value));
  }

 private:
  std::string* out_;
};

/// Reads from bytes, never past their end. Whoever reads something that is not there, or finds what cannot be, fails
/// the decoder: from then on there is nothing left, and everything reads as zero. The bytes outlive it.
class decoder {
 public:
  explicit decoder(std::string_view bytes) : left_(bytes) {}

  bool failed() const { return failed_; }
  std::size_t left() const { return left_.size(); }

  void fail() {
    failed_ = true;
    left_ = {};
  }

  std::string_view bytes(std::uint64_t count) {
    if (count > left_.size()) {
      fail();
      return {};
    }
    const std::string_view taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }

  std::uint8_t byte() {
    const std::string_view taken = bytes(1);
    return taken.empty() ? 0 : static_cast<std::uint8_t>(taken.front());
  }

  template <class T>
    requires std::is_trivially_copyable_v<T>
  T fixed() {
    T value{};
    if (const std::string_view taken = bytes(sizeof(T)); !taken.empty())
      std::memcpy(&value, taken.data(), taken.size());
    return value;
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t next = byte();
      if (shift == 63 && next > 1) break;
      value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
    fail();
    return 0;
  }

  /// How many elements follow: no more than there are bytes.
  std::size_t count() {
    const std::uint64_t read = varint();
    if (read <= left_.size()) return read;
    fail();
    return 0;
  }

 private:
  std::string_view left_;
  bool failed_ = false;
};

}  // namespace weir::stream
