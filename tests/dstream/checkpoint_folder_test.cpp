#include "stream/dstream/checkpoint_folder.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "stream/dstream/open_file.hpp"
#include "tests/dstream/killed_child.hpp"
#include "tests/stream/temporary_folder.hpp"

using namespace weir::stream;
using namespace weir::testing;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put_contents(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::string last_segment(const std::string& folder) {
  return folder + "/batches/" + names_in(folder + "/batches").value().back();
}

/// A batch, and the state behind it: every one another.
batch_record record_of(std::uint64_t number) {
  return {.number = number,
          .time = timestamp{number * 1s},
          .last = number % 10 == 9,
          .ranges = {std::to_string(number), std::string(number % 7, 'r')}};
}

snapshot snapshot_of(std::uint64_t number) {
  return {.number = number, .fingerprint = 42, .state = std::string(number % 50 + 1, static_cast<char>(number))};
}

constexpr checkpoint_options small_segments{.sync = sync_policy::left_to_system, .segment_bytes_max = 300};

/// What the log was told, and how long its file then was.
struct told {
  std::uint64_t number = 0;
  bool commit = false;
  std::string segment;
  std::uintmax_t end = 0;
};

/// The folder as lists: all that the log was told, and the snapshots that can be read.
struct plain_folder {
  std::string path;
  std::vector<told> log{};
  std::vector<std::uint64_t> snapshots{};
  std::size_t safe = 0;     // so much of the log is on disk
  std::size_t damaged = 0;  // snapshots newer than those
  bool begin_gone = false;  // of the log: there must be a snapshot

  void tell(std::uint64_t number, bool commit) {
    const std::string segment = last_segment(path);
    log.push_back({.number = number, .commit = commit, .segment = segment, .end = fs::file_size(segment)});
  }

  std::map<std::uint64_t, bool> batches() const {  // and whether they are committed
    std::map<std::uint64_t, bool> all;
    for (const told& one : log) all[one.number] |= one.commit;
    return all;
  }

  std::uint64_t next() const { return log.empty() ? 0 : batches().rbegin()->first + 1; }

  std::optional<std::uint64_t> first_uncommitted() const {
    for (const auto& [number, committed] : batches()) {
      if (!committed) return number;
    }
    return {};
  }

  recovery expected() const {
    recovery out;
    if (!snapshots.empty()) out.from = snapshot_of(snapshots.back());
    for (const auto& [number, committed] : batches()) {
      if (out.from && number <= out.from->number) continue;
      out.batches.push_back({.record = record_of(number), .committed = committed});
    }
    return out;
  }

  /// Cuts the file of the log as a crash does: behind what is safe.
  void tear() {
    const std::string segment = last_segment(path);
    std::uintmax_t least = 0;
    for (std::size_t i = 0; i < safe; ++i) least = log[i].segment == segment ? log[i].end : 0;
    const auto kept = *rc::gen::inRange<std::uintmax_t>(least, fs::file_size(segment) + 1);
    fs::resize_file(segment, kept);
    std::erase_if(log, [&](const told& one) { return one.segment == segment && one.end > kept; });
  }

  /// Damages the newest snapshots, but not all that are needed.
  void damage_snapshots() {
    const auto count = *rc::gen::inRange<std::size_t>(0, snapshots.size() + (begin_gone ? 0 : 1));
    for (std::size_t i = 0; i < count; ++i) {
      const std::string file = path + "/" + snapshot_name(snapshots.back());
      std::string bytes = contents(file);
      const auto place = *rc::gen::inRange<std::size_t>(0, bytes.size());
      const bool cut = *rc::gen::arbitrary<bool>();
      bytes[place] ^= static_cast<char>(1 << *rc::gen::inRange(0, 8));
      put_contents(file, cut ? bytes.substr(0, place) : bytes);
      snapshots.pop_back();
    }
    damaged += count;
  }
};

/// One thing that a stream does with its folder.
void step(checkpoint_folder& folder, plain_folder& model) {
  const auto uncommitted = model.first_uncommitted();
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      RC_ASSERT(folder.append(record_of(model.next())).has_value());
      model.tell(model.next(), false);
      break;
    case 1:
      if (!uncommitted) break;
      RC_ASSERT(folder.commit(*uncommitted).has_value());
      model.tell(*uncommitted, true);
      break;
    case 2:
      const std::uint64_t behind = uncommitted.value_or(model.next());
      if (behind == 0 || (!model.snapshots.empty() && behind - 1 <= model.snapshots.back())) break;
      RC_ASSERT(folder.write_snapshot(snapshot_of(behind - 1)).has_value());
      model.safe = model.log.size();
      model.snapshots.push_back(behind - 1);
      if (model.snapshots.size() > checkpoint_folder::snapshots_kept) model.snapshots.erase(model.snapshots.begin());
      model.begin_gone |= model.snapshots.size() == checkpoint_folder::snapshots_kept;
      model.damaged = 0;  // they are removed
  }
}

