#include "rules/diagnostic.hpp"

#include <catch2/catch.hpp>

using namespace weir::rules;

namespace {

std::string rendered(const std::string& text, std::uint32_t begin, std::uint32_t end) {
  return render({diagnostic_level::error, {0, begin, end}, "wrong", ""}, {{"a.weir", text}});
}

}  // namespace

TEST_CASE("a finding shows its place, its line and a caret under what it is about") {
  CHECK(rendered("rule x\n  on y\n", 12, 13) == "a.weir:2:6: error: wrong\n      on y\n         ^\n");
  CHECK(rendered("rule name", 5, 9) == "a.weir:1:6: error: wrong\n    rule name\n         ^~~~\n");
}

TEST_CASE("a finding at a line's end or the file's end has a caret behind the last character") {
  CHECK(rendered("ab\ncd", 2, 2) == "a.weir:1:3: error: wrong\n    ab\n      ^\n");
  CHECK(rendered("ab\ncd", 5, 5) == "a.weir:2:3: error: wrong\n    cd\n      ^\n");
  CHECK(rendered("ab\n", 3, 3) == "a.weir:2:1: error: wrong\n    \n    ^\n");
  CHECK(rendered("", 0, 0) == "a.weir:1:1: error: wrong\n    \n    ^\n");
}

TEST_CASE("a finding over several lines is underlined to the end of its first") {
  CHECK(rendered("ab cd\r\nef", 3, 9) == "a.weir:1:4: error: wrong\n    ab cd\n       ^~\n");
}

TEST_CASE("tabs before the caret stay tabs, and columns count characters") {
  CHECK(rendered("\tab\tcd", 4, 6) == "a.weir:1:5: error: wrong\n    \tab\tcd\n    \t  \t^~\n");
  CHECK(rendered("\"é€\" xy", 8, 10) == "a.weir:1:6: error: wrong\n    \"é€\" xy\n         ^~\n");
  CHECK(rendered("é€x", 0, 5) == "a.weir:1:1: error: wrong\n    é€x\n    ^~\n");
}

TEST_CASE("a span beyond the text or of an unknown file is no reason to fail") {
  CHECK(rendered("ab", 50, 60) == "a.weir:1:3: error: wrong\n    ab\n      ^\n");
  CHECK(render({diagnostic_level::error, {7, 1, 2}, "wrong", ""}, {}) == ":1:1: error: wrong\n    \n    ^\n");
}

TEST_CASE("of a long line only what stands around the caret is shown") {
  const std::string text = std::string(1'000, 'a') + "xyz" + std::string(1'000, 'b');
  const std::string expected = "a.weir:1:1001: error: wrong\n    ..." + std::string(100, 'a') + "xyz" +
                               std::string(100, 'b') + "\n       " + std::string(100, ' ') + "^~~\n";
  CHECK(rendered(text, 1'000, 1'003) == expected);
}

TEST_CASE("a warning says so, and a hint stands below") {
  CHECK(render({diagnostic_level::warning, {0, 0, 1}, "odd", "do it so"}, {{"a", "x"}}) ==
        "a:1:1: warning: odd\n    x\n    ^\n    hint: do it so\n");
}

TEST_CASE("colour surrounds the words and is closed on every line") {
  const std::string text = render({diagnostic_level::error, {0, 0, 1}, "wrong", "h"}, {{"a", "x"}}, true);
  CHECK(text ==
        "\x1b[1ma:1:1: \x1b[1;31merror: \x1b[0m\x1b[1mwrong\x1b[0m\n    x\n    \x1b[1;31m^\x1b[0m\n"
        "    \x1b[1;32mhint: \x1b[0mh\n");
}

TEST_CASE("only an error makes a compilation fail") {
  CHECK_FALSE(has_errors({}));
  CHECK_FALSE(has_errors({{diagnostic_level::warning, {}, "", ""}}));
  CHECK(has_errors({{diagnostic_level::warning, {}, "", ""}, {diagnostic_level::error, {}, "", ""}}));
}

TEST_CASE("the nearest name is one slip of the hand away, or a few in a long one") {
  const std::vector<std::string> names = {"merchant", "amount", "card", "country", "at"};
  CHECK(nearest("merchnat", names) == "merchant");
  CHECK(nearest("amout", names) == "amount");
  CHECK(nearest("cart", names) == "card");
  CHECK(nearest("Card", names) == "card");
  CHECK(nearest("contry", names) == "country");
  CHECK(nearest("as", names) == "at");
}

TEST_CASE("a name that is far from all others is not guessed at") {
  CHECK(nearest("payment", {"amount", "card"}).empty());
  CHECK(nearest("x", {"y", "z"}).empty());
  CHECK(nearest("x", {}).empty());
  CHECK(nearest("", {"a"}).empty());
  CHECK(nearest(std::string(10'000, 'a'), {std::string(10'000, 'a') + "b"}).empty());
}

TEST_CASE("of several near names the nearest is meant, and the first of equals") {
  CHECK(nearest("form", {"for", "from"}) == "for");
  CHECK(nearest("acount", {"count", "account"}) == "count");
  CHECK(nearest("accoun", {"count", "account"}) == "account");
}
