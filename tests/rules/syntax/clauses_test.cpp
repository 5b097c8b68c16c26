#include <catch2/catch.hpp>

#include "tests/rules/syntax/reading.hpp"

using weir::rules::tests::read_clauses;

TEST_CASE("clauses may stand on one line or on several") {
  CHECK(read_clauses("severity high score 80 tags a.b, c mode shadow emit first") ==
        "severity high\nscore 80\ntags a.b, c\nmode shadow\nemit first\n");
  CHECK(read_clauses("severity\nhigh\n\n# a remark\nscore 8_0") == "severity high\nscore 8_0\n");
}

TEST_CASE("`on` takes one step, with or without a label and a condition") {
  CHECK(read_clauses("on payment") == "on payment\n");
  CHECK(read_clauses("on p: payment where amount > 5 when ok") == "on p: payment where (amount > 5)\nwhen ok\n");
}

TEST_CASE("a match is steps joined by `then`, with the time that they may take") {
  CHECK(read_clauses("match small: payment where amount < 2 EUR\n"
                     "then  large: payment where amount > 500 EUR and merchant != small.merchant\n"
                     "within 10m") ==
        "match small: payment where (amount < 2 EUR) then "
        "large: payment where ((amount > 500 EUR) and (merchant != small.merchant)) within 10m\n");
  CHECK(read_clauses("match in: transfer then out: transfer") == "match in: transfer then out: transfer\n");
}

TEST_CASE("`within` directly behind `no` is the absence's, the next one the match's") {
  CHECK(read_clauses("match a then no x within 30s") == "match a then no x within 30s\n");
  CHECK(read_clauses("match a then no x within 30s within 1h") == "match a then no x within 30s within 1h\n");
  CHECK(read_clauses("match no x where y within 1h then b within 2h") ==
        "match no x where y within 1h then b within 2h\n");
  CHECK(read_clauses("match a then no x then b where y within 10m") == "match a then no x then b where y within 10m\n");
}

TEST_CASE("a step may have a quantity") {
  CHECK(read_clauses("match 5 times fail: login where not ok then in: login") ==
        "match 5 times fail: login where (not ok) then in: login\n");
  CHECK(read_clauses("match 2 to 3 times a then at least 5 times b then at least 5 c then some d then 1 time e") ==
        "match 2 to 3 times a then at least 5 times b then at least 5 times c then some d then 1 times e\n");
}

TEST_CASE("steps may be gathered, optional, and the very next ones") {
  CHECK(read_clauses("match all of (a: x where y, z) then one of (5 times b: x, z within 5m of a)") ==
        "match all of (a: x where y, z) then one of (5 times b: x, z within 5m of a)\n");
  CHECK(read_clauses("match a then next b then optional c then next optional all of (d, e) then next 5 times f") ==
        "match a then next b then optional c then next optional all of (d, e) then next 5 times f\n");
}

TEST_CASE("words that begin a step are names where nothing follows that could be its event") {
  CHECK(read_clauses("match next then optional then some where x then all then any within 1h") ==
        "match next then optional then some where x then all then any within 1h\n");
  CHECK(read_clauses("match next: a then next next: b then optional optional then some some: some") ==
        "match next: a then next next: b then optional optional then some some: some\n");
}

TEST_CASE("`within` of a label is the step's, without one it is the match's") {
  CHECK(read_clauses("match a: x then b: y within 5m of a within 1h") ==
        "match a: x then b: y within 5m of a within 1h\n");
  CHECK(read_clauses("match a: x then b: y within 5m within 5 events") ==
        "match a: x then b: y within 5m within 5 events\n");
  CHECK(read_clauses("match no x within 5m then a: y then no z within 5m of a within 3 events") ==
        "match no x within 5m then a: y then no z within 5m of a within 3 events\n");
  CHECK(read_clauses("match a then no x within 1 event") == "match a then no x within 1 events\n");
}

TEST_CASE("a path is edges between vertices") {
  CHECK(
      read_clauses("match (a) -[x: transfer]-> (b) -[transfer where amount > 5 EUR]-> (a) where x.n = a within 72h") ==
      "match (a) -[x: transfer]-> (b) -[transfer where (amount > 5 EUR)]-> (a) where (x.n = a) within 72h\n");
  CHECK(read_clauses("match any order (a) -[x]-> (b)") == "match any order (a) -[x]-> (b)\n");
  CHECK(read_clauses("match (a)-[x]->(b) any order within 5 events") ==
        "match any order (a) -[x]-> (b) within 5 events\n");
}

TEST_CASE("`emit all` has a limit") {
  CHECK(read_clauses("emit all limit 10 emit all") == "emit all limit 10\nemit all\n");
}

TEST_CASE("`raise` gives the fields of an event") {
  CHECK(
      read_clauses("raise case_opened { user: acct  note: \"x\", n: count(a) over 5 events  at: a.at + 1h } score 5") ==
      "raise case_opened { user: acct  note: \"x\"  n: count(a) over 5 events  at: (a.at + 1h) }\nscore 5\n");
  CHECK(read_clauses("raise pinged {}") == "raise pinged {  }\n");
}

TEST_CASE("`suppress` may name its key") {
  CHECK(read_clauses("suppress for 6h") == "suppress for 6h\n");
  CHECK(read_clauses("suppress by a.card, b for 1h30m") == "suppress by a.card, b for 1h30m\n");
}

TEST_CASE("a reason keeps its escapes, so that places in it can be told") {
  CHECK(read_clauses(R"(reason "a \"{x.y}\" \{ b")") == "reason \"a \\\"{x.y}\\\" \\{ b\"\n");
}

TEST_CASE("a test has events and expectations") {
  CHECK(read_clauses(R"(
    test "t \"1\"" {
      payment { at: 0m  card: C1, merchant: "m 1"  amount: -1_0.50 EUR  n: 5 ok: true }  login {}
      expect alert for C1 at 9m  expect no alert  expect no alert for "C 1"
      expect 3 alerts for 4711  expect 1 alert  expect alerts at 1h
    })") ==
        "test \"t \"1\"\" { payment { at: 0m card: C1 merchant: \"m 1\" amount: -1_0.50 EUR n: 5 ok: true }; "
        "login {  }; expect alert for C1 at 9m; expect no alert; expect no alert for \"C 1\"; "
        "expect 3 alert for 4711; expect 1 alert; expect alert at 1h }\n");
}

TEST_CASE("a currency's name is a field in a test when a colon follows it") {
  CHECK(read_clauses("test \"\" { payment { n: 5  EUR: 7 EUR  x: 1 } }") ==
        "test \"\" { payment { n: 5 EUR: 7 EUR x: 1 } }\n");
}

TEST_CASE("a test's values may be any word") {
  CHECK(read_clauses("test \"\" { payment { no: no  on: within } }") ==
        "test \"\" { payment { no: no on: within } }\n");
}

TEST_CASE("a condition ends where a clause begins") {
  CHECK(read_clauses("on p: payment where ok score 5") == "on p: payment where ok\nscore 5\n");
  CHECK(read_clauses("when mode > score\nscore 5") == "when (mode > score)\nscore 5\n");
  CHECK(read_clauses("when a unless b suppress for 1h") == "when a\nunless b\nsuppress for 1h\n");
}
