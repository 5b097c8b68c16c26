#include "rules/json_text.hpp"

#include <array>
#include <charconv>

namespace weir::rules {

void append_json_text(std::string& out, std::string_view text) {
  static constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_json_value(std::string& out, const cep::value& v, const cep::value_type& type,
                       const stream::symbols& names) {
  if (!v.present) {
    out += "null";
    return;
  }
  const bool number = type.kind == cep::value_kind::exact || type.kind == cep::value_kind::real;
  const bool plain = number && (type.unit == cep::unit::none || type.unit == cep::unit::money);
  if (plain && type.kind == cep::value_kind::exact) {
    out += cep::to_text(v.exact, type.digits);
  } else if (plain) {
    std::array<char, 32> buffer{};
    const double whole = cep::in_whole_units(v.real, type);
    out.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), whole).ptr);
  } else if (type.kind == cep::value_kind::boolean) {
    out += v.boolean ? "true" : "false";
  } else {
    append_json_text(out, cep::to_text(v, type, names));
  }
}

}  // namespace weir::rules