void check(const recovery& found, const plain_folder& model) {
  const recovery expected = model.expected();
  RC_ASSERT(found.from == expected.from);
  RC_ASSERT(found.batches == expected.batches);
  RC_ASSERT(found.passed_over.size() == model.damaged);
}

}  // namespace

TEST_CASE("a folder gives back what its list twin has, after any crash") {
  const bool holds = rc::check([] {
    const temporary_folder outside;
    plain_folder model{.path = outside.path("ckpt")};
    for (int runs = *rc::gen::inRange(1, 6); runs > 0; --runs) {
      if (!model.snapshots.empty()) model.damage_snapshots();
      auto folder = checkpoint_folder::open(model.path, small_segments).value();
      check(folder.recovered(), model);
      for (int steps = *rc::gen::inRange(0, 25); steps > 0; --steps) step(folder, model);
      model.tear();
    }
    check(checkpoint_folder::open(model.path, small_segments).value().recovered(), model);
  });
  CHECK(holds);
}

TEST_CASE("a new folder has nothing to recover") {
  const temporary_folder outside;
  auto folder = checkpoint_folder::open(outside.path("a/b")).value();
  const recovery found = folder.recovered();
  CHECK_FALSE(found.from.has_value());
  CHECK(found.batches.empty());
  CHECK(found.passed_over.empty());
}

TEST_CASE("what was recovered is given once") {
  const temporary_folder outside;
  CHECK(checkpoint_folder::open(outside.path("c")).value().append(record_of(3)).has_value());
  auto folder = checkpoint_folder::open(outside.path("c")).value();
  CHECK(folder.recovered().batches == std::vector<recorded_batch>{{.record = record_of(3)}});
  CHECK(folder.recovered().batches.empty());
}

TEST_CASE("a checkpoint folder has one owner at a time") {
  const temporary_folder outside;
  auto folder = std::make_optional(checkpoint_folder::open(outside.path("c")).value());
  const std::string why = outside.path("c") + ": in use by another process";
  CHECK(checkpoint_folder::open(outside.path("c")).error().message == why);
  const auto other = killed_after(why.size(), [&](int out) {
    const auto opened = checkpoint_folder::open(outside.path("c"));
    const std::string said = opened ? "opened" : opened.error().message;
    static_cast<void>(::write(out, said.data(), said.size()));
  });
  CHECK(other == why);
  folder.reset();
  CHECK(checkpoint_folder::open(outside.path("c")).has_value());
}

TEST_CASE("three snapshots are kept, and the log behind the oldest of them") {
  const temporary_folder outside;
  const std::string path = outside.path("c");
  auto folder = checkpoint_folder::open(path, small_segments).value();
  for (std::uint64_t number = 0; number < 200; ++number) {
    REQUIRE(folder.append(record_of(number)).has_value());
    REQUIRE(folder.commit(number).has_value());
    if (number % 20 == 19) REQUIRE(folder.write_snapshot(snapshot_of(number)).has_value());
  }
  CHECK(names_in(path).value() ==
        std::vector<std::string>{"batches", "lock", snapshot_name(159), snapshot_name(179), snapshot_name(199)});
  std::uintmax_t bytes = 0;
  for (const auto& segment : fs::directory_iterator(path + "/batches")) bytes += segment.file_size();
  CHECK(bytes < 40 * 100 + 600);  // of 40 batches, in whole segments
}

