#include "stream/order.hpp"

#include <catch2/catch.hpp>

#include "sample.hpp"

using namespace weir::stream;
using weir::testing::sample_schema;

namespace {

const schema types = sample_schema();
const event_type_id login = *types.find("login");

timestamp at_second(int s) { return timestamp{std::chrono::seconds{s}}; }

/// A chunk of one source, of rows at these seconds.
batch chunk(unsigned source, std::initializer_list<int> seconds, std::uint64_t position = 0) {
  batch rows(types);
  for (const int s : seconds) {
    rows[login][field_id{0}].push_id(symbol{0});
    rows[login][field_id{1}].push_boolean(s % 2 == 0);
    rows.append_to_order({login, static_cast<std::uint32_t>(rows[login].size())});
    rows[login].close_row(at_second(s), {static_cast<source_id>(source), position++});
  }
  return rows;
}

/// "source:second", row by row.
std::string text_of(const batch& rows) {
  std::string text;
  for (const row_ref row : rows.order()) {
    const auto second = std::chrono::duration_cast<std::chrono::seconds>(rows.at(row).time_since_epoch()).count();
    CHECK(rows[row.type][field_id{1}].boolean(row.row) == (second % 2 == 0));
    text += std::to_string(static_cast<unsigned>(rows.from(row).source)) + ':' + std::to_string(second) + ' ';
  }
  return text;
}

std::string release(waiting_rows& waiting, release_limit limit, std::size_t rows_max = 100) {
  batch out(types);
  waiting.release(limit, rows_max, out);
  return text_of(out);
}

constexpr release_limit everything{end_of_time, source_id{65535}};

}  // namespace

TEST_CASE("rows of several chunks come out in one order") {
  waiting_rows waiting;
  waiting.add(chunk(0, {1, 4, 7}));
  waiting.add(chunk(1, {2, 4, 9}));
  waiting.add(chunk(0, {8, 8, 3}, 3));
  CHECK(waiting.size() == 9);
  CHECK(waiting.next_time() == at_second(1));
  CHECK(release(waiting, everything) == "0:1 1:2 0:3 0:4 1:4 0:7 0:8 0:8 1:9 ");
  CHECK(waiting.size() == 0);
  CHECK_FALSE(waiting.next_time().has_value());
}

TEST_CASE("the limit lets rows of its time go up to its source") {
  waiting_rows waiting;
  waiting.add(chunk(0, {4}));
  waiting.add(chunk(1, {4}));
  waiting.add(chunk(2, {4}));
  CHECK(release(waiting, {at_second(3), source_id{9}}).empty());
  CHECK(release(waiting, {at_second(4), source_id{1}}) == "0:4 1:4 ");
  CHECK(release(waiting, {at_second(5), source_id{0}}) == "2:4 ");
}

TEST_CASE("rows beyond the most of a batch wait") {
  waiting_rows waiting;
  waiting.add(chunk(0, {1, 2, 3}));
  waiting.add(chunk(1, {2, 3, 4}));
  CHECK(release(waiting, everything, 2) == "0:1 0:2 ");
  CHECK(release(waiting, everything, 3) == "1:2 0:3 1:3 ");
  CHECK(waiting.next_time() == at_second(4));
  CHECK(release(waiting, everything, 3) == "1:4 ");
}

TEST_CASE("a chunk that is due as a whole is moved with its memory") {
  waiting_rows waiting;
  batch rows = chunk(0, {1, 2, 3});
  const timestamp* const times = rows[login].times().data();
  waiting.add(std::move(rows));
  waiting.add(chunk(1, {4}));
  batch out(types);
  waiting.release(everything, 3, out);
  CHECK(text_of(out) == "0:1 0:2 0:3 ");
  CHECK(out[login].times().data() == times);
}

TEST_CASE("an empty chunk is nothing") {
  waiting_rows waiting;
  waiting.add(batch(types));
  CHECK(waiting.size() == 0);
  CHECK(release(waiting, everything).empty());
}
