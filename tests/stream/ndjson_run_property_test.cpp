#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>

#include "intake_run.hpp"

using namespace weir::stream;
using namespace weir::testing;

namespace {

/// A value that fits some field, and others that fit none.
std::string any_value() {
  static const std::vector<std::string> values{"0",
                                               "7",
                                               "42",
                                               "-3",
                                               "123456789",
                                               "12345678901234567890",
                                               "1.5",
                                               "0.01",
                                               "-0.50",
                                               "1e2",
                                               "1.230",
                                               "007",
                                               "true",
                                               "false",
                                               "null",
                                               "\"\"",
                                               "\"x\"",
                                               "\"17\"",
                                               "\"3.07\"",
                                               "\"é\"",
                                               "\"a\\u0041\"",
                                               "\"::1\"",
                                               "\"10.0.0.1\"",
                                               "\"1h\"",
                                               "\"\\n\"",
                                               "\"2024-05-01T12:00:00Z\"",
                                               "\"a text of some length, longer than two words of the machine\""};
  return *rc::gen::elementOf(values);
}

std::string any_spaces() { return *rc::gen::weightedElement<std::string>({{20, ""}, {3, " "}, {1, " \t "}}); }

/// A record of several fields in some order, a few of them unknown, missing, or there twice.
std::string any_record(const std::vector<std::string>& names, const std::string& last_member) {
  std::string text = any_spaces() + "{" + any_spaces();
  const auto add = [&](const std::string& key, const std::string& value) {
    if (text.find('"') != std::string::npos) text += "," + any_spaces();
    text += '"' + key + '"' + any_spaces() + ':' + any_spaces() + value + any_spaces();
  };
  add("at", *rc::gen::weightedElement<std::string>({{20, "5"}, {2, "6"}, {1, "4"}, {1, "\"x\""}}));
  for (const std::string& name : names) add(name, any_value());
  if (!last_member.empty()) add("unread", last_member);
  return text + "}" + any_spaces();
}

/// Rows and reasons, without where the records stand.
std::vector<std::string> read(const std::string& text) {
  std::vector<std::string> lines = decoded(text, "thing");
  for (std::string& line : lines) {
    if (line.starts_with("bad ")) line = line.substr(line.find(' ', 4));
  }
  return lines;
}

}  // namespace

// What stands in a record's last member makes it one for `ndjson_decoder::decode`, or leaves it to the run.
TEST_CASE("records of any layout read the same in a run as one by one") {
  const bool holds = rc::check([] {
    const auto names = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
        "flag", "count", "real", "exact", "eur", "yen", "note", "tag", "seen", "span", "ip", "card", "other", "é"}));
    const auto count = *rc::gen::inRange(1, 12);
    std::string run;
    std::string one_by_one;
    for (int i = 0; i < count; ++i) {
      // Mostly the fields of the record before, so that runs come about.
      auto those = names;
      if (!those.empty() && *rc::gen::inRange(0, 4) == 0) those.pop_back();
      std::string record = any_record(those, "0");
      run += record + "\n";
      record.replace(record.rfind('0'), 1, "[]");
      one_by_one += record + "\n";
    }
    RC_ASSERT(read(run) == read(one_by_one));
  });
  CHECK(holds);
}