TEST_CASE("a snapshot that is damaged is named, passed over and replaced") {
  const temporary_folder outside;
  const std::string path = outside.path("c");
  {
    auto folder = checkpoint_folder::open(path).value();
    for (std::uint64_t number = 0; number < 4; ++number) {
      REQUIRE(folder.append(record_of(number)).has_value());
      REQUIRE(folder.commit(number).has_value());
      if (number % 2 == 1) REQUIRE(folder.write_snapshot(snapshot_of(number)).has_value());
    }
  }
  const std::string newest = path + "/" + snapshot_name(3);
  put_contents(newest, "");
  auto folder = checkpoint_folder::open(path).value();
  const recovery found = folder.recovered();
  CHECK(found.passed_over == std::vector<std::string>{newest + ": is damaged"});
  CHECK(found.from == snapshot_of(1));
  CHECK(found.batches == std::vector<recorded_batch>{{record_of(2), true}, {record_of(3), true}});
  REQUIRE(folder.write_snapshot(snapshot_of(2)).has_value());
  CHECK_FALSE(fs::exists(newest));
  REQUIRE(folder.write_snapshot(snapshot_of(3)).has_value());
  CHECK(read_snapshot_file(path, 3) == snapshot_of(3));
}

TEST_CASE("a snapshot under another's name is damaged") {
  const temporary_folder outside;
  REQUIRE(write_snapshot_file(outside.path(""), snapshot_of(3)).has_value());
  fs::rename(outside.path(snapshot_name(3)), outside.path(snapshot_name(4)));
  CHECK_FALSE(read_snapshot_file(outside.path(""), 4).has_value());
}

TEST_CASE("batches that would be needed and are gone are an error") {
  const temporary_folder outside;
  const std::string path = outside.path("c");
  {
    auto folder = checkpoint_folder::open(path, small_segments).value();
    for (std::uint64_t number = 0; number < 60; ++number) {
      REQUIRE(folder.append(record_of(number)).has_value());
      REQUIRE(folder.commit(number).has_value());
      if (number % 20 == 19) REQUIRE(folder.write_snapshot(snapshot_of(number)).has_value());
    }
  }
  SECTION("with all snapshots") {
    for (const std::uint64_t number : {19, 39, 59}) put_contents(path + "/" + snapshot_name(number), "x");
    CHECK(checkpoint_folder::open(path).error().message ==
          path + ": the first batches are gone from the log, and " + path + "/" + snapshot_name(59) + ": is damaged");
  }
  SECTION("with no snapshot left") {
    for (const std::uint64_t number : {19, 39, 59}) fs::remove(path + "/" + snapshot_name(number));
    CHECK(checkpoint_folder::open(path).error().message ==
          path + ": the first batches are gone from the log, and there is no snapshot");
  }
  SECTION("behind the snapshot") {
    for (const auto& segment : fs::directory_iterator(path + "/batches")) {
      if (segment.path() != last_segment(path)) fs::remove(segment);
    }
    CHECK(checkpoint_folder::open(path).has_value());
    put_contents(path + "/" + snapshot_name(59), "x");
    CHECK(checkpoint_folder::open(path).error().message == path + "/batches: batch 40 is missing");
  }
}

TEST_CASE("a log that holds something else, or is damaged, is an error with its place") {
  const temporary_folder outside;
  const std::string path = outside.path("c");
  {
    auto folder = checkpoint_folder::open(path).value();
    REQUIRE(folder.append(record_of(0)).has_value());
    REQUIRE(folder.append(record_of(1)).has_value());
  }
  const std::string segment = last_segment(path);
  SECTION("damage") {
    std::string bytes = contents(segment);
    bytes[30] ^= 1;
    put_contents(segment, bytes);
    CHECK(checkpoint_folder::open(path).error().message == segment + ": block 0 at byte 0 is damaged");
  }
  SECTION("bytes that are no record") {
    const std::string_view block = "nonsense";
    REQUIRE(block_log::open(path + "/batches", {}).value().append({&block, 1}).has_value());
    CHECK(checkpoint_folder::open(path).error().message == path + "/batches: block 2 is not about a batch that can be");
  }
}

