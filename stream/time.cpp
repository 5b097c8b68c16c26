#include "stream/time.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace weir::stream {

namespace {

using namespace std::chrono;

// Reads exactly `width` digits at the front of `text` and takes them off.
std::optional<int> take_digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const char c = text[i];
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool take_char(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<year_month_day> take_date(std::string_view& text) {
  const auto y = take_digits(text, 4);
  if (!y || !take_char(text, '-')) return std::nullopt;
  const auto m = take_digits(text, 2);
  if (!m || !take_char(text, '-')) return std::nullopt;
  const auto d = take_digits(text, 2);
  if (!d) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  return date.ok() ? std::optional{date} : std::nullopt;
}

std::optional<duration> take_fraction(std::string_view& text) {
  if (!take_char(text, '.')) return duration::zero();
  std::int64_t micros = 0;
  std::size_t digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (digits < 6) micros = micros * 10 + (text.front() - '0');
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 6; ++digits) micros *= 10;
  return duration{micros};
}

std::optional<duration> take_time_of_day(std::string_view& text) {
  const auto h = take_digits(text, 2);
  if (!h || !take_char(text, ':')) return std::nullopt;
  const auto m = take_digits(text, 2);
  if (!m || !take_char(text, ':')) return std::nullopt;
  const auto s = take_digits(text, 2);
  if (!s || *h > 23 || *m > 59 || *s > 60) return std::nullopt;  // 60: a leap second, read as the next minute's start
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  return hours{*h} + minutes{*m} + seconds{*s} + *fraction;
}

std::optional<duration> take_offset(std::string_view& text) {
  if (take_char(text, 'Z') || take_char(text, 'z')) return duration::zero();
  const bool west = take_char(text, '-');
  if (!west && !take_char(text, '+')) return std::nullopt;
  const auto h = take_digits(text, 2);
  if (!h || !take_char(text, ':')) return std::nullopt;
  const auto m = take_digits(text, 2);
  if (!m || *h > 23 || *m > 59) return std::nullopt;
  const duration offset = hours{*h} + minutes{*m};
  return west ? -offset : offset;
}

struct time_unit {
  std::string_view name;
  std::int64_t micros;
};

// From large to small, so that spelling a duration takes the largest units first.
constexpr std::array<time_unit, 6> time_units{
    {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}}};

std::optional<std::int64_t> take_unit(std::string_view& text) {
  std::size_t letters = 0;
  while (letters < text.size() && text[letters] >= 'a' && text[letters] <= 'z') ++letters;
  for (const auto& unit : time_units) {
    if (unit.name != text.substr(0, letters)) continue;
    text.remove_prefix(letters);
    return unit.micros;
  }
  return std::nullopt;
}

/// Writes the last `width` digits of `value` to `into`; where they end.
char* put_digits(char* into, std::int64_t value, int width) {
  for (int i = width - 1; i >= 0; --i, value /= 10) into[i] = static_cast<char>('0' + value % 10);
  return into + width;
}

char* put_year(char* into, int value) {
  if (value >= 0 && value <= 9999) return put_digits(into, value, 4);
  return std::to_chars(into, into + 8, value).ptr;
}

}  // namespace

std::optional<timestamp> parse_rfc3339(std::string_view text) {
  const auto date = take_date(text);
  if (!date || text.empty() || (text.front() != 'T' && text.front() != 't' && text.front() != ' ')) return std::nullopt;
  text.remove_prefix(1);
  const auto time_of_day = take_time_of_day(text);
  if (!time_of_day) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return timestamp{sys_days{*date}.time_since_epoch() + *time_of_day - *offset};
}

void append_rfc3339(std::string& out, timestamp t) {
  const auto day_start = floor<days>(t);
  const year_month_day date{day_start};
  const std::int64_t micros = (t - day_start).count();
  std::array<char, 40> text;
  char* end = put_year(text.data(), static_cast<int>(date.year()));
  *end++ = '-';
  end = put_digits(end, static_cast<unsigned>(date.month()), 2);
  *end++ = '-';
  end = put_digits(end, static_cast<unsigned>(date.day()), 2);
  *end++ = 'T';
  end = put_digits(end, micros / 3'600'000'000, 2);
  *end++ = ':';
  end = put_digits(end, micros / 60'000'000 % 60, 2);
  *end++ = ':';
  end = put_digits(end, micros / 1'000'000 % 60, 2);
  if (const std::int64_t fraction = micros % 1'000'000; fraction != 0) {
    *end++ = '.';
    end = fraction % 1'000 == 0 ? put_digits(end, fraction / 1'000, 3) : put_digits(end, fraction, 6);
  }
  *end++ = 'Z';
  out.append(text.data(), end);
}

std::string to_rfc3339(timestamp t) {
  std::string out;
  append_rfc3339(out, t);
  return out;
}

std::optional<duration> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto unit = take_unit(text);
    std::int64_t part = 0;
    if (!unit || __builtin_mul_overflow(count, *unit, &part) || __builtin_add_overflow(total, part, &total)) {
      return std::nullopt;
    }
  }
  return duration{total};
}

std::string to_text(duration d) {
  if (d == duration::zero()) return "0s";
  std::string out;
  // Negating as unsigned is defined for the least value too.
  std::uint64_t rest = static_cast<std::uint64_t>(d.count());
  if (d < duration::zero()) {
    out += '-';
    rest = 0 - rest;
  }
  for (const auto& unit : time_units) {
    const auto size = static_cast<std::uint64_t>(unit.micros);
    if (rest < size) continue;
    out += std::to_string(rest / size);
    out += unit.name;
    rest %= size;
  }
  return out;
}

}  // namespace weir::stream
