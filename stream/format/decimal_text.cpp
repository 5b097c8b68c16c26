#include "stream/format/decimal_text.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace weir::stream {

namespace {

__extension__ using wide = unsigned __int128;  // room for a product of two 64-bit numbers

/// A spelled number taken apart: (-1)^negative * mantissa * 10^exponent. With a negative exponent the
/// mantissa has no zeros at its end.
struct spelled_number {
  bool negative = false;
  bool overflowed = false;  // more than 19 digits that matter: the mantissa is not good
  std::uint64_t mantissa = 0;
  std::int64_t exponent = 0;
};

constexpr int mantissa_digits_max = 19;
constexpr std::int64_t exponent_max = 1'000'000;

constexpr std::array<std::uint64_t, mantissa_digits_max + 1> powers_of_ten = [] {
  std::array<std::uint64_t, mantissa_digits_max + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Adds digit after digit to a mantissa, and holds zeros back until another digit shows that they matter.
class mantissa_reader {
 public:
  void take(char c) {
    any_ = true;
    if (c == '0') {
      zeros_ += digits_ != 0 ? 1 : 0;
      return;
    }
    digits_ += zeros_ + 1;
    if (digits_ <= mantissa_digits_max) {
      value_ = value_ * powers_of_ten[static_cast<std::size_t>(zeros_ + 1)] + static_cast<std::uint64_t>(c - '0');
    }
    zeros_ = 0;
  }

  bool any() const { return any_; }
  bool overflowed() const { return digits_ > mantissa_digits_max; }
  std::uint64_t value() const { return value_; }
  std::int64_t zeros() const { return zeros_; }

 private:
  bool any_ = false;
  std::uint64_t value_ = 0;
  std::int64_t digits_ = 0;  // of the value
  std::int64_t zeros_ = 0;   // behind it
};

/// Reads "e+3" up to the end of the text.
std::optional<std::int64_t> read_exponent(const char* p, const char* end) {
  const bool negative = p != end && *p == '-';
  if (p != end && (*p == '-' || *p == '+')) ++p;
  if (p == end) return std::nullopt;
  std::int64_t exponent = 0;
  for (; p != end; ++p) {
    if (!is_digit(*p)) return std::nullopt;
    exponent = std::min(exponent * 10 + (*p - '0'), exponent_max);
  }
  return negative ? -exponent : exponent;
}

/// The usual spelling: up to 18 digits, no exponent, and no zero at the end of a fraction. Nothing for any other.
std::optional<spelled_number> take_apart_usual(std::string_view text) {
  constexpr std::ptrdiff_t digits_max = 18;
  spelled_number number;
  const char* p = text.data();
  const char* const end = p + text.size();
  number.negative = p != end && *p == '-';
  if (number.negative) ++p;
  if (end - p > digits_max) return std::nullopt;
  const char* const begin = p;
  for (; p != end && is_digit(*p); ++p) number.mantissa = number.mantissa * 10 + static_cast<std::uint64_t>(*p - '0');
  if (p == begin) return std::nullopt;
  if (p == end) return number;
  if (*p != '.' || end[-1] == '0') return std::nullopt;
  const char* const fraction = ++p;
  for (; p != end && is_digit(*p); ++p) number.mantissa = number.mantissa * 10 + static_cast<std::uint64_t>(*p - '0');
  if (p != end) return std::nullopt;
  number.exponent = fraction - end;
  return number;
}

std::optional<spelled_number> take_apart(std::string_view text) {
  if (const auto usual = take_apart_usual(text)) return usual;
  spelled_number number;
  const char* p = text.data();
  const char* const end = p + text.size();
  number.negative = p != end && *p == '-';
  if (p != end && (*p == '-' || *p == '+')) ++p;
  mantissa_reader mantissa;
  for (; p != end && is_digit(*p); ++p) mantissa.take(*p);
  if (p != end && *p == '.') {
    for (++p; p != end && is_digit(*p); ++p, --number.exponent) mantissa.take(*p);
  }
  if (!mantissa.any()) return std::nullopt;
  if (p != end) {
    if (*p != 'e' && *p != 'E') return std::nullopt;
    const auto exponent = read_exponent(p + 1, end);
    if (!exponent) return std::nullopt;
    number.exponent += *exponent;
  }
  number.exponent += mantissa.zeros();
  number.mantissa = mantissa.value();
  number.overflowed = mantissa.overflowed();
  return number;
}

std::optional<std::int64_t> with_sign(wide magnitude, bool negative) {
  const auto limit = static_cast<wide>(std::numeric_limits<std::int64_t>::max()) + (negative ? 1 : 0);
  if (magnitude > limit) return std::nullopt;
  const auto bits = static_cast<std::uint64_t>(magnitude);
  return static_cast<std::int64_t>(negative ? 0 - bits : bits);
}

}  // namespace

std::expected<std::int64_t, number_problem> parse_scaled(std::string_view text, int digits) {
  const auto number = take_apart(text);
  if (!number) return std::unexpected(number_problem::not_a_number);
  if (number->mantissa == 0 && !number->overflowed) return 0;
  const std::int64_t shift = number->exponent + digits;
  if (shift < 0) return std::unexpected(number_problem::too_fine);
  if (number->overflowed || shift >= mantissa_digits_max) return std::unexpected(number_problem::too_large);
  const auto scaled = static_cast<wide>(number->mantissa) * powers_of_ten[static_cast<std::size_t>(shift)];
  const auto value = with_sign(scaled, number->negative);
  if (!value) return std::unexpected(number_problem::too_large);
  return *value;
}

std::optional<duration> parse_multiple(std::string_view text, duration unit) {
  const auto number = take_apart(text);
  if (!number || number->overflowed) return std::nullopt;
  auto product = static_cast<wide>(number->mantissa) * static_cast<std::uint64_t>(unit.count());
  if (product == 0) return duration::zero();
  // A product has at most 38 digits: a loop of more steps leaves nothing, or does not fit.
  std::int64_t exponent = number->exponent;
  for (; exponent < 0 && product != 0; ++exponent) product /= 10;
  for (; exponent > 0; --exponent) {
    if (product > std::numeric_limits<std::uint64_t>::max()) return std::nullopt;
    product *= 10;
  }
  const auto micros = with_sign(product, number->negative);
  return micros ? std::optional{duration{*micros}} : std::nullopt;
}

}  // namespace weir::stream
