#include <string>

#include <catch2/catch.hpp>

#include "rules/compile.hpp"
#include "rules/format.hpp"
#include "rules/format/page.hpp"
#include "rules/syntax/spacing.hpp"

using weir::rules::formatting::lay_out;

TEST_CASE("nothing stays nothing") {
  CHECK(lay_out("").empty());
  CHECK(lay_out(" \n\t\n").empty());
}

TEST_CASE("a rule on one line gets a line for each clause") {
  CHECK(lay_out("rule r for card{severity high score 80 on p:payment when p.amount>1 EUR suppress for 1h}") ==
        "rule r for card {\n"
        "  severity high\n"
        "  score    80\n"
        "  on p: payment\n"
        "  when p.amount > 1 EUR\n"
        "  suppress for 1h\n"
        "}\n");
}

TEST_CASE("the steps of a match have their labels in one column") {
  CHECK(lay_out("rule r for a { match in : t where to=a then no t then out:t where from = a within 2h }") ==
        "rule r for a {\n"
        "  match in:  t where to = a\n"
        "  then  no t\n"
        "  then  out: t where from = a\n"
        "  within 2h\n"
        "}\n");
}

TEST_CASE("the `within` of an absence stays with it, the match's own has a line") {
  CHECK(lay_out("rule r for a { match x: t then no t within 30s within 2h }") ==
        "rule r for a {\n"
        "  match x: t\n"
        "  then  no t within 30s\n"
        "  within 2h\n"
        "}\n");
  CHECK(lay_out("rule r for a { match x: t then y: t within 5m of x within 10 events }") ==
        "rule r for a {\n"
        "  match x: t\n"
        "  then  y: t within 5m of x\n"
        "  within 10 events\n"
        "}\n");
}

TEST_CASE("events of a test stand in columns, with a hole where one lacks a field") {
  CHECK(
      lay_out("rule r for a { on t test \"x\" { t { at:0m kind:\"deposit\" to:A1 } t{at:10m kind:\"x\" from:A2 to:A1}\n"
              "expect no alert } }") ==
      "rule r for a {\n"
      "  on t\n"
      "  test \"x\" {\n"
      "    t { at: 0m   kind: \"deposit\"            to: A1 }\n"
      "    t { at: 10m  kind: \"x\"        from: A2  to: A1 }\n"
      "    expect no alert\n"
      "  }\n"
      "}\n");
}

TEST_CASE("different events of a test share the columns that they begin with") {
  CHECK(lay_out("rule r for u { on login test \"x\" { login { at: 0s user: U1 ok: true } confirm { at: 30s user: U1 }\n"
                "expect no alert } }") ==
        "rule r for u {\n"
        "  on login\n"
        "  test \"x\" {\n"
        "    login   { at: 0s   user: U1  ok: true }\n"
        "    confirm { at: 30s  user: U1 }\n"
        "    expect no alert\n"
        "  }\n"
        "}\n");
}

TEST_CASE("neighbouring declarations of a kind are aligned, a blank line parts them") {
  CHECK(lay_out("param a=1\nparam longer = 2\n\n\n\nparam b = 3\n") ==
        "param a      = 1\n"
        "param longer = 2\n"
        "\n"
        "param b = 3\n");
  CHECK(lay_out("event pay {at: time}\nevent transfer {at: time from,to: account}") ==
        "event pay      { at: time }\n"
        "event transfer { at: time  from, to: account }\n");
}

TEST_CASE("a blank line stands around rules, none inside their braces") {
  CHECK(lay_out("entity a\nrule r {\n\n  on t\n\n\n  when x\n\n}\nentity b\n") ==
        "entity a\n"
        "\n"
        "rule r {\n"
        "  on t\n"
        "\n"
        "  when x\n"
        "}\n"
        "\n"
        "entity b\n");
}

TEST_CASE("a condition is broken before `and` and `or` where its author did") {
  CHECK(lay_out("rule r {\n on p: t\n when p.a > 1 and\n p.b > 2\n or p.c > 3\n unless p.d\n and p.e }") ==
        "rule r {\n"
        "  on p: t\n"
        "  when   p.a > 1\n"
        "     and p.b > 2\n"
        "      or p.c > 3\n"
        "  unless p.d\n"
        "     and p.e\n"
        "}\n");
}

