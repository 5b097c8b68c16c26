#include "stream/file/file_lines_source.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "inbox.hpp"

using namespace weir::stream;
using namespace weir::testing;

static_assert(batch_source<file_lines_source>);

namespace {

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("files named give their lines in that order, then the end") {
  const temporary_folder folder;
  const std::string a = folder.write("a", "1\n2\r\n3");
  const std::string empty = folder.write("empty", "");
  const std::string b = folder.write("b", "4\n");
  file_lines_source source({.paths = {b, empty, a, empty}});
  const auto first = source.poll(2);
  CHECK(texts_of(first) == texts{"4", "1"});
  CHECK_FALSE(first->ended);
  const auto second = source.poll(2);
  CHECK(texts_of(second) == texts{"2", "3"});
  CHECK(second->taken.bytes == 4);
  const auto last = source.poll(2);
  CHECK(texts_of(last).empty());
  CHECK(last->range.empty());
  CHECK(last->ended);
  CHECK(file_lines_source({.paths = {}}).poll(1)->ended);
}

TEST_CASE("a file named that cannot be read is an error that says why") {
  const temporary_folder folder;
  const std::string none = folder.path("none");
  CHECK(texts_of(file_lines_source({.paths = {none}}).poll(1)) == texts{none + ": No such file or directory"});
  const std::string is_folder = folder.path(".");
  CHECK(texts_of(file_lines_source({.paths = {is_folder}}).poll(1)) == texts{is_folder + ": Is a directory"});
  CHECK(texts_of(file_lines_source({.paths = {"/dev/null"}}).poll(1)) == texts{"/dev/null: Illegal seek"});
}

TEST_CASE("a place among other files, or in a changed one, is refused") {
  const temporary_folder folder;
  const std::string a = folder.write("a", "1\n2\n");
  const std::string b = folder.write("b", "3\n");
  const std::string range = file_lines_source({.paths = {a}}).poll(1)->range;
  file_lines_source other({.paths = {b}});
  const std::string refused = a + ": its lines are wanted again, but it is none of the files to come";
  CHECK(texts_of(other.replay(range)) == texts{refused});
  CHECK(error_of(other.skip(range)) == refused);
  CHECK(error_of(other.restore("0\n" + range)) == refused);
  for (const std::string text : {"", "x\n", "2\n", "0\nx", "0"}) {
    CHECK(error_of(other.restore(text)) == "this names no place in the files: " + text);
  }
  folder.write("a", "1\n2\n3\n");
  CHECK(texts_of(file_lines_source({.paths = {a}}).replay(range)) ==
        texts{a + ": has changed since its first line was read"});
}
