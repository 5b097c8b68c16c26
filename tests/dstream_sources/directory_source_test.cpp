#include "stream/file/directory_source.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "inbox.hpp"

using namespace weir::stream;
using namespace weir::testing;

static_assert(batch_source<directory_source>);

namespace {

using texts = std::vector<std::string>;

constexpr std::size_t all = 1000;

directory_source opened(directory_options options) {
  auto made = directory_source::open(std::move(options));
  REQUIRE(made);
  return std::move(*made);
}

}  // namespace

TEST_CASE("files are taken once, by time and then by name, and lines end as they like") {
  const inbox in;
  in.put("c", "c1\nc2", 1);
  in.put("b", "b1\r\n\r\n", 2);
  in.put("a", "a1\n", 2);
  in.put("none", "", 0);
  auto source = opened({.path = in.path()});
  const auto first = source.poll(all);
  CHECK(texts_of(first) == texts{"c1", "c2", "a1", "b1", ""});
  CHECK_FALSE(first->ended);
  CHECK(first->taken.bytes == 14);
  CHECK(first->range ==
        "0 5 5 1000000000 1:c\n"
        "0 3 3 2000000000 1:a\n"
        "0 6 6 2000000000 1:b\n");
  const auto second = source.poll(all);
  CHECK(texts_of(second).empty());
  CHECK(second->range.empty());
  in.put("old", "late\n", 0);
  CHECK(texts_of(source.poll(all)) == texts{"late"});
  CHECK(source.aside().empty());
}

TEST_CASE("names that are passed over, folders and other suffixes are not looked at") {
  const inbox in;
  for (const char* name : {".hidden.csv", "a.csv.tmp", "b.csv._COPYING_", "c.json", "good.csv"}) in.put(name, "x\n");
  std::filesystem::create_directory(in.path("folder.csv"));
  auto source = opened({.path = in.path(), .suffix = ".csv"});
  CHECK(source.poll(all)->range == "0 2 2 1000000000 8:good.csv\n");
  CHECK(source.aside().empty());
}

TEST_CASE("a large file is taken in several batches and no other one in between") {
  const inbox in;
  in.put("b", "1\n2\n3\n4\n5\n", 2);
  auto source = opened({.path = in.path()});
  CHECK(texts_of(source.poll(2)) == texts{"1", "2"});
  in.put("a", "6\n", 1);
  CHECK(texts_of(source.poll(2)) == texts{"3", "4"});
  const auto last = source.poll(2);
  CHECK(texts_of(last) == texts{"5", "6"});
  CHECK(last->range ==
        "8 10 10 2000000000 1:b\n"
        "0 2 2 1000000000 1:a\n");
}

TEST_CASE("a batch is bounded by bytes as well") {
  const inbox in;
  in.put("a", "1234567\n1234567\n", 1);
  in.put("b", "1\n", 2);
  auto source = opened({.path = in.path(), .batch_bytes_max = 10});
  CHECK(source.poll(all)->range == "0 16 16 1000000000 1:a\n");
  CHECK(source.poll(all)->range == "0 2 2 2000000000 1:b\n");
}

TEST_CASE("a line that is too long is set aside, and its bytes are in the range") {
  const inbox in;
  in.put("a", "12345\n123456\n12345\r\n1234567", 1);
  auto source = opened({.path = in.path(), .line_bytes_max = 5});
  const auto found = source.poll(all);
  CHECK(texts_of(found) == texts{"12345", "12345"});
  CHECK(found->range == "0 27 27 1000000000 1:a\n");
  CHECK(source.aside() == aside_counts{{"line longer than 5 bytes", 2}});
  CHECK(texts_of(opened({.path = in.path(), .line_bytes_max = 5}).replay(found->range)) == texts{"12345", "12345"});
}

TEST_CASE("a file that comes again under the name of one that was taken is another file") {
  const inbox in;
  in.put("a", "one\n", 1);
  auto source = opened({.path = in.path()});
  CHECK(texts_of(source.poll(all)) == texts{"one"});
  in.put("a", "two\n", 2);
  CHECK(texts_of(source.poll(all)) == texts{"two"});
  in.remove("a");
  CHECK(texts_of(source.poll(all)).empty());
  CHECK(source.save().empty());  // what is gone is forgotten
}

