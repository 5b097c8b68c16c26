#include <catch2/catch.hpp>

#include "intake_run.hpp"

using namespace weir::stream;
using namespace weir::testing;

using lines = std::vector<std::string>;

namespace {

constexpr record_syntax csv = record_syntax::csv;

std::string header_failure(std::string_view header, const source_options& source) {
  intake_run run({source});
  run.feed(0, header);
  run.end(0);
  run.drain();
  return run.in().failure() ? run.in().failure()->message : "";
}

}  // namespace

TEST_CASE("CSV records become rows, columns in any order") {
  CHECK(decoded("amount,unused,card,id,merchant,at\n3.07,x,4711,17,12,17\n898.99,,7,18,999,18\n", "payment", csv) ==
        lines{"payment 1970-01-01T00:00:00.017Z id=17 card=4711 merchant=12 amount=307",
              "payment 1970-01-01T00:00:00.018Z id=18 card=7 merchant=999 amount=89899"});
}

TEST_CASE("a quoted CSV field may hold commas, quotes and line ends") {
  CHECK(decoded("at,note,tag\r\n1,\"a,b\",\"say \"\"hi\"\"\"\r\n2,\"two\nlines\",x\"y\r\n3,\"\",\"\"\"\"\n", "thing",
                csv) ==
        lines{"thing 1970-01-01T00:00:00.001Z flag=- count=- real=- exact=- eur=- yen=- note=a,b tag=say \"hi\" seen=- "
              "span=- ip=- card=-",
              "thing 1970-01-01T00:00:00.002Z flag=- count=- real=- exact=- eur=- yen=- note=two\nlines tag=x\"y "
              "seen=- span=- ip=- card=-",
              "thing 1970-01-01T00:00:00.003Z flag=- count=- real=- exact=- eur=- yen=- note=- tag=\" seen=- span=- "
              "ip=- card=-"});
}

TEST_CASE("a CSV text is true or false in any case, or 1 or 0") {
  CHECK(decoded("at,user,ok\n1,u,TRUE\n2,u,false\n3,u,1\n4,u, 0\n5,u,yes\n", "login", csv) ==
        lines{"login 1970-01-01T00:00:00.001Z user=u ok=true", "login 1970-01-01T00:00:00.002Z user=u ok=false",
              "login 1970-01-01T00:00:00.003Z user=u ok=true", "login 1970-01-01T00:00:00.004Z user=u ok=false",
              R"(bad 6@43 ok: "yes" is not true or false)"});
}

TEST_CASE("bad CSV records are set aside by line and byte") {
  CHECK(decoded("at,user,ok\n1,u\n2,u,1,x\n\n3,,1\n4,\"u\"x,1\n5,\"u\nx\",1\nnoon,u,1\n6,\xff,1\n7,\"u", "login",
                csv) == lines{"login 1970-01-01T00:00:00.005Z user=u\nx ok=true", "bad 2@11 2 fields, the header has 3",
                              "bad 3@15 4 fields, the header has 3", "bad 5@24 user: missing",
                              "bad 6@29 field 2: something follows its closing quote",
                              R"(bad 9@48 at: "noon" is not a time)", "bad 10@57 record is not UTF-8",
                              "bad 11@63 field 2: its quote is not closed"});
}

TEST_CASE("a header that comes again is passed over") {
  CHECK(decoded("at,user,ok\n1,u,1\nat,user,ok\n2,u,1\n", "login", csv) ==
        lines{"login 1970-01-01T00:00:00.001Z user=u ok=true", "login 1970-01-01T00:00:00.002Z user=u ok=true"});
}

TEST_CASE("a header without a needed column fails its source") {
  CHECK(header_failure("at,user\n1,u\n", source_of("login", csv)) == R"(login: no column "ok" (columns: at, user))");
  CHECK(header_failure("user,ok\n", source_of("login", csv)) == R"(login: no column "at" (columns: user, ok))");
  CHECK(header_failure("at,user,ok,user\n", source_of("login", csv)) ==
        R"(login: more than one column "user" (columns: at, user, ok, user))");
  CHECK(header_failure("at,\xff\nat,user,ok\n", source_of("login", csv)) ==
        "login: the first record does not name the columns: record is not UTF-8");
  CHECK(header_failure("at,\"user,ok\n", source_of("login", csv)) ==
        "login: the first record does not name the columns: field 2: its quote is not closed");
  CHECK(header_failure("at\n1\n", source_of("thing", csv)).empty());
  CHECK(header_failure("", source_of("login", csv)).empty());
}

TEST_CASE("a header is asked for the names that the source was given") {
  source_options source = source_of("login", csv);
  source.name = "logins.csv";
  source.format.time_field = "when";
  source.format.renamed = {{"user", "account"}};
  CHECK(header_failure("when,account,ok\n", source).empty());
  CHECK(header_failure("when,user,ok\n", source) ==
        R"(logins.csv: no column "account" for user (columns: when, user, ok))");
  CHECK(header_failure("at,account,ok\n", source) ==
        R"(logins.csv: no column "when" for at (columns: at, account, ok))");
}

TEST_CASE("a failed source does not hold the others back") {
  intake_run run({source_of("login", csv), source_of("login")});
  run.feed(0, "user,ok\nu,1\n");
  run.feed(1, "{\"at\":1,\"user\":\"u\",\"ok\":true}\n");
  run.drain();
  CHECK(run.in().failure().has_value());
  CHECK(run.rows.size() == 1);
  run.feed(0, "u,1\n");
  run.drain();
  CHECK(run.in().bytes_waiting(source_id{0}) == 0);
}

TEST_CASE("each CSV record can name its event") {
  intake_run run({source_of("", csv)});
  run.feed(0,
           "event,at,user,ok,id,card,merchant,amount\n"
           "login,1,u,1,,,,\npayment,2,,,i,c,m,1\n,3,,,,,,\nlogout,4,,,,,,\n\"pay\"\"ment\",5,,,,,,\nlogin,6,u,,,,,\n");
  run.drain();
  CHECK(run.rows == lines{"login 1970-01-01T00:00:00.001Z s0@41 user=u ok=true",
                          "payment 1970-01-01T00:00:00.002Z s0@57 id=i card=c merchant=m amount=100"});
  CHECK(run.aside() == lines{"bad 4@77 event: missing", R"(bad 5@86 event: there is no event "logout")",
                             R"(bad 6@101 event: there is no event "pay"ment")", "bad 7@121 ok: missing"});
  CHECK_FALSE(run.in().failure().has_value());
  CHECK(header_failure("at,user,ok\n", source_of("", csv)) == R"(all: no column "event" (columns: at, user, ok))");
}

TEST_CASE("an optional field without a column is missing, a needed one makes its record bad") {
  intake_run run({source_of("", csv)});
  run.feed(0, "event,at,user\nlogin,1,u\nthing,2,\n");
  run.drain();
  CHECK(run.rows.size() == 1);
  CHECK(run.aside() == lines{"bad 2@14 ok: missing"});
}
