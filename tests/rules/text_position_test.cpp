#include <string>

#include <catch2/catch.hpp>

#include "rules/text_position.hpp"

using namespace weir::rules;

TEST_CASE("lines end with any of the three line ends") {
  const line_table lines("a\nbc\r\nd\re");
  REQUIRE(lines.lines() == 4);
  CHECK(lines.line(0) == "a");
  CHECK(lines.line(1) == "bc");
  CHECK(lines.line(2) == "d");
  CHECK(lines.line(3) == "e");
}

TEST_CASE("a text that ends with a line end has an empty last line") {
  const line_table lines("a\n");
  CHECK(lines.lines() == 2);
  CHECK(lines.line(1).empty());
  CHECK(lines.position_of(2) == text_position{1, 0});
  CHECK(line_table("").position_of(0) == text_position{0, 0});
}

TEST_CASE("characters are counted in UTF-16 code units") {
  // é is two bytes and one unit, € three bytes and one unit, 😀 four bytes and two units.
  const std::string text = "é€😀x";
  const line_table lines(text);
  CHECK(lines.position_of(0) == text_position{0, 0});
  CHECK(lines.position_of(2) == text_position{0, 1});
  CHECK(lines.position_of(5) == text_position{0, 2});
  CHECK(lines.position_of(9) == text_position{0, 4});
  CHECK(lines.offset_of({0, 1}) == 2);
  CHECK(lines.offset_of({0, 2}) == 5);
  CHECK(lines.offset_of({0, 4}) == 9);
  CHECK(lines.offset_of({0, 5}) == 10);
}

TEST_CASE("a position inside a pair of surrogates is that of its character") {
  CHECK(line_table("😀x").offset_of({0, 1}) == 0);
}

TEST_CASE("a position beyond a line is its end, one beyond the text the text's end") {
  const line_table lines("ab\r\ncd");
  CHECK(lines.offset_of({0, 99}) == 2);
  CHECK(lines.offset_of({1, 99}) == 6);
  CHECK(lines.offset_of({7, 0}) == 6);
  CHECK(lines.position_of(99) == text_position{1, 2});
}

TEST_CASE("inside a line's end is before it") {
  const line_table lines("ab\r\ncd");
  CHECK(lines.position_of(2) == text_position{0, 2});
  CHECK(lines.position_of(3) == text_position{0, 2});
  CHECK(lines.position_of(4) == text_position{1, 0});
}

TEST_CASE("bytes that are not UTF-8 do no harm") {
  const std::string text = "\x80\xFF\xF0z\n\xC3";
  const line_table lines(text);
  for (std::size_t at = 0; at <= text.size(); ++at) CHECK(lines.offset_of(lines.position_of(at)) <= text.size());
}

TEST_CASE("every byte that begins a character is found again by its position") {
  const std::string text = "p \"ü\" 😀\r\n\n# €uro\nx";
  const line_table lines(text);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool begins_character = (text[at] & 0xC0) != 0x80;
    const bool in_line_end = text[at] == '\n' && at > 0 && text[at - 1] == '\r';
    if (begins_character && !in_line_end) CHECK(lines.offset_of(lines.position_of(at)) == at);
  }
}
