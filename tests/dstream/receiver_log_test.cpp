#include "stream/dstream/receiver_log.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <filesystem>
#include <random>
#include <thread>

#include "tests/dstream/killed_child.hpp"
#include "tests/stream/temporary_folder.hpp"

using namespace weir::stream;
using namespace weir::testing;

namespace {

/// The nth block of a writer: every one another, of some length.
std::string payload_of(std::uint64_t writer, std::uint64_t count) {
  std::string text = std::to_string(writer) + "/" + std::to_string(count) + "/";
  text.resize(text.size() + (writer * 7 + count * 31) % 300, static_cast<char>('a' + count % 26));
  return text;
}

struct receipt {
  std::uint64_t writer = 0;
  std::uint64_t count = 0;
  std::uint64_t number = 0;
};

/// Appends, and writes a receipt for what was acknowledged, until it is killed.
void append_on_and_on(const std::string& folder, const block_log_options& options, std::uint64_t writers, int out) {
  auto log = receiver_log::open(folder, options);
  if (!log) return;
  std::vector<std::jthread> threads;
  for (std::uint64_t writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&log, writer, out] {
      for (std::uint64_t count = 0;; ++count) {
        const auto number = log->append(payload_of(writer, count));
        if (!number) return;
        const receipt given{.writer = writer, .count = count, .number = *number};
        if (::write(out, &given, sizeof given) != sizeof given) return;
      }
    });
  }
}

std::vector<receipt> receipts_in(const std::string& bytes) {
  std::vector<receipt> all(bytes.size() / sizeof(receipt));
  if (!all.empty()) std::memcpy(all.data(), bytes.data(), all.size() * sizeof(receipt));
  return all;
}

}  // namespace

TEST_CASE("a receiver log gives blocks by their numbers, also after it was opened again") {
  const temporary_folder folder;
  {
    auto log = receiver_log::open(folder.path("log")).value();
    CHECK(log.next() == 0);
    CHECK(log.append("one") == 0);
    CHECK(log.append("") == 1);
    CHECK(log.read(0) == "one");
  }
  auto log = receiver_log::open(folder.path("log")).value();
  CHECK(log.first() == 0);
  CHECK(log.next() == 2);
  CHECK(log.read(1) == "");
  CHECK(log.append("three") == 2);
  CHECK(log.read(3).error().message == folder.path("log") + ": there is no block 3, only 0 up to 3");
}

TEST_CASE("a receiver log has one owner at a time") {
  const temporary_folder folder;
  auto log = std::make_optional(receiver_log::open(folder.path("log")).value());
  CHECK(receiver_log::open(folder.path("log")).error().message == folder.path("log") + ": in use by another process");
  log.reset();
  CHECK(receiver_log::open(folder.path("log")).has_value());
}

TEST_CASE("what several threads append has numbers without gaps, each with its own block") {
  const temporary_folder folder;
  constexpr std::uint64_t writers = 6;
  constexpr std::uint64_t blocks = 50;
  auto log = receiver_log::open(folder.path("log"), {.segment_bytes_max = 10'000}).value();
  std::vector<std::vector<std::uint64_t>> numbers(writers);
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t writer = 0; writer < writers; ++writer) {
      threads.emplace_back([&, writer] {
        for (std::uint64_t count = 0; count < blocks; ++count) {
          numbers[writer].push_back(log.append(payload_of(writer, count)).value());
        }
      });
    }
  }
  CHECK(log.next() == writers * blocks);
  std::vector<bool> seen(writers * blocks);
  for (std::uint64_t writer = 0; writer < writers; ++writer) {
    CHECK(std::ranges::is_sorted(numbers[writer]));
    for (std::uint64_t count = 0; count < blocks; ++count) {
      const std::uint64_t number = numbers[writer][count];
      CHECK_FALSE(seen.at(number));
      seen[number] = true;
      CHECK(log.read(number) == payload_of(writer, count));
    }
  }
}

TEST_CASE("forgotten blocks take no room while others are read and appended") {
  const temporary_folder folder;
  auto log =
      receiver_log::open(folder.path("log"), {.segment_bytes_max = 1000, .sync = sync_policy::left_to_system}).value();
  std::jthread writer([&log] {
    for (std::uint64_t count = 0; count < 500; ++count) static_cast<void>(log.append(payload_of(0, count)));
  });
  for (std::uint64_t number = 0; number < 500;) {
    if (number >= log.next()) {
      std::this_thread::yield();
      continue;
    }
    REQUIRE(log.read(number) == payload_of(0, number));
    ++number;
    REQUIRE(log.forget_before(number).has_value());
  }
  writer.join();
  std::uintmax_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder.path("log"))) bytes += file.file_size();
  CHECK(bytes < 3000);
}

TEST_CASE("what was acknowledged is there after the process was killed") {
  std::mt19937 random(7);
  for (const std::uint64_t writers : {1, 4}) {
    const temporary_folder folder;
    std::vector<receipt> all;
    for (int round = 0; round < 25; ++round) {
      const bool slow = round % 5 == 0;
      const block_log_options options{.segment_bytes_max = 5000,
                                      .sync = slow ? sync_policy::each_append : sync_policy::left_to_system};
      const std::size_t receipts = 1 + random() % (slow ? 20 : 200);
      const auto written = killed_after(sizeof(receipt) * receipts,
                                        [&](int out) { append_on_and_on(folder.path("log"), options, writers, out); });
      REQUIRE(written.size() >= sizeof(receipt));
      for (const receipt& one : receipts_in(written)) all.push_back(one);
      auto log = receiver_log::open(folder.path("log"), options).value();
      for (const receipt& one : all) REQUIRE(log.read(one.number) == payload_of(one.writer, one.count));
    }
  }
}
