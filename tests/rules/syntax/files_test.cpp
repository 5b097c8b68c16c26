#include <catch2/catch.hpp>

#include <chrono>

#include "tests/rules/syntax/reading.hpp"

using namespace weir::rules;
using tests::read_file;

TEST_CASE("an empty file has no declarations") {
  CHECK(read_file("") == "");
  CHECK(read_file(" # only a remark") == "");
}

TEST_CASE("every declaration is read") {
  CHECK(read_file("entity account entity card") == "entity account\nentity card");
  CHECK(read_file("param ratio = 0.9 * 2  param pause = 10m") == "param ratio = (0.9 * 2)\nparam pause = 10m");
  CHECK(read_file("list payroll : account from \"pay\\\\roll.csv\" # reloaded") ==
        "list payroll: account from \"pay\\roll.csv\"");
  CHECK(read_file("let large(t: transfer, n: money) = t.amount >= 5_000 EUR") ==
        "let large(t: transfer, n: money) = (t.amount >= 5_000 EUR)");
  CHECK(read_file("import \"other.weir\"") == "import \"other.weir\"");
}

TEST_CASE("tables, models and graphs are read") {
  CHECK(read_file("table clients : account -> { country: text?  opened, closed: time } from \"clients.csv\"") ==
        "table clients: account -> { country: text?  opened, closed: time } from \"clients.csv\"");
  CHECK(read_file("model fraud : xgboost from \"fraud.json\"") == "model fraud: xgboost from \"fraud.json\"");
  CHECK(read_file("graph payments : transfer(from -> to, weight amount) keep 30d refresh 10s") ==
        "graph payments: transfer(from -> to, weight amount) keep 30d refresh 10s");
  CHECK(read_file("graph g : e(a->b) keep 30d graph h : e(a->b) keep 1h") ==
        "graph g: e(a -> b) keep 30d\ngraph h: e(a -> b) keep 1h");
}

TEST_CASE("an event's fields are parted by blanks, line ends or commas") {
  const std::string fields = "event e { at: time  from, to: account  amount: money(EUR)  country: text? }";
  CHECK(read_file("event e { at: time from, to: account amount: money(EUR) country: text? }") == fields);
  CHECK(read_file("event e{at:time,from,to:account,amount:money(EUR),country:text?,}") == fields);
  CHECK(read_file("event e {\n at: time\n from,\n to: account\n amount: money( EUR )\n country: text ? }") == fields);
  CHECK(read_file("event nothing {}") == "event nothing {  }");
}

TEST_CASE("words of the language that cannot be mistaken are names") {
  CHECK(read_file("event event { at: time list: text rule: int in: int score: int }") ==
        "event event { at: time  list: text  rule: int  in: int  score: int }");
}

TEST_CASE("a rule names its subjects and its version") {
  CHECK(read_file("rule a { }") == "rule a");
  CHECK(read_file("rule a for card, acct: account version 3 { score 1 }") ==
        "rule a for card, acct: account version 3\n  score 1");
}

TEST_CASE("a byte order mark and carriage returns are blanks") {
  CHECK(read_file("\xEF\xBB\xBF"
                  "entity a\r\nentity b\r\n") == "entity a\nentity b");
}

namespace {

/// What a node's span covers.
std::string covered(const std::string& text, const ast::located& node) {
  return text.substr(node.begin, node.end - node.begin);
}

}  // namespace

TEST_CASE("every node knows its place, without the blanks behind it") {
  const std::string text =
      "  # first\n"
      "rule r for c : card  {  \n"
      "  match a : payment  where  (x + 1) > y  # remark\n"
      "  then no  b  within 5m  \n"
      "  within 1h   # the end\n"
      "  when  not f( a , 1 EUR )  is missing   \n"
      "} # tail";
  std::vector<diagnostic> findings;
  const ast::file tree = parse_file(text, 0, findings);
  REQUIRE(findings.empty());
  const auto& rule = boost::get<ast::rule_declaration>(tree.declarations.at(0).get());
  CHECK(covered(text, rule).starts_with("rule r for"));
  CHECK(covered(text, rule).ends_with("\n}"));
  CHECK(covered(text, rule.name) == "r");
  CHECK(covered(text, rule.subjects.at(0)) == "c : card");

  const auto& match = boost::get<ast::match_clause>(rule.clauses.at(0).get());
  CHECK(covered(text, match).ends_with("within 1h"));
  const auto& group = boost::get<ast::group>(match.parts.at(0).get());
  CHECK(covered(text, group) == "a : payment  where  (x + 1) > y");
  const auto& step = group.steps.at(0);
  CHECK(covered(text, step) == "a : payment  where  (x + 1) > y");
  CHECK(covered(text, *step.label) == "a");
  CHECK(covered(text, *step.where) == "(x + 1) > y");
  const ast::chain& comparison = boost::get<ast::x3::forward_ast<ast::chain>>(step.where->get()).get();
  CHECK(covered(text, comparison) == "(x + 1) > y");
  CHECK(covered(text, comparison.first) == "(x + 1)");
  CHECK(covered(text, comparison.rest.at(0)) == "> y");
  const auto& absence = boost::get<ast::absence>(match.parts.at(1).get());
  CHECK(covered(text, absence) == "no  b  within 5m");
  CHECK(covered(text, *absence.within) == "within 5m");
  CHECK(covered(text, absence.within->length) == "5m");
  CHECK(covered(text, match.within.at(0)) == "1h");

  const auto& when = boost::get<ast::when_clause>(rule.clauses.at(1).get());
  const ast::unary& negated = boost::get<ast::x3::forward_ast<ast::unary>>(when.condition.get()).get();
  CHECK(covered(text, negated) == "not f( a , 1 EUR )  is missing");
  const ast::missing_test& missing = boost::get<ast::x3::forward_ast<ast::missing_test>>(negated.operand.get()).get();
  CHECK(covered(text, missing) == "f( a , 1 EUR )  is missing");
  const ast::call& call = boost::get<ast::x3::forward_ast<ast::call>>(missing.operand.get()).get();
  CHECK(covered(text, call) == "f( a , 1 EUR )");
  CHECK(covered(text, call.arguments.at(1)) == "1 EUR");
}

