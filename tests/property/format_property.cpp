// Layout, on rule files that nobody wrote, with blanks, line ends and comments wherever the language allows them.
#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "rules/diagnostic.hpp"
#include "rules/format.hpp"
#include "tests/property/compiled_case.hpp"
#include "tests/support/layout_promises.hpp"

using namespace weir;
using namespace weir::testing;

namespace {

/// The text with other blanks between its tokens; comments are among them.
std::string blown_about(const std::string& text, const tape& choices) {
  static const std::vector<std::string> gaps = {" ",    "\n",     "  ",        "\n\n\n",           "\t",       "\r\n",
                                                "\n  ", " # c\n", "\n# own\n", "  # c\n  # d\n\n", "\n\n#\n\n"};
  tape_reader wind(choices);
  std::string blown;
  for (const auto& token : tokens_and_comments(text)) blown += token + (wind.once_in(3) ? wind.pick(gaps) : " ");
  return blown;
}

std::vector<std::string> hashes_of(const rules::compilation& compiled) {
  std::vector<std::string> hashes;
  for (const auto& rule : compiled.result.value().rules) hashes.push_back(rule.name + " " + rule.content_hash);
  return hashes;
}

}  // namespace

TEST_CASE("a layout keeps the tokens and is done in one go, on any rule file") {
  CHECK(rc::check([](const case_draw& draw, const tape& wind) {
    const std::string broken = broken_layout_promise(blown_about(rule_file(draw.file), wind));
    if (!broken.empty()) RC_FAIL(broken);
  }));
}

TEST_CASE("a layout keeps the tokens and is done in one go, on any text") {
  CHECK(rc::check([](const std::string& text) {
    const std::string broken = broken_layout_promise(text);
    if (!broken.empty()) RC_FAIL(broken);
  }));
}

TEST_CASE("a layout keeps the tokens and is done in one go, on words in any order") {
  static const std::vector<std::string> words = {"rule",
                                                 "event",
                                                 "r",
                                                 "match",
                                                 "then",
                                                 "where",
                                                 "and",
                                                 "or",
                                                 "between",
                                                 "{",
                                                 "}",
                                                 "(",
                                                 ")",
                                                 "[",
                                                 "]",
                                                 ":",
                                                 ",",
                                                 "-",
                                                 "->",
                                                 "=",
                                                 "test",
                                                 "\"t\"",
                                                 "at",
                                                 "expect",
                                                 "5",
                                                 "within",
                                                 "of",
                                                 "when",
                                                 "let",
                                                 "param",
                                                 "no",
                                                 "next",
                                                 "on",
                                                 "list",
                                                 "graph",
                                                 "keep",
                                                 "a_name_that_takes_a_good_part_of_a_line"};
  CHECK(rc::check([](const tape& order, const tape& wind) {
    std::string text;
    for (const auto choice : order) text += words[choice % words.size()] + " ";
    const std::string broken = broken_layout_promise(blown_about(text, wind));
    if (!broken.empty()) RC_FAIL(broken);
  }));
}

TEST_CASE("a rule file means the same when it is laid out") {
  CHECK(rc::check([](const case_draw& draw, const tape& wind) {
    const std::string written = rule_file(draw.file);
    const auto laid_out = rules::format(blown_about(written, wind));
    RC_ASSERT(laid_out.has_value());
    RC_ASSERT(hashes_of(compile_generated(*laid_out)) == hashes_of(compile_generated(written)));
  }));
}
