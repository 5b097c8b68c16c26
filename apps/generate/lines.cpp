#include "apps/generate/lines.hpp"

#include <charconv>

namespace weir::generate {

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_cents(std::string& out, std::int64_t cents) {
  const auto amount = static_cast<std::uint64_t>(cents);
  append_number(out, amount / 100);
  const char rest[3] = {'.', static_cast<char>('0' + amount / 10 % 10), static_cast<char>('0' + amount % 10)};
  out.append(rest, sizeof rest);
}

void line_builder::begin_field(std::string_view name) {
  if (csv_) {
    if (!first_) out_ += ',';
  } else {
    out_ += first_ ? "{\"" : ",\"";
    out_ += name;
    out_ += "\":";
  }
  first_ = false;
}

void line_builder::text(std::string_view name, std::string_view value) {
  begin_field(name);
  if (!csv_) out_ += '"';
  out_ += value;
  if (!csv_) out_ += '"';
}

void line_builder::text(std::string_view name, std::string_view prefix, std::uint64_t number) {
  begin_field(name);
  if (!csv_) out_ += '"';
  out_ += prefix;
  append_number(out_, number);
  if (!csv_) out_ += '"';
}

void line_builder::number(std::string_view name, std::uint64_t value) {
  begin_field(name);
  append_number(out_, value);
}

void line_builder::boolean(std::string_view name, bool value) {
  begin_field(name);
  out_ += value ? "true" : "false";
}

void line_builder::cents(std::string_view name, std::int64_t value) {
  begin_field(name);
  append_cents(out_, value);
}

void line_builder::missing() {
  if (csv_) begin_field({});
}

void line_builder::end() { out_ += csv_ ? "\n" : "}\n"; }

}  // namespace weir::generate
