#include "stream/format/flat_object.hpp"

#include <catch2/catch.hpp>

#include "intake_run.hpp"
#include "stream/block.hpp"

using namespace weir::stream;
using namespace weir::testing;

namespace {

std::string kind_name(scalar_kind kind) {
  switch (kind) {
    case scalar_kind::missing: return "missing";
    case scalar_kind::text: return "text";
    case scalar_kind::number: return "number";
    case scalar_kind::boolean: return "boolean";
    default: return "other";
  }
}

/// "a=number 1, b=text x", or "not flat".
std::string walk(std::string_view text) {
  const block padded = make_block(text);
  flat_object record(padded.bytes());
  flat_object::member next;
  std::string members;
  while (record.take(next)) {
    members += (members.empty() ? "" : ", ") + std::string(next.key) + "=" + kind_name(next.value.kind) + " " +
               std::string(next.value.text);
  }
  CHECK_FALSE(record.take(next));
  return record.whole() ? members : "not flat";
}

}  // namespace

TEST_CASE("a flat object is walked through, member by member") {
  CHECK(walk("{}").empty());
  CHECK(walk(" {\t} \r").empty());
  CHECK(walk(R"({"a":1,"b":"x"})") == "a=number 1, b=text x");
  CHECK(walk(R"( { "a" : -1.5e+3 , "b":"" , "":true } )") == "a=number -1.5e+3, b=text , =boolean true");
  CHECK(walk(R"({"a":false,"b":null})") == "a=boolean false, b=missing null");
  CHECK(walk(R"({"a":"a text of more than eight bytes, é and 🙂","b":0})") ==
        "a=text a text of more than eight bytes, é and 🙂, b=number 0");
}

TEST_CASE("what is not flat, or not good, is left to another") {
  for (const char* text : {"",
                           " ",
                           "{",
                           "}",
                           "[]",
                           "17",
                           "\"a\"",
                           R"({"a")",
                           R"({"a":)",
                           R"({"a":1)",
                           R"({"a":1,)",
                           R"({"a":1,})",
                           R"({,"a":1})",
                           R"({"a":1 "b":2})",
                           R"({"a":1}})",
                           R"({"a":1} x)",
                           R"({"a":[]})",
                           R"({"a":{}})",
                           R"({"a":01})",
                           R"({"a":1.})",
                           R"({"a":+1})",
                           R"({"a":-})",
                           R"({"a":tru})",
                           R"({"a":truex})",
                           R"({"a":nul})",
                           R"({a:1})",
                           R"({"a":"b\n"})",
                           R"({"a\"":1})",
                           "{\"a\":\"b\tc\"}",
                           "{\"a\":\"b",
                           "{\"a\":\"b\xff\"}",
                           "{\"a\xc3\":1}",
                           "{\"a\":\"\xed\xa0\x80\"}",
                           "\xef\xbb\xbf{}"}) {
    CAPTURE(text);
    CHECK(walk(text) == "not flat");
  }
}

TEST_CASE("a text ends at its first quote wherever that stands among eight bytes") {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string text(size, 'x');
    CHECK(walk("{\"k\":\"" + text + "\",\"l\":\"\"}") == "k=text " + text + ", l=text ");
    CHECK(walk("{\"k\":\"" + text + "\x1f\"}") == "not flat");
    CHECK(walk("{\"k\":\"" + text + "\\\"\"}") == "not flat");
    CHECK(walk("{\"k\":\"" + text) == "not flat");
  }
}

// A list that no column takes makes a record one for simdjson.
TEST_CASE("a record reads the same whether it is flat or not") {
  for (const char* fields : {R"("note":"a")",
                             R"("note":17)",
                             R"("note":1.50e2)",
                             R"("note":true)",
                             R"("note":null)",
                             R"("note":{})",
                             R"("flag":true)",
                             R"("flag":1)",
                             R"("flag":"true")",
                             R"("count":17)",
                             R"("count":"17")",
                             R"("count":17.0)",
                             R"("count":1.5)",
                             R"("count":99999999999999999999)",
                             R"("real":0.1)",
                             R"("real":1e400)",
                             R"("real":"x")",
                             R"("exact":0.00000001)",
                             R"("exact":0.000000001)",
                             R"("eur":3.07)",
                             R"("eur":3.070)",
                             R"("eur":3.075)",
                             R"("eur":-0)",
                             R"("eur":92233720368547758.07)",
                             R"("eur":92233720368547758.08)",
                             R"("yen":1)",
                             R"("yen":1.0)",
                             R"("yen":0.5)",
                             R"("tag":"é 🙂")",
                             R"("tag":"\u0041")",
                             R"("seen":0)",
                             R"("seen":"2024-05-01T12:00:00Z")",
                             R"("seen":"soon")",
                             R"("span":"1h30m")",
                             R"("span":250)",
                             R"("ip":"10.0.0.1")",
                             R"("ip":"::1")",
                             R"("ip":"x")",
                             R"("card":4711)",
                             R"("card":007)",
                             R"("card":"a","card":"b")",
                             R"("at":1)",
                             R"("x":tru)"}) {
    CAPTURE(fields);
    const std::string flat = std::string{"{\"at\":0,"} + fields + "}\n";
    const std::string nested = std::string{"{\"at\":0,"} + fields + ",\"unread\":[]}\n";
    CHECK(decoded(flat, "thing") == decoded(nested, "thing"));
  }
}
