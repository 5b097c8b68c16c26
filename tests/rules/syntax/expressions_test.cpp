#include <catch2/catch.hpp>

#include "tests/rules/syntax/reading.hpp"

using weir::rules::tests::read_expression;

TEST_CASE("`or` joins less tightly than `and`, `and` less than `not`, `not` less than a comparison") {
  CHECK(read_expression("a or b and not c = d") == "(a or (b and (not (c = d))))");
  CHECK(read_expression("not a and b") == "((not a) and b)");
  CHECK(read_expression("not not a") == "(not (not a))");
}

TEST_CASE("a comparison joins less tightly than a default, and that less than arithmetic") {
  CHECK(read_expression("a ?? 1 + b > c ?? 0") == "((a \?\? (1 + b)) > (c \?\? 0))");
  CHECK(read_expression("a + b * -c / d - 2") == "(a + (b * (-c) / d) - 2)");
  CHECK(read_expression("- - a") == "(-(-a))");
}

TEST_CASE("operators of one level go from left to right in one chain") {
  CHECK(read_expression("a - b + c - d") == "(a - b + c - d)");
  CHECK(read_expression("a or b or c") == "(a or b or c)");
}

TEST_CASE("parentheses come first") {
  CHECK(read_expression("(a or b) and (c)") == "((a or b) and c)");
  CHECK(read_expression("((a + b)) * 2") == "((a + b) * 2)");
}

TEST_CASE("every comparison is read") {
  CHECK(read_expression("a = b and a != b and a < b") == "((a = b) and (a != b) and (a < b))");
  CHECK(read_expression("a<=b and a>b and a>=-b") == "((a <= b) and (a > b) and (a >= (-b)))");
}

TEST_CASE("`between` takes two values, and `and` behind them joins conditions again") {
  CHECK(read_expression("x between 1 and y + 2 and z") == "((x between 1 and (y + 2)) and z)");
}

TEST_CASE("`in`, `not in`, `is missing` and `is not missing` follow a value") {
  CHECK(read_expression("a.b in payroll") == "(a.b in payroll)");
  CHECK(read_expression("a not in payroll or b") == "((not (a in payroll)) or b)");
  CHECK(read_expression("not a in payroll") == "(not (a in payroll))");
  CHECK(read_expression("a + b is missing") == "((a + b) is missing)");
  CHECK(read_expression("a is not missing") == "(not (a is missing))");
}

TEST_CASE("`in` is a label where a value should stand") {
  CHECK(read_expression("large(in) and in.amount in in") == "(large(in) and (in.amount in in))");
}

TEST_CASE("keywords are whole words") {
  CHECK(read_expression("notes = order and android") == "((notes = order) and android)");
  CHECK(read_expression("nota or orb") == "(nota or orb)");
  CHECK(read_expression("truely and falsehood") == "(truely and falsehood)");
}

TEST_CASE("words of clauses and aggregates are names where a value stands") {
  CHECK(read_expression("score > 5 and mode = test") == "((score > 5) and (mode = test))");
  CHECK(read_expression("count > first.last") == "(count > first.last)");
  CHECK(read_expression("severity = 3 or reason = \"x\"") == "((severity = 3) or (reason = \"x\"))");
}

TEST_CASE("literals are read as written") {
  CHECK(read_expression("5_000 EUR") == "5_000 EUR");
  CHECK(read_expression("9_999.99  EUR") == "9_999.99 EUR");
  CHECK(read_expression("0.9 * 1h30m") == "(0.9 * 1h30m)");
  CHECK(read_expression("250ms + 5us + 1w2d3h4m5s") == "(250ms + 5us + 1w2d3h4m5s)");
  CHECK(read_expression("true = false") == "(true = false)");
}

TEST_CASE("escapes in a text are resolved") {
  CHECK(read_expression(R"("a\"b\\c\td\n\{e}# no comment")") == "\"a\"b\\c\td\n{e}# no comment\"");
}

TEST_CASE("a text that ends in a backslash is open") {
  CHECK_THAT(read_expression("\"e\\"), Catch::Contains("r.weir:1:1: error: this text has no closing quote"));
  CHECK_THAT(read_expression("\"e\\\n\""), Catch::Contains("r.weir:1:1: error: this text has no closing quote"));
}

TEST_CASE("calls take any number of arguments") {
  CHECK(read_expression("f() + g(a, b.c or d)") == "(f() + g(a, (b.c or d)))");
}

TEST_CASE("aggregates read an event, its field, a condition and a window") {
  CHECK(read_expression("count(payment) over 10m > 5") == "(count(payment) over 10m > 5)");
  CHECK(read_expression("p.amount > 3 * avg(payment.amount) over prior 30d and ok") ==
        "((p.amount > (3 * avg(payment.amount) over prior 30d)) and ok)");
  CHECK(read_expression("distinct(transfer.from where to = acct) over 5 events") ==
        "distinct(transfer.from where (to = acct)) over 5 events");
  CHECK(read_expression("max(t.x where y or z) over prior 1 event") == "max(t.x where (y or z)) over prior 1 events");
  CHECK(read_expression("first(t.x) over 1h != last(t.x) over 1h") == "(first(t.x) over 1h != last(t.x) over 1h)");
}

TEST_CASE("comments and line ends are blanks") {
  CHECK(read_expression("a # or b\n  and # c\n\r\n b") == "(a and b)");
  CHECK(read_expression("a +" + std::string(500, ' ') + "#" + std::string(500, '#') + "\n\n b") == "(a + b)");
}

TEST_CASE("an expression may be nested a hundred levels deep, and no deeper") {
  const auto parentheses = [](int n) { return std::string(n, '(') + "a" + std::string(n, ')'); };
  CHECK(read_expression(parentheses(99)) == "a");
  CHECK_THAT(read_expression(parentheses(100)), Catch::Contains("r.weir:1:101: error: this is nested more than 100"));
  for (const std::string prefix : {"(", "not ", "-", "f(", "count(e where "}) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += prefix;
    CHECK_THAT(read_expression(text + "a"), Catch::Contains("this is nested more than 100 levels deep"));
  }
}

TEST_CASE("a chain may have any length") {
  std::string text = "a";
  for (int i = 0; i < 10'000; ++i) text += " + a";
  CHECK(read_expression(text) == '(' + text + ')');
}

TEST_CASE("an expression must fill its text") {
  CHECK_THAT(read_expression("a b"), Catch::Contains("1:3: error: expected `}` after `a`"));
  CHECK_THAT(read_expression(""), Catch::Contains("1:1: error: expected an expression"));
  CHECK_THAT(read_expression("a +"), Catch::Contains("1:4: error: expected a value after `+`"));
}
