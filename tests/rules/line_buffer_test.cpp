#include "rules/line_buffer.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <random>
#include <string>

#include "rules/json_text.hpp"

using namespace weir;
using rules::line_buffer;

namespace {

template <class Put>
std::string written(const Put& put) {
  line_buffer line;
  line.put('<');
  put(line);
  line.put('>');
  return std::string(line.text());
}

/// The slow twin's, between the same brackets.
template <class Append>
std::string appended(const Append& append) {
  std::string out = "<";
  append(out);
  return out + '>';
}

void check_number(std::int64_t number) {
  CHECK(written([&](line_buffer& l) { l.put_number(number); }) ==
        appended([&](std::string& out) { rules::append_json_number(out, number); }));
  for (const unsigned digits : {0U, 1U, 2U, 8U, 18U}) {
    CHECK(written([&](line_buffer& l) { l.put_decimal(number, digits); }) ==
          appended([&](std::string& out) { cep::append_text(out, cep::int128{number}, static_cast<int>(digits)); }));
  }
}

}  // namespace

TEST_CASE("numbers are written as elsewhere") {
  for (const std::int64_t number : {0L, 1L, 9L, 10L, 99L, 100L, 101L, 999L, 1000L, 12345L}) {
    check_number(number);
    check_number(-number);
  }
  check_number(std::numeric_limits<std::int64_t>::max());
  check_number(std::numeric_limits<std::int64_t>::min());
  std::mt19937_64 dice(1);
  for (int i = 0; i < 2000; ++i) check_number(static_cast<std::int64_t>(dice() >> (dice() % 64)));
  CHECK(written([](line_buffer& l) { l.put_number(std::numeric_limits<std::uint64_t>::max()); }) ==
        "<18446744073709551615>");
  CHECK(written([](line_buffer& l) { l.put_hex(0x0123456789abcdef); }) == "<0123456789abcdef>");
}

TEST_CASE("times are written as elsewhere, one after the other") {
  line_buffer line;
  std::mt19937_64 dice(2);
  const auto check = [&line](stream::timestamp t) {
    line.clear();
    line.put_time(t);
    CHECK(line.text() == stream::to_rfc3339(t));
  };
  stream::timestamp t{};
  for (int i = 0; i < 2000; ++i) {
    check(t);
    t += stream::duration{static_cast<std::int64_t>(dice() >> (24 + dice() % 40))};
  }
  for (const char* text : {"2024-02-29T23:59:59.999999Z", "2024-03-01T00:00:00Z", "1969-12-31T23:59:59.5Z",
                           "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000001Z"}) {
    check(*stream::parse_rfc3339(text));
  }
  check(stream::end_of_time);
}

TEST_CASE("texts are escaped as elsewhere, of any length") {
  for (std::size_t size = 0; size < 9000; size = size * 3 / 2 + 1) {
    for (const char* more : {"", "\"", "\\", "\n", "\x1f", "\x7f", "é", "🙂"}) {
      const std::string text = std::string(size, 'x') + more;
      CHECK(written([&](line_buffer& l) { l.put_json_text(text); }) ==
            appended([&](std::string& out) { rules::append_json_text(out, text); }));
    }
  }
}
