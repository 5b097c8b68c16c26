#include "stream/dstream/block_log.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <sys/resource.h>

#include <boost/crc.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "stream/dstream/crc32c.hpp"
#include "stream/dstream/log_block.hpp"
#include "tests/stream/temporary_folder.hpp"

using namespace weir::stream;
using namespace weir::testing;
namespace fs = std::filesystem;

namespace {

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put_contents(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// The segments of a log, in order.
std::vector<std::string> segments(const std::string& folder) {
  std::vector<std::string> paths = names_in(folder).value();
  for (std::string& path : paths) path.insert(0, folder + "/");
  return paths;
}

/// A block as the model has it.
struct plain_block {
  std::string payload;
  std::size_t group = 0;
};

/// The blocks of a log as a list. Those before `forgotten` need not be there.
struct plain_log {
  std::vector<plain_block> blocks;
  std::size_t groups = 0;
  std::uint64_t forgotten = 0;

  void append(const std::vector<std::string>& payloads) {
    for (const std::string& payload : payloads) blocks.push_back({payload, groups});
    ++groups;
  }

  /// Which block has the byte of a segment, and where it begins there.
  std::pair<std::uint64_t, std::uint64_t> at_byte(std::uint64_t first, std::uint64_t byte) const {
    std::uint64_t begin = 0;
    for (std::uint64_t number = first;; ++number) {
      const std::uint64_t bytes = block_header_bytes + blocks[number].payload.size();
      if (byte < begin + bytes) return {number, begin};
      begin += bytes;
    }
  }

  void check(block_log& log) const {
    RC_ASSERT(log.next() == blocks.size());
    RC_ASSERT(log.first() <= forgotten);
    for (std::uint64_t number = log.first(); number < log.next(); ++number) {
      RC_ASSERT(log.read(number).value() == blocks[number].payload);
    }
  }
};

std::vector<std::string> drawn_payloads() {
  const auto group = *rc::gen::inRange(1, 4);
  std::vector<std::string> payloads;
  for (int i = 0; i < group; ++i) {
    payloads.push_back(*rc::gen::arbitrary<std::string>());
    payloads.back().append(*rc::gen::inRange<std::size_t>(0, 50), 'x');
  }
  return payloads;
}

std::expected<std::uint64_t, io_error> append(block_log& log, const std::vector<std::string>& payloads) {
  const std::vector<std::string_view> views(payloads.begin(), payloads.end());
  return log.append(views);
}

constexpr block_log_options small_segments{.segment_bytes_max = 200, .sync = sync_policy::left_to_system};

/// A log with some groups of blocks, closed, and what is in it.
plain_log drawn_log(const std::string& folder) {
  plain_log model;
  auto log = block_log::open(folder, small_segments).value();
  for (int groups = *rc::gen::inRange(1, 8); groups > 0; --groups) {
    const auto payloads = drawn_payloads();
    RC_ASSERT(append(log, payloads).has_value());
    model.append(payloads);
  }
  return model;
}

/// Writing behind so many bytes of a file is an error.
class file_size_limit {
 public:
  explicit file_size_limit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~file_size_limit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, signal_);
  }
  file_size_limit(const file_size_limit&) = delete;
  file_size_limit& operator=(const file_size_limit&) = delete;

 private:
  rlimit before_{};
  void (*signal_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

std::uint64_t first_of(const std::string& path) {
  return number_in(fs::path(path).filename().string(), "", ".log").value();
}

}  // namespace

TEST_CASE("the checksum is CRC-32C") {
  CHECK(crc32c("") == 0);
  CHECK(crc32c("123456789") == 0xe3069283);
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aa);  // RFC 3720, B.4
  const bool holds = rc::check([](const std::string& bytes) {
    boost::crc_optimal<32, 0x1edc6f41, 0xffffffff, 0xffffffff, true, true> slow;
    slow.process_bytes(bytes.data(), bytes.size());
    RC_ASSERT(crc32c(bytes) == slow.checksum());
  });
  CHECK(holds);
}

TEST_CASE("a log gives the blocks that were added, however it is opened and forgotten between") {
  const bool holds = rc::check([] {
    const temporary_folder folder;
    plain_log model;
    std::optional<block_log> log = block_log::open(folder.path("log"), small_segments).value();
    for (int steps = *rc::gen::inRange(1, 30); steps > 0; --steps) {
      switch (*rc::gen::inRange(0, 6)) {
        case 0:
          log.reset();
          log = block_log::open(folder.path("log"), small_segments).value();
          break;
        case 1:
          model.forgotten = *rc::gen::inRange<std::uint64_t>(model.forgotten, model.blocks.size() + 1);
          RC_ASSERT(log->forget_before(model.forgotten).has_value());
          break;
        default: {
          const auto payloads = drawn_payloads();
          RC_ASSERT(append(*log, payloads).value() == model.blocks.size());
          model.append(payloads);
        }
      }
      model.check(*log);
    }
  });
  CHECK(holds);
}

TEST_CASE("whole segments before a forgotten block are removed, and the numbers go on") {
  const temporary_folder folder;
  const std::string path = folder.path("log");
  {
    auto log = block_log::open(path, small_segments).value();
    for (int i = 0; i < 30; ++i) CHECK(append(log, {std::string(76, 'x')}) == i);  // two a segment
    CHECK(segments(path).size() == 15);
    CHECK(log.forget_before(9).has_value());
    CHECK(log.first() == 8);
    CHECK(segments(path).size() == 11);
    CHECK(log.forget_before(30).has_value());
    CHECK(log.first() == 28);
    CHECK(log.read(27).error().message == path + ": there is no block 27, only 28 up to 30");
    CHECK(log.read(30).error().message == path + ": there is no block 30, only 28 up to 30");
  }
  auto log = block_log::open(path, small_segments).value();
  CHECK(log.first() == 28);
  CHECK(append(log, {"y"}) == 30);
}

