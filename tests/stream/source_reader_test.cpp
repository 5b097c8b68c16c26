#include "stream/source_reader.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <memory>

#include "intake_run.hpp"
#include "stream/file/file_source.hpp"
#include "temporary_folder.hpp"

using namespace weir::stream;
using namespace weir::testing;
using namespace std::chrono_literals;

namespace {

/// A source that gives its parts one by one; an empty part is "nothing yet". Then it ends, fails, or goes on for ever.
struct scripted_source {
  std::vector<std::string> parts;
  std::optional<std::string> error;
  bool endless = false;
  std::shared_ptr<std::atomic<int>> reads = std::make_shared<std::atomic<int>>(0);
  std::size_t next = 0;

  std::expected<read_result, io_error> read(std::span<char> into) {
    ++*reads;
    if (next < parts.size()) {
      const std::string& part = parts[next++];
      return read_result{.bytes = part.copy(into.data(), into.size())};
    }
    if (endless) return read_result{};
    if (error) return std::unexpected(io_error{*error});
    return read_result{.bytes = 0, .ended = true};
  }
};

static_assert(byte_source<scripted_source>);

/// "source: bytes", "source: error …", "source: end", as they come, until every source has ended.
std::vector<std::string> arrivals(arrival_queue& queue, std::size_t sources) {
  std::vector<std::string> lines;
  for (std::size_t ended = 0; ended < sources;) {
    const auto next = queue.take(5s);
    if (!next) return {"nothing came"};
    const std::string source = std::to_string(static_cast<unsigned>(next->source)) + ": ";
    if (next->bytes) lines.push_back(source + std::string{next->bytes->bytes()});
    for (const auto& record : next->aside) lines.push_back(source + "aside " + record.reason);
    if (next->error) lines.push_back(source + "error " + next->error->message);
    if (next->ended) {
      lines.push_back(source + "end");
      ++ended;
    }
  }
  return lines;
}

using lines = std::vector<std::string>;

constexpr source_id first{0};
constexpr source_id second{1};

}  // namespace

TEST_CASE("a reader hands over blocks of whole records, then the end") {
  arrival_queue queue(1, 1 << 20);
  const source_reader reader(scripted_source{.parts = {"a\nb", "", "c\n", "d"}, .error = {}}, first, queue);
  CHECK(arrivals(queue, 1) == lines{"0: a\n", "0: bc\n", "0: d", "0: end"});
}

TEST_CASE("a reader hands over an error after what came before it") {
  arrival_queue queue(1, 1 << 20);
  const source_reader reader(scripted_source{.parts = {"a\nb"}, .error = "it broke"}, first, queue);
  CHECK(arrivals(queue, 1) == lines{"0: a\n", "0: error it broke", "0: end"});
}

TEST_CASE("a reader passes on what could not be framed") {
  arrival_queue queue(1, 64 << 20);
  const std::string part(4 << 20, 'x');
  const source_reader reader(scripted_source{.parts = {part, part, part, part, part, "\nb\n"}, .error = {}}, first,
                             queue, {.read_bytes = 8 << 20});
  CHECK(arrivals(queue, 1) == lines{"0: aside record is longer than 16 MiB", "0: b\n", "0: end"});
}

TEST_CASE("readers share a queue, and none can fill another's share") {
  arrival_queue queue(2, 4);
  const source_reader fast(scripted_source{.parts = {"1\n2\n", "3\n", "4\n"}, .error = {}}, first, queue);
  const source_reader slow(scripted_source{.parts = {"", "", "a\n"}, .error = {}}, second, queue);
  lines all = arrivals(queue, 2);
  std::ranges::stable_sort(all, {}, [](const std::string& line) { return line.front(); });
  CHECK(all == lines{"0: 1\n2\n", "0: 3\n", "0: 4\n", "0: end", "1: a\n", "1: end"});
}

TEST_CASE("a reader stops when asked, waiting for bytes or for room") {
  arrival_queue queue(2, 4);
  scripted_source quiet{.parts = {}, .error = {}, .endless = true};
  const auto reads = quiet.reads;
  {
    source_reader waits_for_bytes(quiet, first, queue, {.nap = 1h});
    const source_reader waits_for_room(scripted_source{.parts = {"1\n2\n", "3\n4\n"}, .error = {}}, second, queue);
    while (*reads == 0 || queue.used(second) == 0) std::this_thread::sleep_for(1ms);
    waits_for_bytes.request_stop();
  }  // both are joined here
  CHECK(*reads == 1);
  CHECK(queue.take(0us)->bytes->bytes() == "1\n2\n");
  CHECK_FALSE(queue.take(0us).has_value());
}

TEST_CASE("files, readers and intake together give all rows in order") {
  const temporary_folder folder;
  std::vector<std::string> paths;
  for (int s = 0; s < 2; ++s) {
    std::string text;
    for (int i = s; i < 20'000; i += 2) text += "{\"at\":" + std::to_string(i) + ",\"user\":\"u\",\"ok\":true}\n";
    paths.push_back(folder.write("source" + std::to_string(s), text));
  }
  arrival_queue queue(2, 16 << 10);
  std::vector<std::unique_ptr<source_reader>> readers;
  for (unsigned s = 0; s < 2; ++s) {
    readers.push_back(std::make_unique<source_reader>(*file_source::open({.path = paths[s]}), static_cast<source_id>(s),
                                                      queue, reader_options{.read_bytes = 4 << 10}));
  }
  const schema types = sample_schema();
  symbols names(types);
  intake in(types, names, {source_of("login"), source_of("login")});
  std::vector<set_aside_record> aside;
  std::vector<timestamp> times;
  for (int ended = 0; ended < 2;) {
    auto next = queue.take(5s);
    REQUIRE(next.has_value());
    if (next->bytes) in.feed(next->source, std::move(*next->bytes));
    if (next->ended) {
      in.end(next->source);
      ++ended;
    }
    while (const auto rows = in.next(1000, aside)) {
      for (const row_ref row : rows->order()) times.push_back(rows->at(row));
    }
    for (const source_id s : {first, second}) {
      queue.hold(s, in.bytes_waiting(s));
      CHECK(in.bytes_waiting(s) <= 24 << 10);
    }
  }
  CHECK(aside.empty());
  REQUIRE(times.size() == 20'000);
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (times[i] != timestamp{std::chrono::milliseconds{i}}) FAIL("row " << i << " is out of order");
  }
}
