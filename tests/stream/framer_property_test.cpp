#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cstdlib>

#include "stream/format/record_cursor.hpp"
#include "stream/framer.hpp"

using namespace weir::stream;

namespace {

/// "line@byte record", record by record.
std::vector<std::string> records_of(block bytes, record_syntax syntax) {
  std::vector<std::string> found;
  record_cursor cursor(syntax, std::move(bytes));
  while (const auto record = cursor.next()) {
    found.push_back(std::to_string(record->line) + '@' + std::to_string(record->byte) + ' ' +
                    std::string{record->bytes});
  }
  return found;
}

std::vector<std::string> framed(const std::string& text, const std::vector<std::size_t>& cuts, record_syntax syntax) {
  std::vector<std::string> found;
  std::vector<set_aside_record> aside;
  record_framer framer(syntax, source_id{});
  const auto take = [&](std::optional<block> made) {
    if (!made) return;
    for (auto& line : records_of(std::move(*made), syntax)) found.push_back(std::move(line));
  };
  std::string_view left = text;
  for (const std::size_t cut : cuts) {
    const std::size_t size = std::min(cut, left.size());
    take(framer.push(left.substr(0, size), aside));
    left.remove_prefix(size);
  }
  take(framer.push(left, aside));
  take(framer.finish());
  return found;
}

}  // namespace

TEST_CASE("any cut of the bytes gives the same records") {
  const bool holds = rc::check([] {
    const auto letters = rc::gen::element('a', ',', '"', '\n', '\r', ' ');
    const auto text = *rc::gen::container<std::string>(letters);
    const auto cuts = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 5));
    const auto syntax = *rc::gen::element(record_syntax::ndjson, record_syntax::csv);
    RC_ASSERT(framed(text, cuts, syntax) == records_of(make_block(text), syntax));
  });
  CHECK(holds);
}
