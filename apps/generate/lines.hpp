#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::generate {

enum class line_format : std::uint8_t { ndjson, csv };

/// Appends a whole number in decimal.
void append_number(std::string& out, std::uint64_t number);
/// Appends an amount with two digits behind the point: 307 is "3.07".
void append_cents(std::string& out, std::int64_t cents);

/// A line of fields in the order they are given: NDJSON names them, CSV counts on the header to do so. Nothing is
/// escaped: the texts are the generators' own.
class line_builder {
 public:
  line_builder(std::string& out, line_format format) : out_(out), csv_(format == line_format::csv) {}

  void text(std::string_view name, std::string_view value);
  /// A text made of a prefix and a number: "A", 17 is "A17".
  void text(std::string_view name, std::string_view prefix, std::uint64_t number);
  void number(std::string_view name, std::uint64_t value);
  void boolean(std::string_view name, bool value);
  void cents(std::string_view name, std::int64_t value);
  /// A field without a value: nothing in NDJSON, an empty place in CSV.
  void missing();
  void end();

 private:
  void begin_field(std::string_view name);

  std::string& out_;
  bool csv_;
  bool first_ = true;
};

}  // namespace weir::generate
