#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "inbox.hpp"
#include "naive_records.hpp"
#include "stream/file/file_lines_source.hpp"

using namespace weir::stream;
using namespace weir::testing;

namespace {

/// Lines of a few bytes, and some that are longer than a block, or too long.
std::string drawn_text() {
  std::string text;
  const auto lines = *rc::gen::inRange(0, 40);
  for (int i = 0; i < lines; ++i) {
    const auto few = rc::gen::inRange(0, 20);
    const auto many = rc::gen::element(65'533, 65'534, 65'535, 65'536, 99'999, 100'000, 100'001, 131'071, 200'000);
    text.append(static_cast<std::size_t>(*rc::gen::weightedOneOf<int>({{12, few}, {1, many}})), 'a');
    text += *rc::gen::element<std::string>("\n", "\n", "\r\n", "\r");
  }
  if (*rc::gen::arbitrary<bool>() && !text.empty()) text.pop_back();
  return text;
}

}  // namespace

TEST_CASE("lines of files, polled and replayed and restored at random, are those of a plain split") {
  const bool holds = rc::check([] {
    const temporary_folder folder;
    // About the first block that is read, and longer than it.
    const auto line_bytes_max = *rc::gen::element<std::size_t>(65'533, 65'534, 65'535, 65'536, 100'000);
    file_lines_options options{.paths = {}, .batch_bytes_max = 100'000, .line_bytes_max = line_bytes_max};
    naive_records expected;
    for (int i = 0; i < 2; ++i) {
      const std::string text = drawn_text();
      options.paths.push_back(folder.write(std::to_string(i), text));
      const auto lines = naive_lines(text, line_bytes_max);
      expected.rows.insert(expected.rows.end(), lines.rows.begin(), lines.rows.end());
      expected.too_long += lines.too_long;
    }
    file_lines_source source(options);
    naive_records found;
    for (bool ended = false; !ended;) {
      const std::string before = source.save();
      const auto polled = source.poll(*rc::gen::inRange<std::size_t>(1, 12));
      RC_ASSERT(polled.has_value());
      ended = polled->ended;
      const auto rows = texts_of(*polled);
      found.rows.insert(found.rows.end(), rows.begin(), rows.end());
      if (*rc::gen::inRange(0, 3) > 0) continue;
      for (const auto& [reason, count] : source.aside()) found.too_long += static_cast<int>(count);
      source = file_lines_source(options);
      RC_ASSERT(source.restore(before).has_value());
      const bool again = *rc::gen::arbitrary<bool>();
      if (again) RC_ASSERT(texts_of(source.replay(polled->range)) == rows);
      if (!again) RC_ASSERT(source.skip(polled->range).has_value());
    }
    for (const auto& [reason, count] : source.aside()) found.too_long += static_cast<int>(count);
    RC_ASSERT(found.rows == expected.rows);
    RC_ASSERT(found.too_long == expected.too_long);
  });
  CHECK(holds);
}
