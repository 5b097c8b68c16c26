#include <catch2/catch.hpp>

#include "intake_run.hpp"

using namespace weir::stream;
using namespace weir::testing;

using lines = std::vector<std::string>;

namespace {

/// The one field of a `thing` record, as stored: "eur=1250"; or the reason for which the record is bad.
std::string thing(const std::string& fields) {
  const auto found = decoded("{\"at\":0," + fields + "}\n", "thing");
  REQUIRE(found.size() == 1);
  std::string row = found[0];
  if (row.starts_with("bad")) return row.substr(row.find(' ', 4) + 1);
  std::string kept;
  for (std::size_t begin = row.find(' ', 6); begin != std::string::npos;) {
    const std::size_t end = row.find(' ', begin + 1);
    const std::string value = row.substr(begin + 1, end == std::string::npos ? end : end - begin - 1);
    if (!value.ends_with("=-")) kept += (kept.empty() ? "" : " ") + value;
    begin = end;
  }
  return kept;
}

std::string payment_reason(const std::string& record) { return reason_of(record + "\n", "payment"); }

}  // namespace

TEST_CASE("records of the reference workload become rows") {
  CHECK(decoded(R"({"at":17,"id":"17","card":"4711","merchant":"12","amount":3.07}
{"at":18,"id":"18","card":"7","merchant":"999","amount":898.99}
)",
                "payment") == lines{"payment 1970-01-01T00:00:00.017Z id=17 card=4711 merchant=12 amount=307",
                                    "payment 1970-01-01T00:00:00.018Z id=18 card=7 merchant=999 amount=89899"});
}

TEST_CASE("fields may come in any order, with others between them") {
  CHECK(decoded(R"({"x":[1,{"y":"]}"}],"amount":1,"merchant":"m","z":null,"card":"c","id":"i","at":1,"w":{"at":9}})",
                "payment") == lines{"payment 1970-01-01T00:00:00.001Z id=i card=c merchant=m amount=100"});
}

TEST_CASE("empty lines are no records, and count as lines") {
  CHECK(decoded("\n  \r\n{}\n\n", "payment") == lines{"bad 3@5 at: missing"});
}

TEST_CASE("a last line without an end is a record, and so is one with a carriage return") {
  CHECK(decoded("{\"at\":1,\"user\":\"u\",\"ok\":true}\r\n{\"at\":2,\"user\":\"v\",\"ok\":false}", "login") ==
        lines{"login 1970-01-01T00:00:00.001Z user=u ok=true", "login 1970-01-01T00:00:00.002Z user=v ok=false"});
}

TEST_CASE("texts and entities take numbers and truth values as they are spelled") {
  CHECK(thing(R"("note":4711)") == "note=4711");
  CHECK(thing(R"("note":1.50e2)") == "note=1.50e2");
  CHECK(thing(R"("tag":true)") == "tag=true");
  CHECK(thing(R"("card":007)") == "record is not JSON: a malformed number");
  CHECK(thing(R"("card":4711)") == "card=4711");
  CHECK(thing(R"("note":"a\u00e9\n\"\\")") == "note=aé\n\"\\");
  CHECK(thing(R"("note":"")") == "note=");
}

TEST_CASE("every type reads its spellings") {
  CHECK(thing(R"("flag":true)") == "flag=true");
  CHECK(thing(R"("count":-12)") == "count=-12");
  CHECK(thing(R"("count":"12")") == "count=12");
  CHECK(thing(R"("count":9223372036854775807)") == "count=9223372036854775807");
  CHECK(thing(R"("count":1.2e1)") == "count=12");
  CHECK(thing(R"("real":2.5)") == "real=2.500000");
  CHECK(thing(R"("real":"-1e3")") == "real=-1000.000000");
  CHECK(thing(R"("exact":0.00000001)") == "exact=1");
  CHECK(thing(R"("eur":"12.50")") == "eur=1250");
  CHECK(thing(R"("eur":1.25e1)") == "eur=1250");
  CHECK(thing(R"("yen":1200)") == "yen=1200");
  CHECK(thing(R"("seen":1500)") == "seen=1970-01-01T00:00:01.500Z");
  CHECK(thing(R"("seen":"2024-05-01T12:00:00+02:00")") == "seen=2024-05-01T10:00:00Z");
  CHECK(thing(R"("span":"1h30m")") == "span=1h30m");
  CHECK(thing(R"("span":1500)") == "span=1s500ms");
  CHECK(thing(R"("ip":"10.0.0.1")") == "ip=10.0.0.1");
  CHECK(thing(R"("ip":"2001:db8::1")") == "ip=2001:db8::1");
}

