#include "stream/file/file_source.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "packed.hpp"
#include "temporary_folder.hpp"

using namespace weir::stream;
using namespace weir::testing;

static_assert(byte_source<file_source>);

namespace {

/// All bytes, or the error's text.
std::string whole(file_source& source, std::size_t step = 4096) {
  std::string out;
  std::string into(step, '\0');
  for (;;) {
    const auto read = source.read(into);
    if (!read) return read.error().message;
    out.append(into, 0, read->bytes);
    if (read->ended) return out;
  }
}

std::string whole(const std::string& path, std::size_t step = 4096) {
  auto source = file_source::open({.path = path});
  return source ? whole(*source, step) : source.error().message;
}

/// What a followed source gives until it gives nothing, a few times over.
std::string so_far(file_source& source) {
  std::string out;
  std::string into(64, '\0');
  for (int quiet = 0; quiet < 3;) {
    const auto read = source.read(into);
    if (!read) return read.error().message;
    CHECK_FALSE(read->ended);
    out.append(into, 0, read->bytes);
    quiet = read->bytes == 0 ? quiet + 1 : 0;
  }
  return out;
}

}  // namespace

TEST_CASE("a plain file is read as it is, in any steps") {
  const temporary_folder folder;
  const std::string text = "one\ntwo\n" + std::string(10'000, 'x');
  const std::string path = folder.write("a.ndjson", text);
  CHECK(whole(path) == text);
  CHECK(whole(path, 1) == text);
  CHECK(whole(folder.write("empty", "")).empty());
  CHECK(whole(folder.write("short", "\x1f")) == "\x1f");
}

TEST_CASE("gzip is known by its content, whatever the name") {
  const temporary_folder folder;
  const std::string path = folder.write("a.ndjson", packed("one\n") + packed("two\n"));
  CHECK(whole(path) == "one\ntwo\n");
  CHECK(whole(path, 1) == "one\ntwo\n");
  CHECK(whole(folder.write("plain.gz", "no gzip")) == "no gzip");
}

TEST_CASE("gzip data that ends early or is damaged is an error that names the file") {
  const temporary_folder folder;
  const std::string data = packed("one\ntwo\n");
  const std::string cut = folder.write("cut.gz", data.substr(0, data.size() - 5));
  CHECK(whole(cut) == cut + ": the gzip data ends early");
  const std::string magic = folder.write("magic.gz", data.substr(0, 2));
  CHECK(whole(magic) == magic + ": the gzip data ends early");
  const std::string more = folder.write("more.gz", data + "x");
  CHECK(whole(more).find("something follows the end of the gzip data") != std::string::npos);
}

TEST_CASE("what cannot be opened is named with the reason") {
  const temporary_folder folder;
  CHECK(whole(folder.path("none")) == folder.path("none") + ": No such file or directory");
  CHECK(whole(folder.path(".")) == folder.path(".") + ": is a directory, not a file");
}

TEST_CASE("progress counts the bytes of the file as it lies there") {
  const temporary_folder folder;
  const std::string data = packed(std::string(100'000, 'x'));
  auto source = file_source::open({.path = folder.write("a.gz", data)});
  REQUIRE(source.has_value());
  CHECK(source->progress().bytes_read == 0);
  CHECK(source->progress().bytes_total == data.size());
  CHECK(whole(*source).size() == 100'000);
  CHECK(source->progress().bytes_read == data.size());
}

TEST_CASE("a pipe is waited for, and ends when its writer does") {
  const temporary_folder folder;
  const std::string path = folder.path("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  std::jthread writer([&] {
    const int out = ::open(path.c_str(), O_WRONLY);
    for (const char* part : {"\x1f", "not ", "gzip\n"}) {
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
      if (::write(out, part, std::string_view{part}.size()) < 0) break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{120});  // longer than one wait
    ::close(out);
  });
  auto source = file_source::open({.path = path});
  REQUIRE(source.has_value());
  CHECK_FALSE(source->progress().bytes_total.has_value());
  CHECK(whole(*source) == "\x1fnot gzip\n");
}

TEST_CASE("a followed file gives what is added to it") {
  const temporary_folder folder;
  const std::string path = folder.write("log", "one\n");
  auto source = file_source::open({.path = path, .follow = true});
  REQUIRE(source.has_value());
  CHECK(so_far(*source) == "one\n");
  CHECK(so_far(*source).empty());
  folder.append("log", "two\nthr");
  CHECK(so_far(*source) == "two\nthr");
  folder.append("log", "ee\n");
  CHECK(so_far(*source) == "ee\n");
  CHECK(source->restarts() == 0);
}

TEST_CASE("a followed file that is empty at first is recognised when it is not") {
  const temporary_folder folder;
  const std::string path = folder.write("log.gz", "");
  auto source = file_source::open({.path = path, .follow = true});
  REQUIRE(source.has_value());
  CHECK(so_far(*source).empty());
  const std::string data = packed("one\n");
  folder.append("log.gz", data.substr(0, 1));
  CHECK(so_far(*source).empty());
  folder.append("log.gz", data.substr(1) + packed("two\n"));
  CHECK(so_far(*source) == "one\ntwo\n");
}

TEST_CASE("a followed file that is replaced is read to its end, then the new one") {
  const temporary_folder folder;
  const std::string path = folder.write("log", "one\ntw");
  auto source = file_source::open({.path = path, .follow = true});
  REQUIRE(source.has_value());
  CHECK(so_far(*source) == "one\ntw");
  std::filesystem::rename(path, folder.path("log.1"));
  CHECK(so_far(*source).empty());
  folder.append("log.1", "o, part");
  folder.write("log", "three\n");
  CHECK(so_far(*source) == "o, part\nthree\n");  // the open line is ended
  CHECK(source->restarts() == 1);
  folder.append("log", "four\n");
  CHECK(so_far(*source) == "four\n");
}

TEST_CASE("a followed file that is cut short is read from its beginning") {
  const temporary_folder folder;
  const std::string path = folder.write("log", "one\ntwo\nthree\n");
  auto source = file_source::open({.path = path, .follow = true});
  REQUIRE(source.has_value());
  CHECK(so_far(*source) == "one\ntwo\nthree\n");
  folder.write("log", "new\n");  // the same file, cut to nothing and written again
  CHECK(so_far(*source) == "new\n");
  CHECK(source->restarts() == 1);
}
