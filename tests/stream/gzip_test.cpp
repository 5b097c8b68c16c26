#include "stream/file/gzip.hpp"

#include <catch2/catch.hpp>

#include "packed.hpp"

using namespace weir::stream;
using weir::testing::packed;

namespace {

std::string many_lines() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i * 7919 % 10'007) + '\n';
  return text;
}

/// Unpacks in steps of these sizes; the error's text when there is one.
std::string unpacked(std::string_view bytes, std::size_t take, std::size_t give) {
  gzip_reader reader;
  std::string out;
  std::string into(give, '\0');
  for (;;) {
    const auto step = reader.unpack(bytes.substr(0, take), into);
    if (!step) return step.error();
    out.append(into, 0, step->given);
    bytes.remove_prefix(step->taken);
    if (step->given == 0 && bytes.empty()) return reader.complete() ? out : out + "[incomplete]";
  }
}

}  // namespace

TEST_CASE("gzip data is unpacked in any steps") {
  const std::string text = many_lines();
  CHECK(unpacked(packed(text), 1 << 20, 1 << 20) == text);
  CHECK(unpacked(packed(text), 1, 1 << 20) == text);
  CHECK(unpacked(packed(text), 1 << 20, 1) == text);
  CHECK(unpacked(packed(text), 100, 100) == text);
  CHECK(unpacked(packed(""), 100, 100).empty());
}

TEST_CASE("gzip members one after another are one text, zeros behind them nothing") {
  CHECK(unpacked(packed("one\n") + packed("") + packed("two\n"), 3, 3) == "one\ntwo\n");
  CHECK(unpacked(packed("one\n") + std::string(512, '\0'), 100, 100) == "one\n");
}

TEST_CASE("gzip data that is cut is incomplete, and gives what it has") {
  const std::string whole = packed("one\ntwo\n");
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(unpacked(whole.substr(0, size), 100, 3).ends_with("[incomplete]"));
  }
  CHECK(unpacked(whole.substr(0, whole.size() - 1), 100, 100) == "one\ntwo\n[incomplete]");
}

TEST_CASE("damaged gzip data is refused") {
  std::string damaged = packed(many_lines());
  damaged[damaged.size() - 6] ^= 1;
  CHECK(unpacked(damaged, 1 << 20, 1 << 20) == "the gzip data is damaged (incorrect data check)");
  CHECK(unpacked(packed("one") + "more", 100, 100) == "something follows the end of the gzip data");
  CHECK(unpacked(packed("one") + std::string(3, '\0') + packed("two"), 100, 100) ==
        "something follows the end of the gzip data");
}
