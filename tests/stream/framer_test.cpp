#include "stream/framer.hpp"

#include <catch2/catch.hpp>

using namespace weir::stream;

namespace {

struct framed {
  record_framer framer;
  std::vector<set_aside_record> aside;

  explicit framed(record_syntax syntax) : framer(syntax, source_id{3}) {}

  std::string push(std::string_view bytes) { return text_of(framer.push(bytes, aside)); }
  std::string finish() { return text_of(framer.finish()); }

  /// "byte/line: the block's bytes"
  static std::string text_of(const std::optional<block>& made) {
    if (!made) return "none";
    CHECK(made->buffer.size() >= made->size + block_padding);
    return std::to_string(made->first_byte) + '/' + std::to_string(made->first_line) + ": " +
           std::string{made->bytes()};
  }
};

}  // namespace

TEST_CASE("a block ends where a record does") {
  framed lines(record_syntax::ndjson);
  CHECK(lines.push("{\"a\":1}\n{\"a\"") == "0/1: {\"a\":1}\n");
  CHECK(lines.push(":2}") == "none");
  CHECK(lines.push("\n\n{") == "8/2: {\"a\":2}\n\n");
  CHECK(lines.finish() == "17/4: {");
  CHECK(lines.finish() == "none");
}

TEST_CASE("a CSV record goes on over line ends in quotes") {
  framed csv(record_syntax::csv);
  CHECK(csv.push("a,b\n1,\"x\n") == "0/1: a,b\n");
  CHECK(csv.push("y\"\"\n") == "none");
  CHECK(csv.push("\"\n2,3\n4") == "4/2: 1,\"x\ny\"\"\n\"\n2,3\n");
  CHECK(csv.finish() == "19/6: 4");
}

TEST_CASE("a quote inside an unquoted CSV field opens nothing") {
  framed csv(record_syntax::csv);
  CHECK(csv.push("5\" pipe,2\n6\"") == "0/1: 5\" pipe,2\n");
  CHECK(csv.push(",1\n") == "10/2: 6\",1\n");
}

TEST_CASE("a byte order mark at the beginning is passed over, however it comes") {
  framed whole(record_syntax::ndjson);
  CHECK(whole.push("\xEF\xBB\xBF{}\n") == "3/1: {}\n");
  framed parts(record_syntax::ndjson);
  CHECK(parts.push("\xEF") == "none");
  CHECK(parts.push("\xBB") == "none");
  CHECK(parts.push("\xBF{}\n") == "3/1: {}\n");
  framed other(record_syntax::ndjson);
  CHECK(other.push("\xEF\xBB") == "none");
  CHECK(other.finish() == "0/1: \xEF\xBB");
}

TEST_CASE("a record too long is set aside and the source goes on behind its line") {
  const auto syntax = GENERATE(record_syntax::ndjson, record_syntax::csv);
  framed lines(syntax);
  CHECK(lines.push("first\n") == "0/1: first\n");
  const std::string part(4 << 20, 'x');
  for (int i = 0; i < 4; ++i) CHECK(lines.push(part) == "none");
  CHECK(lines.aside.empty());
  CHECK(lines.push(part) == "none");
  CHECK(lines.push("xx\nnext\n") == std::to_string(6 + 5 * part.size() + 3) + "/3: next\n");
  REQUIRE(lines.aside.size() == 1);
  CHECK(lines.aside[0].reason == "record is longer than 16 MiB");
  CHECK(lines.aside[0].source == source_id{3});
  CHECK(lines.aside[0].line == 2);
  CHECK(lines.aside[0].byte == 6);
  CHECK(lines.aside[0].record == std::string(set_aside_record::record_bytes_kept, 'x'));
}

TEST_CASE("a record of exactly the greatest length is whole, one byte more is too long") {
  framed lines(record_syntax::ndjson);
  const std::string most(record_framer::record_bytes_max, 'x');
  CHECK(lines.push(most) == "none");
  CHECK(lines.push("\n").size() == most.size() + 6);
  CHECK(lines.push(most) == "none");
  CHECK(lines.push("y\nz\n") == std::to_string(2 * most.size() + 3) + "/3: z\n");
  CHECK(lines.aside.size() == 1);
}

TEST_CASE("a CSV quote that is never closed costs one record, not the rest of the source") {
  framed csv(record_syntax::csv);
  std::string long_text = "1,\"never closed\n";
  const std::string line = "2,3\n";
  while (long_text.size() < record_framer::record_bytes_max - 100) long_text += line;
  CHECK(csv.push(long_text) == "none");
  std::string more;
  for (int i = 0; i < 100; ++i) more += line;
  const std::string after = csv.push(more);
  CHECK(csv.aside.size() == 1);
  CHECK(after.ends_with("2,3\n2,3\n"));
}