TEST_CASE("a file that changes before its end was read is an error that names it") {
  const inbox in;
  in.put("a", "1\n2\n3\n");
  auto source = opened({.path = in.path()});
  const auto first = source.poll(1);
  std::filesystem::resize_file(in.path("a"), 4);
  CHECK(texts_of(source.poll(1)) == texts{in.path("a") + ": has changed since its first line was read"});
  CHECK(texts_of(opened({.path = in.path()}).replay(first->range)) ==
        texts{in.path("a") + ": has changed since its first line was read"});
  in.put("a", "1\n2\n3\n", 2);
  CHECK(texts_of(opened({.path = in.path()}).replay(first->range)) ==
        texts{in.path("a") + ": has changed since its first line was read"});
  auto behind = opened({.path = in.path()});
  CHECK(error_of(behind.skip(first->range)).empty());
  CHECK(texts_of(behind.poll(1)) == texts{in.path("a") + ": has changed since its first line was read"});
}

TEST_CASE("a replay needs the files, a skip does not") {
  const inbox in;
  in.put("a", "1\n2\n");
  const std::string range = opened({.path = in.path()}).poll(all)->range;
  const std::string half = opened({.path = in.path()}).poll(1)->range;
  in.remove("a");
  CHECK(texts_of(opened({.path = in.path()}).replay(range)) == texts{in.path("a") + ": No such file or directory"});
  auto source = opened({.path = in.path()});
  CHECK(error_of(source.skip(range)).empty());
  CHECK(texts_of(source.poll(all)).empty());
  CHECK(source.aside().empty());
  auto begun = opened({.path = in.path()});
  CHECK(error_of(begun.skip(half)).empty());
  in.put("b", "3\n");
  CHECK(texts_of(begun.poll(all)) == texts{"3"});
  CHECK(begun.aside() == aside_counts{{"file gone before its end was read", 1}});
}

TEST_CASE("a file that is held open is read to its end, though it is gone") {
  const inbox in;
  in.put("a", "1\n2\n");
  auto source = opened({.path = in.path()});
  CHECK(texts_of(source.poll(1)) == texts{"1"});
  in.remove("a");
  CHECK(texts_of(source.poll(1)) == texts{"2"});
}

TEST_CASE("a name that leads nowhere is set aside and the others go on") {
  const inbox in;
  in.put("b", "1\n");
  std::filesystem::create_symlink(in.path("nowhere"), in.path("a"));
  auto source = opened({.path = in.path()});
  CHECK(texts_of(source.poll(all)) == texts{"1"});
  CHECK(source.aside() == aside_counts{{"file gone before it was read", 1}});
}

TEST_CASE("a directory that is not there, or goes, is named") {
  const inbox in;
  const auto none = directory_source::open({.path = in.path("none")});
  REQUIRE_FALSE(none);
  CHECK(none.error().message == in.path("none") + ": No such file or directory");
  auto source = opened({.path = in.path()});
  std::filesystem::remove(in.path());
  CHECK(texts_of(source.poll(all)) == texts{in.path() + ": No such file or directory"});
}

TEST_CASE("a text that is no range is refused") {
  const inbox in;
  auto source = opened({.path = in.path()});
  const std::string refused = in.path() + ": this names no part of its files: ";
  for (const std::string text :
       {"x", "0 1 1 1 1:a", "0 1 1 1 9:a\n", "2 1 3 1 1:a\n", "0 2 1 1 1:a\n", "0 1 1 1 0:\nx"}) {
    CHECK(error_of(source.skip(text)) == refused + text);
    CHECK(error_of(source.restore(text)) == refused + text);
    CHECK(texts_of(source.replay(text)) == texts{refused + text});
  }
}

TEST_CASE("names may hold any byte, and come back from a range as they were") {
  const file_part odd{.name = "a b:\n7", .from = 1, .to = 2, .version = {.size = 3, .written_ns = -4}};
  CHECK(spell({&odd, 1}) == "1 2 3 -4 6:a b:\n7\n");
  CHECK(read_file_parts(spell({&odd, 1})) == std::vector{odd});
}