TEST_CASE("an expression of a reason counts its places from the file's start") {
  std::vector<diagnostic> findings;
  const auto tree = parse_expression(" a + b ", 3, 100, findings);
  REQUIRE(tree);
  CHECK(tree->begin == 101);
  CHECK(tree->end == 106);
  CHECK_FALSE(parse_expression("a + )", 3, 100, findings));
  CHECK(findings.at(0).where == source_span{3, 104, 105});
}

TEST_CASE("a reason falls into words and expressions") {
  ast::text_literal text;
  text.begin = 10;
  text.value = R"(a \"{x.y}\" and \{z} {span}{w})";
  std::vector<diagnostic> findings;
  const std::vector<reason_piece> expected = {
      {false, "a \"", 11}, {true, "x.y", 16}, {false, "\" and {z} ", 20}, {true, "span", 33}, {true, "w", 39}};
  CHECK((split_reason(text, 0, findings) == expected));
  CHECK(findings.empty());

  text.value = "a {b";
  split_reason(text, 4, findings);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].where == source_span{4, 13, 14});
  text.value = "a {b {c}";
  split_reason(text, 4, findings);
  CHECK(findings.size() == 2);
}

TEST_CASE("after an error the rest of the file is still read") {
  const std::string text =
      "entity 5\n"
      "event e { at: time n: int }\n"
      "rule broken for card {\n"
      "  on e where n > > 3\n"
      "   and n < 5\n"
      "  when count(e) over 10m > 5\n"
      "  test \"t\" {\n"
      "    e { at: }\n"
      "    expect alert\n"
      "  }\n"
      "  score 5\n"
      "}\n"
      "rule whole { on e }\n";
  std::vector<diagnostic> findings;
  const ast::file tree = parse_file(text, 0, findings);
  CHECK(findings.size() == 3);
  std::string rules;
  for (const auto& declaration : tree.declarations) {
    if (const auto* rule = boost::get<ast::rule_declaration>(&declaration.get())) {
      rules += rule->name.name + (rule->broken ? " broken" : " whole") + std::to_string(rule->clauses.size()) + '\n';
    }
  }
  CHECK(rules == "broken broken2\nwhole whole1\n");
}

TEST_CASE("a file of nothing but errors is given up after the first hundred") {
  std::string text = "rule r {\n";
  for (int i = 0; i < 100'000; ++i) text += "score x\n";
  std::vector<diagnostic> findings;
  parse_file(text, 0, findings);
  CHECK(findings.size() == 101);
  CHECK(findings.back().message == "the rest of the file was not read: too many errors");
}

TEST_CASE("reading takes time in proportion to the text") {
  const auto seconds = [](const std::string& text) {
    std::vector<diagnostic> findings;
    const auto begin = std::chrono::steady_clock::now();
    parse_file(text, 0, findings);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  constexpr double limit = 10;  // generous: a sanitizer on a busy machine; plain it is far below a second
  const auto repeated = [](std::string_view part, std::size_t size = 300'000) {
    std::string text;
    while (text.size() < size) text += part;
    return text;
  };
  const std::string rule = "rule r for card {\n  on p: payment where a + 1 > 2\n  when count(p) over 1h > 5\n}\n";
  CHECK(seconds(repeated(rule, 1'000'000)) < limit);
  CHECK(seconds("let f() = " + repeated("a + ")) < limit);
  CHECK(seconds("let f() = " + repeated("(")) < limit);
  CHECK(seconds(repeated("{")) < limit);
  CHECK(seconds(repeated("rule r {")) < limit);
  CHECK(seconds(repeated("\"")) < limit);
  CHECK(seconds("let f() = " + std::string(90, '(') + "a" + repeated(" ") + std::string(90, ')')) < limit);
}
