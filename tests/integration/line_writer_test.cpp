#include "stream/file/line_writer.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

namespace {

using weir::stream::line_writer;
using weir::stream::open_mode;

struct scratch_folder {
  std::filesystem::path path;
  scratch_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "weir_lines_XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~scratch_folder() { std::filesystem::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
};

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("lines are in the file after a flush, and not lost without one") {
  const scratch_folder folder;
  const auto path = folder / "lines";
  {
    auto out = line_writer::open(path);
    REQUIRE(out);
    REQUIRE(out->write("one"));
    CHECK(content(path).empty());
    REQUIRE(out->flush());
    CHECK(content(path) == "one\n");
    REQUIRE(out->write("two"));
    CHECK(out->lines() == 2);
  }
  CHECK(content(path) == "one\ntwo\n");
}

TEST_CASE("a file is replaced, or added to where that is asked for") {
  const scratch_folder folder;
  const auto path = folder / "lines";
  for (const auto mode : {open_mode::replace, open_mode::replace, open_mode::append}) {
    auto out = line_writer::open(path, mode);
    REQUIRE(out);
    REQUIRE(out->write("a line"));
    REQUIRE(out->close());
  }
  CHECK(content(path) == "a line\na line\n");
}

TEST_CASE("more than the buffer holds is written without a flush") {
  const scratch_folder folder;
  const auto path = folder / "lines";
  auto out = line_writer::open(path);
  REQUIRE(out);
  const std::string line(line_writer::buffer_bytes / 2, 'x');
  for (int i = 0; i < 2; ++i) REQUIRE(out->write(line));
  CHECK(content(path).size() == 2 * (line.size() + 1));
}

TEST_CASE("a file that cannot be made is named with the reason") {
  const scratch_folder folder;
  const auto out = line_writer::open(folder / "missing/alerts.jsonl");
  REQUIRE_FALSE(out);
  CHECK(out.error().message == folder / "missing/alerts.jsonl" + std::string(": No such file or directory"));
}

TEST_CASE("a full disk is told at the flush, and at the close") {
  auto out = line_writer::open("/dev/full");
  REQUIRE(out);
  REQUIRE(out->write("a line"));
  const auto flushed = out->flush();
  REQUIRE_FALSE(flushed);
  CHECK(flushed.error().message == "/dev/full: No space left on device");
  CHECK_FALSE(out->reader_gone());

  auto another = line_writer::open("/dev/full");
  REQUIRE(another);
  REQUIRE(another->write("a line"));
  CHECK_FALSE(another->close());
}

TEST_CASE("a pipe that nobody reads any more is told apart") {
  std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  auto out = line_writer::open("/dev/fd/" + std::to_string(ends[1]));
  REQUIRE(out);
  ::close(ends[1]);
  ::close(ends[0]);
  REQUIRE(out->write("a line"));
  CHECK_FALSE(out->flush());
  CHECK(out->reader_gone());
}
