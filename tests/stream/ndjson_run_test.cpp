#include "stream/format/ndjson_run.hpp"

#include <catch2/catch.hpp>

#include "intake_run.hpp"
#include "stream/block.hpp"

using namespace weir::stream;
using namespace weir::testing;

namespace {

/// A run over records of the sample's `thing`, or of any event.
struct run_of_things {
  explicit run_of_things(bool any_event = false) : plan(types, format_of(any_event)), run(types, plan, names) {}

  record_format format_of(bool any_event) const {
    record_format format;
    if (!any_event) format.event = types.find("thing");
    return format;
  }

  /// How many of the records it takes.
  std::size_t operator()(std::string_view text) {
    const block padded = make_block(text);
    batch into(types);
    source_clock clock(duration::zero());
    const auto done = run.decode(padded.bytes(), {}, 1000, clock, into);
    CHECK(into.size() == done.records);
    CHECK(done.bytes <= text.size());
    return done.records;
  }

  schema types = sample_schema();
  symbols names{types};
  record_plan plan;
  ndjson_run run;
};

std::size_t records_taken(std::string_view text) { return run_of_things()(text); }

/// The same record a few times, so that all of it is expected, and another one behind it.
std::string repeated(const std::string& record) { return record + record + record + R"({"at":0,"tag":"z"})" + "\n"; }

std::vector<std::string> without_places(std::vector<std::string> lines) {
  for (std::string& line : lines) {
    if (line.starts_with("bad ")) line = line.substr(line.find(' ', 4));
  }
  return lines;
}

}  // namespace

TEST_CASE("usual records are taken, however they are laid out") {
  for (const char* text :
       {R"({"at":1})", R"({"at":1,"tag":"x"})", R"( { "at" : 1 , "tag" : "x" } )", "\t{\t\"at\"\t:\t1\t}\t\r",
        R"({"at":1,"tag":""})", R"({"at":1,"tag":17,"note":true})", R"({"at":1,"unknown":"x","":null,"é":false})",
        R"({"at":1,"flag":null,"count":null})", R"({"at":"2024-05-01T12:00:00Z","real":1e3,"ip":"::1"})",
        R"({"at":1,"eur":-12.5,"yen":100,"exact":0.00000001})", R"({"at":1,"eur":1e2,"count":"17"})",
        R"({"at":1,"tag":"a text of more than sixteen bytes, é and 🙂","note":"and another such one"})"}) {
    CAPTURE(text);
    CHECK(records_taken(text) == 1);
    CHECK(records_taken(std::string(text) + "\n" + text + "\n") == 2);
  }
}

TEST_CASE("what is not usual, or not good, is left to another") {
  for (const char* text : {"",
                           " ",
                           "{",
                           "}",
                           "{}",
                           "[]",
                           "17",
                           "\"a\"",
                           R"({"at")",
                           R"({"at":)",
                           R"({"at":1)",
                           R"({"at":1,)",
                           R"({"at":1,})",
                           R"({,"at":1})",
                           R"({"at":1 "tag":2})",
                           R"({"at":1}})",
                           R"({"at":1} x)",
                           R"({"at":1,"a":[]})",
                           R"({"at":1,"a":{}})",
                           R"({"at":1,"a":01})",
                           R"({"at":01})",
                           R"({"at":1.})",
                           R"({"at":+1})",
                           R"({"at":-})",
                           R"({"at":null})",
                           R"({"at":1,"at":1})",
                           R"({"at":1,"tag":"x","tag":"x"})",
                           R"({"at":1,"count":1.5})",
                           R"({"at":1,"eur":1.234})",
                           R"({"at":1,"eur":1.})",
                           R"({"at":1,"eur":.5})",
                           R"({"at":1,"eur":1.2.3})",
                           R"({"at":1,"eur":00.5})",
                           R"({"at":1,"eur":--1})",
                           R"({"at":1,"eur":92233720368547758.08})",
                           R"({"at":1,"a":tru})",
                           R"({"at":1,"a":truex})",
                           R"({"at":1,"a":nul})",
                           R"({"at":1,a:1})",
                           R"({"at":1,"tag":"b\n"})",
                           R"({"at":1,"a\"":1})",
                           "{\"at\":1,\"tag\":\"b\tc\"}",
                           "{\"at\":1,\"tag\":\"b",
                           "{\"at\":1,\"tag\":\"b\xff\"}",
                           "{\"at\":1,\"a\xc3\":1}",
                           "{\"at\":1,\"tag\":\"\xed\xa0\x80\"}",
                           "\xef\xbb\xbf{\"at\":1}"}) {
    CAPTURE(text);
    CHECK(records_taken(text) == 0);
    run_of_things after_others;
    CHECK(after_others(R"({"at":1,"tag":"x","a":1})") == 1);
    CHECK(after_others(text) == 0);
  }
}

