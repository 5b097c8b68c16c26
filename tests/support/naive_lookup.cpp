#include "tests/support/naive_lookup.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace weir::testing {
namespace {

using cep::int128;

// A number as written, with `digits` digits behind the point; nothing if it has more.
std::optional<int128> written_number(const std::string& text, int digits) {
  const std::size_t point = std::min(text.find('.'), text.size());
  int missing_digits = digits;
  int128 number = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') continue;
    number = number * 10 + (text[i] - '0');
    if (i > point) --missing_digits;
  }
  if (missing_digits < 0) return std::nullopt;
  for (; missing_digits > 0; --missing_digits) number *= 10;
  return text.starts_with('-') ? -number : number;
}

double written_real(const std::string& text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool is_written_address(const stream::ip_address& address, const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return address == stream::parse_ip(text);
  const std::string block = text.substr(0, slash);
  const bool is_ipv4 = block.find(':') == std::string::npos;
  const int bits = std::stoi(text.substr(slash + 1)) + (is_ipv4 ? 96 : 0);
  return is_in_block(address, *stream::parse_ip(block), bits);
}

bool bit(const stream::ip_address& address, int place) {
  return (address.bytes[static_cast<std::size_t>(place) / 8] >> (7 - place % 8)) & 1;
}

bool is_version_4(const stream::ip_address& address) { return stream::to_text(address).find(':') == std::string::npos; }

}  // namespace

bool is_written(const naive_value& v, const cep::value_type& type, const std::string& text) {
  switch (type.kind) {
    case cep::value_kind::boolean: return std::get<bool>(v) == (text == "true");
    case cep::value_kind::ip: return is_written_address(std::get<stream::ip_address>(v), text);
    case cep::value_kind::exact: return std::get<int128>(v) == written_number(text, type.digits);
    case cep::value_kind::real: return std::get<double>(v) == written_real(text);
    default: return std::get<std::string>(v) == text;
  }
}

bool is_in_block(const stream::ip_address& address, const stream::ip_address& block, int bits) {
  for (int place = 0; place < bits; ++place) {
    if (bit(address, place) != bit(block, place)) return false;
  }
  return bits >= 96 || !is_version_4(address);
}

}  // namespace weir::testing
