#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>

#include "intake_run.hpp"

using namespace weir::stream;
using namespace weir::testing;

namespace {

constexpr const char* header = "at,count,eur,yen,exact,note,tag,card,flag,seen,unread,last\n";
constexpr std::size_t columns = 9;  // between at and last

std::string any_cell() {
  static const std::vector<std::string> cells{"",
                                              "",
                                              "0",
                                              "7",
                                              "-3",
                                              "007",
                                              "1.5",
                                              "3.070",
                                              "0.00000001",
                                              " 12 ",
                                              "1e2",
                                              "+1",
                                              "x",
                                              "17",
                                              "true",
                                              "FALSE",
                                              "é",
                                              "\xff",
                                              "a b",
                                              "x\"y",
                                              "\"q\"",
                                              "\"a,b\"",
                                              "\"\"",
                                              "\r",
                                              "a\rb",
                                              std::string(1, '\0'),
                                              "99999999999999999999",
                                              "a text of more than sixteen bytes",
                                              "2024-05-01T12:00:00Z"};
  return *rc::gen::elementOf(cells);
}

/// Mostly records that hold only what every column can read.
std::string any_record() {
  const bool plain = *rc::gen::inRange(0, 3) != 0;
  std::string text =
      *rc::gen::weightedElement<std::string>({{20, "5"}, {2, "2024-05-01T12:00:00Z"}, {1, "x"}, {1, ""}});
  for (std::size_t i = 0; i < columns; ++i) {
    text += ',';
    text += plain ? std::vector<std::string>{"17", "", "1"}[*rc::gen::inRange<std::size_t>(0, 3)] : any_cell();
  }
  return text;
}

std::vector<std::string> read(const std::string& text) {
  std::vector<std::string> lines = decoded(text, "thing", record_syntax::csv);
  for (std::string& line : lines) {
    if (line.starts_with("bad ")) line = line.substr(line.find(' ', 4));
  }
  return lines;
}

}  // namespace

// A quote in the last cell makes a record one for `csv_decoder::decode`, and else leaves it to the run.
TEST_CASE("CSV records read the same in a run as one by one") {
  const bool holds = rc::check([] {
    const std::string line_end = *rc::gen::elementOf(std::vector<std::string>{"\n", "\r\n"});
    std::string run = header;
    std::string one_by_one = header;
    for (int left = *rc::gen::inRange(1, 12); left > 0; --left) {
      const std::string record = any_record();
      run += record + ",0" + line_end;
      one_by_one += record + ",\"0\"" + line_end;
      if (*rc::gen::inRange(0, 20) != 0) continue;
      const std::string between = *rc::gen::elementOf(std::vector<std::string>{header, "\n", "\r\n"});
      run += between;
      one_by_one += between;
    }
    RC_ASSERT(read(run) == read(one_by_one));
  });
  CHECK(holds);
}