TEST_CASE("null is a missing value") {
  CHECK(thing(R"("flag":null,"count":null)").empty());
  CHECK(payment_reason(R"({"at":null})") == "at: missing");
  CHECK(payment_reason(R"({"at":1,"id":null})") == "id: missing");
}

TEST_CASE("a value that does not fit its field is set aside with a reason") {
  CHECK(thing(R"("flag":1)") == "flag: 1 is not true or false");
  CHECK(thing(R"("flag":"true")") == R"(flag: "true" is not true or false)");
  CHECK(thing(R"("count":3.5)") == "count: 3.5 is not a whole number");
  CHECK(thing(R"("count":"many")") == R"(count: "many" is not a whole number)");
  CHECK(thing(R"("count":9223372036854775808)") == "count: 9223372036854775808 is too large");
  CHECK(thing(R"("count":true)") == "count: true is not a whole number");
  CHECK(thing(R"("real":"NaN")") == R"(real: "NaN" is not a number)");
  CHECK(thing(R"("real":1e999)") == "real: 1e999 is too large");
  CHECK(thing(R"("exact":0.123456789)") == "exact: 0.123456789 has more digits than decimal has (8)");
  CHECK(thing(R"("exact":92233720368.54775808)") == "exact: 92233720368.54775808 is too large");
  CHECK(thing(R"("eur":3.075)") == "eur: 3.075 has more digits than EUR has (2)");
  CHECK(thing(R"("eur":"12,50")") == R"(eur: "12,50" is not an amount)");
  CHECK(thing(R"("eur":[1])") == "eur: a list is not an amount");
  CHECK(thing(R"("eur":99999999999999999999)") == "eur: 99999999999999999999 is too large");
  CHECK(thing(R"("yen":3.5)") == "yen: 3.5 has more digits than JPY has (0)");
  CHECK(thing(R"("note":{"a":1})") == "note: an object is not a text");
  CHECK(thing(R"("seen":"noon")") == R"(seen: "noon" is not a time)");
  CHECK(thing(R"("seen":"2024-02-30T00:00:00Z")") == R"(seen: "2024-02-30T00:00:00Z" is not a time)");
  CHECK(thing(R"("span":"soon")") == R"(span: "soon" is not a duration)");
  CHECK(thing(R"("ip":"10.0.0.256")") == R"(ip: "10.0.0.256" is not an IP address)");
  CHECK(thing(R"("ip":17)") == "ip: 17 is not an IP address");
}

TEST_CASE("what is missing or given twice is named") {
  CHECK(payment_reason(R"({"id":"1"})") == "at: missing");
  CHECK(payment_reason(R"({"at":1,"id":"1","card":"c","merchant":"m"})") == "amount: missing");
  CHECK(payment_reason(R"({"at":1,"at":1})") == "at: given twice");
  CHECK(payment_reason(R"({"at":1,"id":"1","id":"1"})") == "id: given twice");
  CHECK(payment_reason(R"({"at":1,"id":"1","\u0069d":"1"})") == "id: given twice");
  CHECK(thing(R"("x":1,"x":2)").empty());
}