TEST_CASE("a condition too long for a line is broken before every `and`, but not before that of a `between`") {
  const std::string amount = "amount_of_the_transfer between 8_000 EUR and 9_999.99 EUR";
  CHECK(lay_out("rule r { match x: t where from = acct and " + amount + " and kind_of_transfer = \"cash\" }") ==
        "rule r {\n"
        "  match x: t where from = acct\n"
        "               and " +
            amount +
            "\n"
            "               and kind_of_transfer = \"cash\"\n"
            "}\n");
}

TEST_CASE("a wide event has a line for each field, and so has one whose author began a line for them") {
  const std::string wide(60, 'x');
  CHECK(lay_out("event " + wide + " { at: time  from, to: account?  amount: money(EUR) }") ==
        "event " + wide + " {\n  at: time\n  from, to: account?\n  amount: money(EUR)\n}\n");
  CHECK(lay_out("event e {\nat: time id: text }") == "event e {\n  at: time\n  id: text\n}\n");
}

TEST_CASE("comments keep their place") {
  CHECK(
      lay_out(
          "# the file\n\nparam a = 1 # first\n            # and more\nparam long = 2# second\n#own\n\nrule r { # why\n"
          "on t # only\n where x # because\n # last\n}\n# end") ==
      "# the file\n"
      "\n"
      "param a    = 1  # first\n"
      "                # and more\n"
      "param long = 2  # second\n"
      "\n"
      "#own\n"
      "\n"
      "rule r {  # why\n"
      "  on t         # only\n"
      "      where x  # because\n"
      "  # last\n"
      "}\n"
      "# end\n");
}

TEST_CASE("signs stand at their numbers, differences apart") {
  CHECK(lay_out("param a = - 5\nparam b=3-2\nlet f(x: int)=-x-(-x)*-1") ==
        "param a = -5\n"
        "param b = 3 - 2\n"
        "let f(x: int) = -x - (-x) * -1\n");
}

TEST_CASE("the key of a table's cell stands at the table") {
  CHECK(lay_out("rule r for acct { on t when clients [ acct ] . country=\"DE\" }") ==
        "rule r for acct {\n"
        "  on t\n"
        "  when clients[acct].country = \"DE\"\n"
        "}\n");
}

TEST_CASE("line ends stay those of the first line") {
  CHECK(lay_out("entity a\r\nentity b\n") == "entity a\r\nentity b\r\n");
  CHECK(lay_out("entity a\nentity b\r\n") == "entity a\nentity b\n");
}

TEST_CASE("names that are words of the language begin nothing") {
  CHECK(lay_out("param list = 1\nentity rule\nrule score for test version 2 { on mode: event where reason and "
                "mode.score = list }") ==
        "param list = 1\n"
        "entity rule\n"
        "\n"
        "rule score for test version 2 {\n"
        "  on mode: event where reason and mode.score = list\n"
        "}\n");
}

TEST_CASE("a text with an error of syntax is not laid out, one with an error of meaning is") {
  const auto wrong = weir::rules::format("rule r for {\n");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().front().message.find("expected") != std::string::npos);
  CHECK(weir::rules::format("rule r for card{on nothing}").value() == "rule r for card {\n  on nothing\n}\n");
}

TEST_CASE("a byte order mark is dropped") {
  CHECK(weir::rules::format("\xEF\xBB\xBF"
                            "entity a")
            .value() == "entity a\n");
}

TEST_CASE("one line holds the tokens and no comment") {
  CHECK(weir::rules::syntax::in_one_line("count( payment # all\n where amount<1 EUR )over  10m") ==
        "count(payment where amount < 1 EUR) over 10m");
}

TEST_CASE("the language's own example has the canonical look") {
  const auto written = weir::rules::read_text_file(WEIR_SOURCE "/tests/rules/format/whole_language.weir");
  REQUIRE(written);
  CHECK(lay_out(*written) == *written);
}
