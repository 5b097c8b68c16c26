#include "rules/line_buffer.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "rules/json_text.hpp"
#include "stream/format/swar.hpp"

namespace weir::rules {

namespace {

constexpr std::size_t line_bytes_likely = 4096;
constexpr std::size_t number_bytes_max = 24;

/// "00" to "99".
constexpr std::array<char, 200> pairs = [] {
  std::array<char, 200> text{};
  for (std::size_t i = 0; i < 100; ++i) {
    text[2 * i] = static_cast<char>('0' + i / 10);
    text[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return text;
}();

void write_pair(char* at, std::uint64_t number) { std::memcpy(at, &pairs[2 * number], 2); }

/// The digits of a number, written towards the front of a buffer that ends at `end`; where they begin.
char* write_digits(char* end, std::uint64_t number) {
  for (; number >= 100; number /= 100) write_pair(end -= 2, number % 100);
  if (number < 10) {
    *--end = static_cast<char>('0' + number);
    return end;
  }
  write_pair(end -= 2, number);
  return end;
}

/// "00" to "ff".
constexpr std::array<char, 512> hex_pairs = [] {
  std::array<char, 512> text{};
  for (std::size_t i = 0; i < 256; ++i) {
    text[2 * i] = "0123456789abcdef"[i / 16];
    text[2 * i + 1] = "0123456789abcdef"[i % 16];
  }
  return text;
}();

constexpr bool is_escaped(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || c == '"' || c == '\\' || byte == 0x7f;
}

/// Of eight bytes.
bool any_escaped(std::uint64_t word) {
  namespace swar = stream::swar;
  return (swar::less(word, 0x20) | swar::equal(word, '"') | swar::equal(word, '\\') | swar::equal(word, 0x7f)) != 0;
}

bool any_escaped(std::string_view text) {
  constexpr std::size_t step = sizeof(std::uint64_t);
  if (text.size() < step) return std::ranges::any_of(text, is_escaped);
  const std::size_t last = text.size() - step;  // where the last step begins, which may overlap the one before
  for (std::size_t at = 0; at < last; at += step) {
    if (any_escaped(stream::swar::load(text.data() + at))) return true;
  }
  return any_escaped(stream::swar::load(text.data() + last));
}

}  // namespace

void line_buffer::grow(std::size_t bytes) {
  const std::string_view before = text();
  const std::size_t size = std::max({2 * before.size(), before.size() + bytes, line_bytes_likely});
  auto larger = std::make_unique_for_overwrite<char[]>(size);
  std::ranges::copy(before, larger.get());
  end_ = larger.get() + before.size();
  limit_ = larger.get() + size;
  memory_ = std::move(larger);
}

void line_buffer::put_number(std::uint64_t number) {
  std::array<char, number_bytes_max> digits;
  char* const end = digits.data() + digits.size();
  put(std::string_view{write_digits(end, number), end});
}

void line_buffer::put_number(std::int64_t number) {
  if (number < 0) put('-');
  put_number(number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number));
}

void line_buffer::put_decimal(std::int64_t number, unsigned digits) {
  if (digits == 0) return put_number(number);
  std::array<char, 2 * number_bytes_max> text;
  char* const end = text.data() + text.size();
  auto magnitude = number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
  char* begin = end;
  for (; digits >= 2; digits -= 2, magnitude /= 100) write_pair(begin -= 2, magnitude % 100);
  if (digits == 1) {
    *--begin = static_cast<char>('0' + magnitude % 10);
    magnitude /= 10;
  }
  *--begin = '.';
  begin = write_digits(begin, magnitude);
  if (number < 0) *--begin = '-';
  put(std::string_view{begin, end});
}

void line_buffer::put_hex(std::uint64_t number) {
  constexpr unsigned digits = 16;
  char* const begin = room(digits);
  for (unsigned i = digits; i > 0; i -= 2, number >>= 8) std::memcpy(begin + i - 2, &hex_pairs[2 * (number & 255)], 2);
  end_ += digits;
}

void line_buffer::put_time(stream::timestamp t) {
  constexpr stream::duration day_length = std::chrono::days{1};
  if (date_size_ == 0 || t < day_ || t - day_ >= day_length) {
    day_ = std::chrono::floor<std::chrono::days>(t);
    std::string whole;
    stream::append_rfc3339(whole, day_);
    date_size_ = static_cast<unsigned>(std::min(whole.find('T') + 1, date_.size()));
    std::ranges::copy(std::string_view{whole}.substr(0, date_size_), date_.begin());
  }
  const auto micros = static_cast<std::uint64_t>((t - day_).count());
  const std::uint64_t seconds = micros / 1'000'000;
  const std::uint64_t fraction = micros % 1'000'000;
  char* const begin = room(date_.size() + 16);
  std::memcpy(begin, date_.data(), date_.size());
  char* at = begin + date_size_;
  write_pair(at, seconds / 3600);
  at[2] = ':';
  write_pair(at + 3, seconds / 60 % 60);
  at[5] = ':';
  write_pair(at + 6, seconds % 60);
  at += 8;
  if (fraction != 0) {
    *at = '.';
    write_pair(at + 1, fraction / 10'000);
    write_pair(at + 3, fraction / 100 % 100);
    write_pair(at + 5, fraction % 100);
    at += fraction % 1000 == 0 ? 4 : 7;
  }
  *at++ = 'Z';
  end_ = at;
}

void line_buffer::put_json_text(std::string_view text) {
  if (any_escaped(text)) {
    std::string escaped;
    append_json_text(escaped, text);
    return put(std::string_view{escaped});
  }
  char* const begin = room(text.size() + 2);
  begin[0] = '"';
  copy(begin + 1, text);
  begin[text.size() + 1] = '"';
  end_ += text.size() + 2;
}

}  // namespace weir::rules
