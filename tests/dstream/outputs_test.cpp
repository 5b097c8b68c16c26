// What leaves a program by parts or as objects, what several streams are as one, and how texts are cut.
#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stream/dstream/split_by.hpp"
#include "stream/file/directory_source.hpp"
#include "stream/tcp/server.hpp"
#include "tests/stream/temporary_folder.hpp"
#include "tests/support/dstream_run.hpp"

namespace weir::testing {

namespace {

using namespace stream;
using named_rows = std::map<std::pair<std::uint64_t, std::size_t>, std::vector<int>>;

/// What each part of each batch has, where it has rows.
template <class Program>
named_rows parts_of(const cut_rows<int>& batches, const run_shape& shape, const Program& program) {
  std::mutex adding;
  named_rows parts;
  streaming_context app(options_of(shape));
  program(app.queue_stream(queue_of(batches))).for_each_partition([&](const batch_part<int>& part) {
    const std::lock_guard lock(adding);
    const bool fresh = parts.try_emplace({part.batch.number, part.number}, part.begin(), part.end()).second;
    if (!fresh) throw std::logic_error("a part came twice");
  });
  run_to_end(app);
  return parts;
}

std::vector<int> draw_rows() { return *rc::gen::container<std::vector<int>>(rc::gen::inRange(-9, 10)); }

run_shape draw_shape() {
  return {.threads = *rc::gen::inRange<std::size_t>(1, 4), .partitions = *rc::gen::inRange<std::size_t>(1, 5)};
}

cut_rows<int> draw_batches() {
  cut_rows<int> batches(*rc::gen::inRange<std::size_t>(1, 6));
  for (auto& rows : batches) rows = draw_rows();
  return batches;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The error that a program ends with.
std::string end_of(streaming_context& app) {
  const auto ended = app.run();
  return ended ? "" : ended.error().message;
}

}  // namespace

TEST_CASE("parts put out side by side are the batch, under names that do not hang on the threads") {
  CHECK(rc::check([] {
    const auto batches = draw_batches();
    auto shape = draw_shape();
    const auto doubled = [](auto rows) { return rows.map([](int row) { return 2 * row; }); };
    const auto parts = parts_of(batches, shape, doubled);
    std::vector<std::vector<int>> put_out(batches.size());
    for (const auto& [name, rows] : parts) {
      RC_ASSERT(!rows.empty());
      put_out[name.first].insert(put_out[name.first].end(), rows.begin(), rows.end());
    }
    for (std::size_t i = 0; i < batches.size(); ++i) {
      auto expected = batches[i];
      for (int& row : expected) row *= 2;
      RC_ASSERT(put_out[i] == expected);
    }
    shape.threads = 1;
    RC_ASSERT(parts_of(batches, shape, doubled) == parts);
  }));
}

TEST_CASE("parts without rows are not put out, and the others keep their numbers") {
  const auto parts = parts_of({{1, 2, 3, 4}}, {.threads = 2, .partitions = 4}, [](auto rows) {
    return rows.map_partitions([](std::span<const int> part) {
      return part[0] % 2 == 0 ? std::vector<int>(part.begin(), part.end()) : std::vector<int>{};
    });
  });
  CHECK(parts == named_rows{{{0, 1}, {2}}, {{0, 3}, {4}}});
}

TEST_CASE("an error of a part ends the program with its words") {
  streaming_context app(options_of({.threads = 2, .partitions = 2}));
  app.queue_stream(queue_of(cut_rows<int>{{1, 2}}))
      .for_each_partition([](const auto& part) -> std::expected<void, io_error> {
        if (part.number == 0) return {};
        return std::unexpected(io_error{"the other side is gone"});
      });
  CHECK_THAT(end_of(app), Catch::Contains("the other side is gone"));
}

TEST_CASE("streams in a list are one stream, row by row in the order of the list") {
  CHECK(rc::check([] {
    const auto batches = draw_batches();
    const auto shape = draw_shape();
    const auto streams_max = *rc::gen::inRange(1, 5);
    const auto united = run_batches(batches, shape, [&](auto rows) {
      std::vector<dstream<int>> list;
      for (int i = 0; i < streams_max; ++i) list.push_back(rows.map([i](int row) { return row + 100 * i; }));
      return union_of(list);
    });
    RC_ASSERT(united.size() == batches.size());
    for (std::size_t at = 0; at < batches.size(); ++at) {
      std::vector<int> expected;
      for (int i = 0; i < streams_max; ++i) {
        for (const int row : batches[at]) expected.push_back(row + 100 * i);
      }
      RC_ASSERT(united[at].second == expected);
    }
  }));
}

TEST_CASE("no streams at all are no stream") {
  CHECK_THROWS_WITH(union_of(std::vector<dstream<int>>{}), "union_of: there must be one stream at least");
}

TEST_CASE("rows saved as objects are read again as they were") {
  using row = std::pair<std::string, std::optional<double>>;
  const temporary_folder folder;
  const cut_rows<row> batches{{{"a", 1.5}, {"b\n", std::nullopt}}, {}, {{"", -0.0}}};
  streaming_context app(options_of({}));
  app.queue_stream(queue_of(batches)).save_as_object_files(folder.path("rows"), ".bin");
  run_to_end(app);
  std::vector<std::vector<row>> read;
  for (const std::string name : {"rows-1000.bin", "rows-2000.bin", "rows-3000.bin"}) {
    CAPTURE(name);
    if (!std::filesystem::exists(folder.path(name))) continue;
    const auto rows = decoded<row_vector<row>>(text_of(folder.path(name)));
    REQUIRE(rows);
    read.push_back(*rows);
  }
  CHECK(read == std::vector{batches[0], batches[2]});
}

TEST_CASE("a source or a receiver that could not be opened says so while the program is built") {
  const temporary_folder folder;
  const auto inbox = folder.path("inbox");
  streaming_context app;
  CHECK_THROWS_WITH(app.source_stream(directory_source::open({.path = inbox})), inbox + ": No such file or directory");
  CHECK_THROWS_WITH(app.receiver_stream(tcp::line_server::listen({.address = "203.0.113.1"})),
                    Catch::StartsWith("203.0.113.1:0: "));
}

TEST_CASE("pieces of a text and its separators are the text") {
  CHECK(rc::check([] {
    const auto text = *rc::gen::container<std::string>(rc::gen::element('a', 'b', ' '));
    std::vector<std::string> pieces;
    for (const std::string_view piece : split_by(' ')(text)) pieces.emplace_back(piece);
    const auto separators = static_cast<std::size_t>(std::ranges::count(text, ' '));
    RC_ASSERT(pieces.size() == (text.empty() ? 0 : separators + 1));
    std::string joined;
    for (const auto& piece : pieces) {
      RC_ASSERT(piece.find(' ') == std::string::npos);
      joined += piece + ' ';
    }
    RC_ASSERT(joined == (text.empty() ? "" : text + ' '));
  }));
}

}  // namespace weir::testing