TEST_CASE("snapshots are written while batches are") {
  const temporary_folder outside;
  auto folder = checkpoint_folder::open(outside.path("c"), small_segments).value();
  for (std::uint64_t number = 0; number < 10; ++number) {
    REQUIRE(folder.append(record_of(number)).has_value());
    REQUIRE(folder.commit(number).has_value());
  }
  bool written = true;
  {
    std::jthread beside([&] {
      for (std::uint64_t number = 0; number < 10; ++number) {
        written = written && folder.write_snapshot(snapshot_of(number)).has_value();
      }
    });
    for (std::uint64_t number = 10; number < 300; ++number) {
      REQUIRE(folder.append(record_of(number)).has_value());
      REQUIRE(folder.commit(number).has_value());
    }
  }
  CHECK(written);
  {
    const auto closed = std::move(folder);
  }
  const recovery found = checkpoint_folder::open(outside.path("c")).value().recovered();
  CHECK(found.from == snapshot_of(9));
  CHECK(found.batches.size() == 290);
}

namespace {

/// What the folder said was done.
struct receipt {
  char what = ' ';  // 'r'ecord, 'c'ommit or 's'napshot
  std::uint64_t number = 0;
};

bool tell(int out, char what, std::uint64_t number) {
  receipt given{};
  given.what = what;
  given.number = number;
  return ::write(out, &given, sizeof given) == sizeof given;
}

/// Goes on from the folder with batch after batch until it is killed, snapshots in a thread beside it.
void run_on_and_on(const std::string& path, const checkpoint_options& options, int out) {
  auto folder = checkpoint_folder::open(path, options);
  if (!folder) return;
  const recovery found = folder->recovered();
  std::uint64_t next = found.from ? found.from->number + 1 : 0;
  for (const recorded_batch& batch : found.batches) {
    if (!batch.committed && !(folder->commit(batch.record.number) && tell(out, 'c', batch.record.number))) return;
    next = batch.record.number + 1;
  }
  for (std::jthread beside;; ++next) {
    if (!folder->append(record_of(next)) || !tell(out, 'r', next)) return;
    if (!folder->commit(next) || !tell(out, 'c', next)) return;
    if (next % 8 != 0) continue;
    if (beside.joinable()) beside.join();
    beside = std::jthread([&folder, out, next] {
      if (folder->write_snapshot(snapshot_of(next))) tell(out, 's', next);
    });
  }
}

}  // namespace

TEST_CASE("what a folder acknowledged is there after the process was killed") {
  std::mt19937 random(11);
  const temporary_folder outside;
  const std::string path = outside.path("c");
  std::set<std::uint64_t> records;
  std::set<std::uint64_t> commits;
  std::uint64_t newest = 0;
  for (int round = 0; round < 40; ++round) {
    checkpoint_options options = small_segments;
    if (round % 8 == 0) options.sync = sync_policy::each_append;
    const auto written =
        killed_after(sizeof(receipt) * (1 + random() % 60), [&](int out) { run_on_and_on(path, options, out); });
    REQUIRE(written.size() >= sizeof(receipt));
    for (std::size_t at = 0; at + sizeof(receipt) <= written.size(); at += sizeof(receipt)) {
      receipt given;
      std::memcpy(&given, written.data() + at, sizeof given);
      if (given.what == 'r') records.insert(given.number);
      if (given.what == 'c') commits.insert(given.number);
      if (given.what == 's') newest = given.number;
    }
    const recovery found = checkpoint_folder::open(path, options).value().recovered();
    CHECK(found.passed_over.empty());
    const std::uint64_t behind = found.from ? found.from->number + 1 : 0;
    CHECK(behind >= newest);
    if (found.from) CHECK(found.from == snapshot_of(found.from->number));
    for (std::size_t i = 0; i < found.batches.size(); ++i) {
      CHECK(found.batches[i].record == record_of(behind + i));
      if (commits.contains(behind + i)) CHECK(found.batches[i].committed);
    }
    CHECK(behind + found.batches.size() > *records.rbegin());
  }
}