TEST_CASE("a file cut at any byte keeps the blocks that are whole, and takes new ones") {
  const bool holds = rc::check([] {
    const temporary_folder folder;
    const std::string path = folder.path("log");
    plain_log model = drawn_log(path);
    const std::string last = segments(path).back();
    const std::string bytes = contents(last);
    const auto kept = *rc::gen::inRange<std::size_t>(0, bytes.size() + 1);
    const std::string tail = *rc::gen::element<std::string>("", std::string(100, '\0'), "\x17 half a block");
    put_contents(last, bytes.substr(0, kept) + (kept < bytes.size() ? tail : ""));
    if (kept < bytes.size()) model.blocks.resize(model.at_byte(first_of(last), kept).first);
    auto log = block_log::open(path, small_segments).value();
    model.check(log);
    RC_ASSERT(append(log, {"more"}).value() == model.blocks.size());
    model.append({"more"});
    model.check(log);
  });
  CHECK(holds);
}

TEST_CASE("a byte changed in the last segment is an error, or cuts the last group off") {
  const bool holds = rc::check([] {
    const temporary_folder folder;
    const std::string path = folder.path("log");
    plain_log model = drawn_log(path);
    const std::string last = segments(path).back();
    std::string bytes = contents(last);
    const auto place = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[place] ^= static_cast<char>(1 << *rc::gen::inRange(0, 8));
    put_contents(last, bytes);
    const auto [number, begin] = model.at_byte(first_of(last), place);
    auto log = block_log::open(path, small_segments);
    if (model.blocks[number].group + 1 < model.groups) {
      RC_ASSERT_FALSE(log.has_value());
      RC_ASSERT(log.error().message ==
                last + ": block " + std::to_string(number) + " at byte " + std::to_string(begin) + " is damaged");
    } else {
      model.blocks.resize(number);
      model.check(log.value());
    }
  });
  CHECK(holds);
}

TEST_CASE("a byte changed in an earlier segment is an error when the segment is read") {
  const bool holds = rc::check([] {
    const temporary_folder folder;
    const std::string path = folder.path("log");
    const plain_log model = drawn_log(path);
    const auto all = segments(path);
    if (all.size() == 1) return;
    const std::string file = all[*rc::gen::inRange<std::size_t>(0, all.size() - 1)];
    std::string bytes = contents(file);
    const auto place = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[place] ^= static_cast<char>(1 << *rc::gen::inRange(0, 8));
    put_contents(file, bytes);
    auto log = block_log::open(path, small_segments).value();
    const auto [number, begin] = model.at_byte(first_of(file), place);
    RC_ASSERT(log.read(number).error().message ==
              file + ": block " + std::to_string(number) + " at byte " + std::to_string(begin) + " is damaged");
    RC_ASSERT(log.read(log.next() - 1).value() == model.blocks.back().payload);
  });
  CHECK(holds);
}

TEST_CASE("what was cut off does not come back behind a block of the same length") {
  const temporary_folder folder;
  const std::string path = folder.path("log");
  auto log = block_log::open(path, {}).value();
  REQUIRE(append(log, {"one", "two"}).has_value());
  std::string bytes = contents(segments(path).back());
  bytes[block_header_bytes] ^= 1;
  put_contents(segments(path).back(), bytes);
  log = block_log::open(path, {}).value();
  CHECK(append(log, {"new"}) == 0);
  log = block_log::open(path, {}).value();
  CHECK(log.next() == 1);
}

TEST_CASE("damage that comes while the log is open is found by reading") {
  const temporary_folder folder;
  const std::string path = folder.path("log");
  auto log = block_log::open(path, {}).value();
  REQUIRE(append(log, {"one", "two"}).has_value());
  const std::string file = segments(path).back();
  std::string bytes = contents(file);
  bytes.back() ^= 1;
  put_contents(file, bytes);
  CHECK(log.read(0) == "one");
  CHECK(log.read(1).error().message == file + ": block 1 at byte 27 is damaged");
}

TEST_CASE("a segment that is missing in the middle is an error") {
  const temporary_folder folder;
  const std::string path = folder.path("log");
  {
    auto log = block_log::open(path, small_segments).value();
    for (int i = 0; i < 6; ++i) REQUIRE(append(log, {std::string(200, 'x')}).has_value());
  }
  fs::remove(segments(path)[2]);
  auto log = block_log::open(path, small_segments).value();
  CHECK(log.read(0).has_value());
  CHECK(log.read(2).error().message == segments(path)[1] + ": block 2 at byte 224 is damaged");
}

TEST_CASE("a log that cannot be made or opened names what failed") {
  const temporary_folder folder;
  const std::string file = folder.write("file", "");
  CHECK(block_log::open(file + "/log", {}).error().message == file + ": File exists");
  fs::create_directories(folder.path("log/00000000000000000000.log"));
  CHECK(block_log::open(folder.path("log"), {}).error().message ==
        folder.path("log/00000000000000000000.log") + ": Is a directory");
}

TEST_CASE("after the disk failed nothing more is written") {
  const temporary_folder folder;
  const std::string path = folder.path("log");
  auto log = block_log::open(path, {}).value();
  REQUIRE(append(log, {"one"}).has_value());
  const std::string why = segments(path).back() + ": File too large";
  {
    const file_size_limit limit(100);
    CHECK(append(log, {std::string(100, 'x')}).error().message == why);
  }
  CHECK(append(log, {"two"}).error().message == why);
  CHECK(log.sync().error().message == why);
  CHECK(log.next() == 1);
  CHECK(log.read(0) == "one");
  log = block_log::open(path, {}).value();
  CHECK(append(log, {"two"}) == 1);
}