TEST_CASE("what is not a whole JSON object is set aside") {
  CHECK(payment_reason("hello") == "record is not a JSON object");
  CHECK(payment_reason("17") == "record is not a JSON object");
  CHECK(payment_reason("[1,2]") == "record is not a JSON object");
  CHECK(payment_reason(R"({"at":17,"id":"1)") == "record is not JSON: it ends inside a text");
  CHECK(payment_reason(R"({"at":17,"id":"1")") == "record is not JSON: it ends early");
  CHECK(payment_reason(R"({"at":17,)") == "record is not JSON: it ends early");
  CHECK(payment_reason(R"({"at":17,"x":{"y":1})") ==
        "record is not JSON: a comma, colon or bracket is missing or out of place");
  CHECK(payment_reason(R"({"at" 17})") == "record is not JSON: a comma, colon or bracket is missing or out of place");
  CHECK(payment_reason(R"({"at":01})") == "record is not JSON: a malformed number");
  CHECK(payment_reason(R"({"at":tru})") == "record is not JSON: a word that is none of true, false and null");
  CHECK(payment_reason(R"({"at":17,"id":"\x"})") == "record is not JSON: a bad escape in a text");
  CHECK(payment_reason("{\"at\":17,\"id\":\"a\tb\"}") == "record is not JSON: a control character in a text");
  CHECK(payment_reason("{\"at\":17,\"id\":\"\xff\"}") == "record is not UTF-8");
}

TEST_CASE("what no column takes must be valid JSON too") {
  CHECK(thing(R"("x":[1 2])") == "record is not JSON: a comma, colon or bracket is missing or out of place");
  CHECK(thing(R"("x":{"a":nul})") == "record is not JSON: a word that is none of true, false and null");
  CHECK(thing(R"("x":[1,2}])") == "record is not JSON: a comma, colon or bracket is missing or out of place");
  CHECK(thing(R"("x":-)") == "record is not JSON: a malformed number");
  CHECK(reason_of("{\"at\":0} {\"at\":1}\n", "thing") == "record is not JSON: something follows its end");
  CHECK(reason_of("{\"at\":0}}\n", "thing") == "record is not JSON: something follows its end");
  const std::string deep = std::string(2000, '[') + std::string(2000, ']');
  CHECK(thing("\"x\":" + deep) == "record is nested too deeply");
}

TEST_CASE("half a surrogate pair is no character") {
  CHECK(thing(R"("note":"\ud83d\ude00")") == "note=😀");
  for (const char* half :
       {R"(\ud83d)", R"(\ude00)", R"(\ud83dx)", R"(\ud83d\u0041)", R"(\ude00\ud83d)", R"(\ud83d\ud83d)"}) {
    CAPTURE(half);
    CHECK(thing(std::string{"\"note\":\""} + half + '"') == "record is not JSON: a bad escape in a text");
    CHECK(thing(std::string{"\"unread\":\""} + half + '"') == "record is not JSON: a bad escape in a text");
  }
}

TEST_CASE("a bad record leaves no trace in the columns") {
  CHECK(decoded(R"({"at":1,"user":"u","ok":true}
{"at":2,"user":"bad","ok":"?"}
{"at":3,"ok":true,"user":"v"}
)",
                "login") == lines{"login 1970-01-01T00:00:00.001Z user=u ok=true",
                                  "login 1970-01-01T00:00:00.003Z user=v ok=true",
                                  R"(bad 2@30 ok: "?" is not true or false)"});
}

TEST_CASE("fields can have other names in the record") {
  source_options source = source_of("payment");
  source.format.time_field = "time";
  source.format.time_unit = std::chrono::hours{1};
  source.format.renamed = {{"id", "time"}, {"card", "from"}, {"amount", "value"}};
  intake_run run({source});
  run.feed(0, R"({"time":2,"from":"c","merchant":"m","value":1.5,"card":"unused"}
{"time":3,"from":"c","merchant":"m","value":"x"}
{"from":"c"}
)");
  run.drain();
  CHECK(run.rows == lines{"payment 1970-01-01T02:00:00Z s0@0 id=2 card=c merchant=m amount=150"});
  CHECK(run.aside() == lines{R"(bad 2@65 amount ("value"): "x" is not an amount)", "bad 3@114 at (\"time\"): missing"});
}

TEST_CASE("each record can name its event") {
  intake_run run({source_of("")});
  run.feed(0, R"({"event":"login","at":1,"user":"u","ok":true}
{"at":2,"id":"i","card":"c","merchant":"m","amount":1,"event":"payment"}
{"at":3}
{"event":"logout","at":4}
{"event":null,"at":5}
{"event":"login","event":"login","at":6,"user":"u","ok":true}
)");
  run.drain();
  CHECK(run.rows == lines{"login 1970-01-01T00:00:00.001Z s0@0 user=u ok=true",
                          "payment 1970-01-01T00:00:00.002Z s0@46 id=i card=c merchant=m amount=100"});
  CHECK(run.aside() == lines{"bad 3@119 event: missing", R"(bad 4@128 event: there is no event "logout")",
                             "bad 5@154 event: missing", "bad 6@176 event: given twice"});
}
