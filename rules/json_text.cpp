#include "rules/json_text.hpp"

#include <array>
#include <charconv>

namespace weir::rules {

namespace {

constexpr bool is_escaped(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || c == '"' || c == '\\' || byte == 0x7f;
}

constexpr std::array<bool, 256> escaped = [] {
  std::array<bool, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) table[byte] = is_escaped(static_cast<char>(byte));
  return table;
}();

void append_escape(std::string& out, char c) {
  static constexpr std::string_view hex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out += '\\';
  switch (c) {
    case '\n': out += 'n'; return;
    case '\t': out += 't'; return;
    case '\r': out += 'r'; return;
    case '"':
    case '\\': out += c; return;
    default: break;
  }
  out += "u00";
  out += hex[byte >> 4];
  out += hex[byte & 15];
}

/// A value whose text has nothing to escape.
void append_quoted(std::string& out, const cep::value& v, const cep::value_type& type, const stream::symbols& names) {
  out += '"';
  cep::append_text(out, v, type, names);
  out += '"';
}

void append_json_real(std::string& out, double number) {
  std::array<char, 32> buffer;
  out.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr);
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  const char* plain = text.data();
  const char* const end = plain + text.size();
  for (const char* at = plain; at != end; ++at) {
    if (!escaped[static_cast<unsigned char>(*at)]) continue;
    out.append(plain, at);
    append_escape(out, *at);
    plain = at + 1;
  }
  out.append(plain, end);
  out += '"';
}

void append_json_number(std::string& out, std::int64_t number) {
  std::array<char, 20> buffer;
  out.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr);
}

void append_json_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> buffer;
  out.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr);
}

void append_json_time(std::string& out, stream::timestamp t) {
  out += '"';
  stream::append_rfc3339(out, t);
  out += '"';
}

void append_json_value(std::string& out, const cep::value& v, const cep::value_type& type,
                       const stream::symbols& names) {
  if (!v.present) {
    out += "null";
    return;
  }
  const bool plain = type.unit == cep::unit::none || type.unit == cep::unit::money;
  switch (type.kind) {
    case cep::value_kind::boolean: out += v.boolean ? "true" : "false"; return;
    case cep::value_kind::text: append_json_text(out, names.texts()[v.id]); return;
    case cep::value_kind::entity: append_json_text(out, names.entities(type.entity)[v.id]); return;
    case cep::value_kind::ip: append_quoted(out, v, type, names); return;
    case cep::value_kind::exact:
      if (!plain) return append_quoted(out, v, type, names);
      return cep::append_text(out, v.exact, type.digits);
    case cep::value_kind::real:
      if (!plain) return append_quoted(out, v, type, names);
      return append_json_real(out, cep::in_whole_units(v.real, type));
  }
}

}  // namespace weir::rules
