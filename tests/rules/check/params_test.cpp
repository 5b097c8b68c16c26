#include <catch2/catch.hpp>

#include "tests/rules/check/compiling.hpp"

namespace {

using namespace weir;
using namespace weir::testing;

const std::string rule_text =
    "param limit = base * 3\n"
    "param base = 1.10 EUR\n"
    "param home = \"DE\"\n"
    "rule r for card { on payment where amount > limit and country != home }";

rules::compile_options setting(std::map<std::string, std::string> params) { return {.params = std::move(params)}; }

std::string where_with(const rules::compile_options& options) {
  const auto program = program_of(rule_text, options);
  const auto parts = cep::conjuncts(cep::steps_of(program.rules.front().pattern).front()->events.where);
  const auto limit = std::get<cep::int128>(parts[0].args[1].constant);
  return cep::to_text(limit, parts[0].args[1].type.digits) + " " + std::get<std::string>(parts[1].args[1].constant);
}

TEST_CASE("params are constants, whatever their order") { CHECK(where_with({}) == "3.30 DE"); }

TEST_CASE("a deployment sets a param, and those worked out from it follow") {
  CHECK(where_with(setting({{"base", "2 EUR"}})) == "6.00 DE");
  CHECK(where_with(setting({{"limit", "2 EUR"}, {"home", "\"FR\""}})) == "2.00 FR");
  CHECK(where_with(setting({{"base", "2 EUR"}, {"limit", "-7.5 EUR"}})) == "-7.50 DE");
}

TEST_CASE("a param that is set keeps its type") {
  CHECK(errors_in(rule_text, setting({{"base", "2"}})) == "the param `base` is money(EUR), not a number\n");
  CHECK(errors_in(rule_text, setting({{"base", "2 USD"}})) == "the param `base` is money(EUR), not money(USD)\n");
  CHECK(errors_in(rule_text, setting({{"home", "5"}})) == "the param `home` is a text, not a number\n");
}

TEST_CASE("a param that is set is written out") {
  CHECK(errors_in(rule_text, setting({{"home", "FR"}})) ==
        "a param is set to a number, a text, a duration, true or false\n");
  CHECK(errors_in(rule_text, setting({{"limit", "base * 2"}})) ==
        "a param is set to a number, a text, a duration, true or false\n");
}

TEST_CASE("a setting that can't be read, or for no param, is shown in its own text") {
  const auto compiled =
      rules::compile_text(declarations + rule_text, setting({{"limt", "5 EUR"}, {"base", "5 +"}}), reader_of({}));
  REQUIRE(compiled.findings.size() == 2);
  CHECK(rules::render(compiled.findings[0], compiled.files).starts_with("param base:1:"));
  const auto& unknown = compiled.findings[1];
  CHECK(rules::render(unknown, compiled.files).starts_with("param limt:1:1: error: there is no param `limt`"));
  CHECK(unknown.hint == "did you mean `limit`?");
  CHECK(unknown.where.end == 5);
}

TEST_CASE("the files of a compilation are the rule files, when nothing is wrong with the settings") {
  const auto compiled = rules::compile_text(declarations + rule_text, setting({{"base", "2 EUR"}}), reader_of({}));
  CHECK(compiled.result.has_value());
  CHECK(compiled.files.size() == 1);
}

}  // namespace
