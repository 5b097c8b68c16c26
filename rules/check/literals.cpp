#include "rules/check/literals.hpp"

#include <algorithm>
#include <limits>

namespace weir::rules {
namespace {

using cep::int128;

// More digits than this would not leave room to bring two numbers to the same digits.
constexpr std::size_t literal_digits_max = 30;

struct digits_read {
  int128 value = 0;
  int after_point = 0;
};

std::expected<digits_read, type_mismatch> read_digits(const std::string& text) {
  digits_read read;
  std::size_t count = 0;
  bool point = false;
  for (const char c : text) {
    if (c == '.') point = true;
    if (c < '0' || c > '9') continue;
    if (++count > literal_digits_max) {
      return std::unexpected(
          type_mismatch{"a number has at most " + std::to_string(literal_digits_max) + " digits", ""});
    }
    read.value = read.value * 10 + (c - '0');
    if (point) ++read.after_point;
  }
  return read;
}

literal_result money_value(const ast::number_literal& written, const digits_read& read) {
  const auto currency = stream::find_currency(written.currency->name);
  if (!currency) {
    return std::unexpected(type_mismatch{"there is no currency `" + written.currency->name + "`",
                                         "currencies are ISO 4217 codes such as EUR, USD, JPY"});
  }
  const int digits = stream::minor_digits(*currency);
  if (read.after_point > digits) {
    return std::unexpected(type_mismatch{written.digits + " " + written.currency->name +
                                             " has more digits after the point than " + written.currency->name +
                                             " has (" + std::to_string(digits) + ")",
                                         ""});
  }
  const cep::value_type type{.kind = cep::value_kind::exact,
                             .unit = cep::unit::money,
                             .digits = static_cast<std::uint8_t>(digits),
                             .currency = *currency};
  return literal(type, *scaled(read.value, digits - read.after_point));
}

}  // namespace

std::optional<int128> scaled(int128 number, int power) {
  for (; power > 0; --power) {
    if (__builtin_mul_overflow(number, int128{10}, &number)) return std::nullopt;
  }
  return number;
}

literal_result number_value(const ast::number_literal& written) {
  const auto read = read_digits(written.digits);
  if (!read) return std::unexpected(read.error());
  if (written.currency) return money_value(written, *read);
  const cep::value_type type{.kind = cep::value_kind::exact, .digits = static_cast<std::uint8_t>(read->after_point)};
  return literal(type, read->value);
}

literal_result duration_value(const ast::duration_literal& written) {
  const auto length = stream::parse_duration(written.text);
  if (!length) return std::unexpected(type_mismatch{"`" + written.text + "` is longer than Weir can count", ""});
  return literal(duration_type, static_cast<int128>(length->count()));
}

std::optional<std::int64_t> whole_number(const ast::number_literal& written) {
  const auto read = read_digits(written.digits);
  if (!read || written.currency || read->after_point > 0) return std::nullopt;
  if (read->value > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::int64_t>(read->value);
}

std::expected<stream::duration, type_mismatch> positive_duration(const ast::duration_literal& written) {
  const auto value = duration_value(written);
  if (!value) return std::unexpected(value.error());
  const auto count = static_cast<std::int64_t>(std::get<int128>(value->constant));
  if (count <= 0) return std::unexpected(type_mismatch{"this duration must be longer than 0", ""});
  return stream::duration(count);
}

}  // namespace weir::rules
