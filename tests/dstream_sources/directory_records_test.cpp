// Files of records of one length: any way of taking them gives what a plain cut gives.
#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include "stream/file/directory_source.hpp"
#include "tests/dstream_sources/inbox.hpp"

namespace weir::testing {

namespace {

using texts = std::vector<std::string>;

stream::directory_source opened(const stream::directory_options& options) {
  auto made = stream::directory_source::open(options);
  REQUIRE(made);
  return std::move(*made);
}

texts cut_plainly(const std::string& bytes, std::size_t record_bytes) {
  texts records;
  for (std::size_t at = 0; at + record_bytes <= bytes.size(); at += record_bytes) {
    records.push_back(bytes.substr(at, record_bytes));
  }
  return records;
}

/// Takes all that is there, some rows at a time, in sources that are restarted in between; each poll is replayed once.
texts taken_at_random(const stream::directory_options& options) {
  texts all;
  auto source = opened(options);
  for (int idle = 0; idle < 2;) {
    const std::string before = source.save();
    const auto rows_max = *rc::gen::inRange<std::size_t>(1, 5);
    const auto got = source.poll(rows_max);
    RC_ASSERT(got.has_value());
    idle = got->range.empty() ? idle + 1 : 0;
    const texts rows = texts_of(got->taken);
    RC_ASSERT(rows.size() <= rows_max);
    all.insert(all.end(), rows.begin(), rows.end());
    auto again = opened(options);
    RC_ASSERT(again.restore(before).has_value());
    if (!got->range.empty()) RC_ASSERT(texts_of(again.replay(got->range)) == rows);
    if (*rc::gen::arbitrary<bool>()) source = std::move(again);
  }
  return all;
}

}  // namespace

TEST_CASE("records of one length, polled and replayed and restored at random, are those of a plain cut") {
  CHECK(rc::check([] {
    const auto record_bytes = *rc::gen::inRange<std::size_t>(1, 5);
    const auto bytes =
        *rc::gen::container<texts>(3, rc::gen::container<std::string>(rc::gen::element('\0', '\n', 'a')));
    const inbox folder;
    texts expected;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      folder.put(std::to_string(i), bytes[i]);
      const auto records = cut_plainly(bytes[i], record_bytes);
      expected.insert(expected.end(), records.begin(), records.end());
    }
    RC_ASSERT(taken_at_random({.path = folder.path(), .record_bytes = record_bytes}) == expected);
  }));
}

TEST_CASE("a record that the end of its file cuts off is set aside, and the next file begins anew") {
  const inbox folder;
  folder.put("first", "abcde", 1);
  folder.put("second", "fg", 2);
  auto source = opened({.path = folder.path(), .record_bytes = 2});
  CHECK(texts_of(source.poll(10)) == texts{"ab", "cd", "fg"});
  CHECK(source.aside() == stream::aside_counts{{"record cut off by the end of its file", 1}});
}

TEST_CASE("records of several blocks, and one longer than a block, come whole") {
  const inbox folder;
  const std::string many(3 << 20, 'x');
  folder.put("many", many);
  auto short_ones = opened({.path = folder.path(), .record_bytes = 1 << 16});
  CHECK(texts_of(short_ones.poll(1000)) == cut_plainly(many, 1 << 16));
  auto long_ones = opened({.path = folder.path(), .record_bytes = 3 << 19});
  CHECK(texts_of(long_ones.poll(1000)) == cut_plainly(many, 3 << 19));
}

}  // namespace weir::testing