TEST_CASE("a late record ends the run") {
  CHECK(records_taken("{\"at\":5}\n{\"at\":5}\n{\"at\":4}\n{\"at\":6}\n") == 2);
}

TEST_CASE("a text ends at its first quote wherever that stands among eight bytes") {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string text(size, 'x');
    CHECK(records_taken(R"({"at":1,"tag":")" + text + R"(","note":")" + text + "\"}\n") == 1);
    CHECK(records_taken(R"({"at":1,"tag":")" + text + "\x1f\"}\n") == 0);
    CHECK(records_taken(R"({"at":1,"tag":")" + text + "\\\"\"}\n") == 0);
    CHECK(records_taken(R"({"at":1,"tag":")" + text) == 0);
  }
}

TEST_CASE("records of several events are taken, wherever they name theirs") {
  run_of_things run(true);
  CHECK(run(R"({"event":"thing","at":1}
{"event":"login","at":1,"user":"a","ok":true}
{"at":1,"user":"a","ok":true,"event":"login"}
{"at":1,"tag":"x","event":"thing"}
{"event":"payment","at":2,"id":"1","card":"c","merchant":"m","amount":1}
)") == 5);
  CHECK(run(R"({"event":"other","at":1})") == 0);
  CHECK(run(R"({"at":1})") == 0);
  CHECK(run(R"({"event":"login","at":1,"user":"a","ok":true,"event":"thing"})") == 0);
}

TEST_CASE("keys that feed nothing may be many, and change") {
  run_of_things run;
  for (int round = 0; round < 3; ++round) {
    std::string text;
    for (int i = 0; i < 600; ++i) {
      text +=
          R"({"k)" + std::to_string(i * round) + R"(":1,"at":1,"a key of more than twenty-four bytes":"x","tag":"y"})";
      text += '\n';
    }
    CHECK(run(text) == 600);
  }
}

// A list that no column takes makes a record an unusual one.
TEST_CASE("a record reads the same whether it is usual or not") {
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
                             R"("count":-0)",
                             R"("count":123456789012345678)",
                             R"("count":1234567890123456789)",
                             R"("count":99999999999999999999)",
                             R"("real":0.1)",
                             R"("real":1e400)",
                             R"("real":"x")",
                             R"("exact":0.00000001)",
                             R"("exact":0.000000001)",
                             R"("exact":12345678901.5)",
                             R"("eur":3.07)",
                             R"("eur":3.070)",
                             R"("eur":3.075)",
                             R"("eur":3.5)",
                             R"("eur":-3.50)",
                             R"("eur":-0)",
                             R"("eur":-0.01)",
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
    const std::string usual = repeated(std::string{"{\"at\":0,"} + fields + "}\n");
    const std::string nested = repeated(std::string{"{\"at\":0,"} + fields + ",\"unread\":[]}\n");
    CHECK(without_places(decoded(usual, "thing")) == without_places(decoded(nested, "thing")));
  }
}

TEST_CASE("a time reads the same whether it is usual or not") {
  for (const char* at : {"0", "1", "1714564800000", "253402300799999", "253402300800000", "999999999999999999",
                         "9999999999999999999", "-1", "1.5", "1e3", "\"17\"", "\"2024-05-01T12:00:00.25Z\"", "true"}) {
    CAPTURE(at);
    const std::string usual = std::string{"{\"at\":"} + at + "}\n";
    const std::string nested = std::string{"{\"at\":"} + at + ",\"unread\":[]}\n";
    CHECK(without_places(decoded(usual, "thing")) == without_places(decoded(nested, "thing")));
  }
}
