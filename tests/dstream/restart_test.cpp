// Programs that end in the middle of their work, by a stop or by a kill, and go on from their checkpoint: what comes
// out is what comes out of a run that was never interrupted.
#include <catch2/catch.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stream/dstream/streaming_context.hpp"
#include "tests/dstream/drawn_source.hpp"
#include "tests/dstream/function_receiver.hpp"
#include "tests/dstream/killed_child.hpp"
#include "tests/stream/temporary_folder.hpp"
#include "tests/support/dstream_run.hpp"

namespace weir::testing {

namespace {

using namespace std::chrono_literals;
using stream::duration;
using stream::streaming_context;
using stream::timestamp;

/// The files of a folder.
std::map<std::string, std::string> files_in(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    files[entry.path().filename()] = {std::istreambuf_iterator<char>(file), {}};
  }
  return files;
}

/// One run of a program, from its beginning or from where the one before it got to.
struct life {
  std::uint64_t seed = 1;
  std::size_t pieces = 20;
  std::size_t threads = 1;
  std::size_t partitions = 8;
  duration snapshot_interval{};
};

/// An alert when a key's sum passes 2000; the sum is told when the key has been idle, and now and then by a timer.
std::optional<std::pair<std::string, int>> watch_sum(const std::string& key,
                                                     std::optional<std::pair<std::int64_t, int>> value,
                                                     stream::state_cell<int>& sum) {
  if (!value) {
    if (!sum.is_timing_out() && sum.get() % 2 == 0) sum.wake_at(sum.now() + duration{37});
    return std::pair(key, -sum.get());
  }
  sum.update(sum.get_option().value_or(0) + value->second);
  if (value->second % 5 == 0) sum.wake_at(sum.now() + duration{60});
  if (sum.get() <= 2'000) return std::nullopt;
  const auto all = sum.get();
  sum.remove();
  return std::pair(key, all);
}

/// Has every operator with a state; each writes a file a batch.
void build(streaming_context& app, const life& now, const std::string& folder) {
  const auto save = [&](auto rows, const std::string& name) { rows.save_as_text_files(folder + "/" + name); };
  const auto rows = app.source_stream(drawn_source(now.seed, now.pieces), "drawn");
  const auto values = rows.map([](const drawn_source::row& one) { return std::pair(one.first, one.second.second); });
  save(values.window(3s, 2s), "window");
  save(values.reduce_by_key_and_window(std::plus<>{}, std::minus<>{}, 4s), "inverse");
  save(values.reduce_by_key_and_window(std::plus<>{}, 3s), "anew");
  save(values.template update_state_by_key<int>(
           [](auto of_batch, std::optional<int> sum) {
             for (const int one : of_batch) sum = sum.value_or(0) + one;
             return *sum % 7 == 0 ? std::nullopt : sum;
           },
           {{"k1", 5}, {"z", 3}}),
       "update");
  const auto time_of = [](const drawn_source::row& one) { return timestamp{duration{one.second.first}}; };
  const auto sums = rows.map_with_state<int>(watch_sum, {.initial = {{"k2", 7}, {"y", 4}}, .timeout = 130us},
                                             stream::by_event_time{time_of, 80us});
  save(sums, "sums");
  save(sums.state_snapshots(), "states");
  save(values.map_with_state<int>(
           [](const std::string& key, const int* value, stream::state_cell<int>& count) {
             if (!count.is_timing_out()) count.update(count.get_option().value_or(0) + 1);
             return std::pair(key, value != nullptr ? *value : -count.get());
           },
           {.timeout = 2s}),
       "idle");
}

stream::streaming_options options_of(const life& now, const std::string& checkpoint) {
  return {.batch_interval = 1s,
          .pace = stream::batch_pace::when_ready,
          .threads = now.threads,
          .partitions = now.partitions,
          .checkpoint = checkpoint,
          .snapshot_interval = now.snapshot_interval,
          .sync = stream::sync_policy::left_to_system};
}

/// Runs to the end, or until a batch is done.
void live(const life& now, const std::string& folder, const std::string& checkpoint,
          std::optional<std::uint64_t> last_batch = std::nullopt) {
  streaming_context app(options_of(now, checkpoint));
  build(app, now, folder);
  app.add_listener([&](const stream::batch_progress& progress) {
    if (progress.number == last_batch) app.stop(streaming_context::stop_mode::at_once);
  });
  run_to_end(app);
}

/// The same program, in other threads and with other snapshots.
life draw_life(std::mt19937_64& chance, life of) {
  constexpr duration intervals[] = {0s, 10ms, 1h};
  of.threads = 1 + chance() % 3;
  of.snapshot_interval = intervals[chance() % 3];
  return of;
}

/// What an uninterrupted run writes.
std::map<std::string, std::string> expected_files(const life& of) {
  const temporary_folder folder;
  std::filesystem::create_directory(folder.path("out"));
  live(of, folder.path("out"), "");
  return files_in(folder.path("out"));
}

/// Which files differ, as a text for a person.
std::string difference(const std::map<std::string, std::string>& given,
                       const std::map<std::string, std::string>& wanted) {
  std::string text;
  for (const auto& [name, bytes] : wanted) {
    const auto found = given.find(name);
    if (found == given.end()) text += name + " is missing\n";
    if (found != given.end() && found->second != bytes)
      text += name + ": \"" + found->second + "\", not \"" + bytes + "\"\n";
  }
  for (const auto& [name, bytes] : given) {
    if (!wanted.contains(name)) text += name + " is too much: \"" + bytes + "\"\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a program stopped at any batch goes on with what it had, in any number of threads") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const life of{.seed = seed};
    std::mt19937_64 chance(seed);
    const temporary_folder folder;
    std::filesystem::create_directory(folder.path("out"));
    for (std::uint64_t batch = chance() % 7; batch < of.pieces; batch += 1 + chance() % 7)
      live(draw_life(chance, of), folder.path("out"), folder.path("checkpoint"), batch);
    live(draw_life(chance, of), folder.path("out"), folder.path("checkpoint"));
    INFO("seed " << seed);
    CHECK(difference(files_in(folder.path("out")), expected_files(of)) == "");
  }
}

TEST_CASE("a program that has ended adds nothing when it is started again") {
  const temporary_folder folder;
  std::filesystem::create_directory(folder.path("out"));
  for (int i = 0; i < 3; ++i) live({.threads = 2}, folder.path("out"), folder.path("checkpoint"));
  CHECK(difference(files_in(folder.path("out")), expected_files({})) == "");
}

namespace {

/// Lives until it is killed, and tells each batch; an error, where there is one.
void live_on(const life& now, const std::string& folder, const std::string& checkpoint, int pipe) {
  streaming_context app(options_of(now, checkpoint));
  build(app, now, folder);
  const auto tell = [pipe](std::string_view what) { static_cast<void>(!::write(pipe, what.data(), what.size())); };
  app.add_listener([&](const auto&) { tell("."); });
  app.start();
  if (const auto ended = app.await_termination(); !ended) return tell(ended.error().message);
  for (;;) tell(".");
}

}  // namespace

TEST_CASE("a program killed at any moment goes on with what it had, and writes each file once") {
  for (std::uint64_t seed = 101; seed <= 103; ++seed) {
    const life of{.seed = seed, .pieces = 40};
    std::mt19937_64 chance(seed);
    const temporary_folder folder;
    std::filesystem::create_directory(folder.path("out"));
    for (int i = 0; i < 15; ++i) {
      const auto now = draw_life(chance, of);
      const std::string told = killed_after(
          1 + chance() % 6, [&](int pipe) { live_on(now, folder.path("out"), folder.path("checkpoint"), pipe); });
      CHECK(told == std::string(told.size(), '.'));
    }
    live(draw_life(chance, of), folder.path("out"), folder.path("checkpoint"));
    INFO("seed " << seed);
    auto given = files_in(folder.path("out"));
    std::erase_if(given, [](const auto& file) { return file.first.ends_with(".tmp"); });  // what a kill cut off
    CHECK(difference(given, expected_files(of)) == "");
  }
}

namespace {

/// Puts numbers from `first` on, one after the other, and tells each that was taken.
function_receiver<std::int64_t> counting_receiver(std::int64_t first, std::function<void(std::int64_t)> taken) {
  return {
      [=](stream::receiver_store<std::int64_t>& into, const std::stop_token&) -> std::expected<void, stream::io_error> {
        for (std::int64_t at = first; into.put({.rows = {at}, .bytes = 8}); ++at) taken(at);
        return {};
      }};
}

/// The lines of all files, in the order of their batches.
std::vector<std::int64_t> numbers_in(const std::string& folder) {
  std::map<std::int64_t, std::string> by_batch;
  for (const auto& [name, bytes] : files_in(folder)) {
    if (name.starts_with("rows-") && !name.ends_with(".tmp")) by_batch[std::stoll(name.substr(5))] = bytes;
  }
  std::vector<std::int64_t> all;
  for (const auto& [time, bytes] : by_batch) {
    std::istringstream lines(bytes);
    for (std::int64_t one = 0; lines >> one;) all.push_back(one);
  }
  return all;
}

}  // namespace

TEST_CASE("what a receiver's put has taken survives any kill, and comes out once, in order") {
  constexpr std::int64_t a_life = 1'000'000;
  const temporary_folder folder;
  std::filesystem::create_directory(folder.path("out"));
  const auto options = [&] {
    return stream::streaming_options{.batch_interval = 1ms,
                                     .pace = stream::batch_pace::when_ready,
                                     .checkpoint = folder.path("checkpoint"),
                                     .snapshot_interval = 5ms,
                                     .sync = stream::sync_policy::left_to_system};
  };
  const auto enough = std::chrono::steady_clock::now() + 20s;  // on a slow disk
  std::mt19937_64 chance(7);
  std::vector<std::int64_t> taken;
  std::int64_t lives = 0;
  for (; lives < 100 && std::chrono::steady_clock::now() < enough; ++lives) {
    const std::string told = killed_after(8 * (1 + chance() % 150), [&](int pipe) {
      streaming_context app(options());
      const auto tell = [pipe](std::int64_t one) { static_cast<void>(!::write(pipe, &one, sizeof one)); };
      app.receiver_stream(counting_receiver(lives * a_life, tell)).save_as_text_files(folder.path("out/rows"));
      app.start();
      static_cast<void>(app.await_termination());
    });
    taken.resize(taken.size() + told.size() / 8);
    std::memcpy(taken.data() + taken.size() - told.size() / 8, told.data(), told.size() / 8 * 8);
  }
  {
    streaming_context app(options());
    function_receiver<std::int64_t> none{
        [](auto&, const auto&) -> std::expected<void, stream::io_error> { return {}; }};
    app.receiver_stream(none).save_as_text_files(folder.path("out/rows"));
    run_to_end(app);
  }
  const auto given = numbers_in(folder.path("out"));
  INFO(lives << " lives, " << taken.size() << " taken");
  CHECK(std::ranges::is_sorted(given));
  CHECK(std::ranges::adjacent_find(given) == given.end());
  CHECK(std::ranges::is_sorted(taken));
  CHECK(std::ranges::includes(given, taken));
  CHECK(given.size() <= taken.size() + static_cast<std::size_t>(lives));  // a kill may come before put returns
}

}  // namespace weir::testing
