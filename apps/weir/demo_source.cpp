#include "apps/weir/demo_source.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "apps/generate/bank.hpp"
#include "apps/generate/random.hpp"
#include "apps/weir/exit_code.hpp"

namespace weir::app {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds tick{10};

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

// The generated day that becomes the last one is found first, then counted back from there: so the stream ends now.
demo_source::demo_source(const demo_pace& pace) : pace_(pace) {
  const auto events = pace.events_a_second * static_cast<std::uint64_t>(pace.lasting.count()) / 1'000;
  const auto last_day = 2 * generate::dormant_days + events / generate::bank_events_a_day;
  const std::int64_t end_ms = pace.ends_at.time_since_epoch().count();
  const std::int64_t midnight_ms = end_ms - end_ms % generate::day_ms;
  shift_ms_ = midnight_ms - generate::midnight_ms(last_day);

  generate::bank_stream last({pace.seed, last_day * generate::bank_events_a_day, shift_ms_});
  std::string passed;
  std::uint64_t of_last_day = 0;
  for (; last.at_ms() < end_ms; ++of_last_day) {
    last.append_line(passed);
    passed.clear();
  }
  first_ = last_day * generate::bank_events_a_day + of_last_day - events;
  begins_at_ = demo_time(milliseconds(generate::bank_stream({pace.seed, first_, shift_ms_}).at_ms()));
  const auto sleep = milliseconds(static_cast<std::int64_t>(generate::dormant_days + 2) * generate::day_ms);
  if (begins_at_ - sleep < demo_time{}) {
    throw failure(exit_code::usage, "--rate and --for together ask for more days than there are since 1970");
  }

  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw failure(exit_code::io, "pipe: " + std::generic_category().message(errno));
  reading_end_ = ends[0];
  writing_end_ = ends[1];
}

demo_source::~demo_source() {
  ::close(reading_end_);  // a writer that waits for room learns that nobody reads
  if (writer_.joinable()) {
    writer_.join();
  } else {
    ::close(writing_end_);
  }
}

std::string demo_source::path() const { return fmt::format("/dev/fd/{}", reading_end_); }

void demo_source::start() {
  writer_ = std::thread([this] { write_events(); });
}

void demo_source::write_events() {
  generate::bank_stream events({pace_.seed, first_, shift_ms_});
  std::string lines;
  events.append_history(lines);
  bool read = write_all(writing_end_, lines);
  const auto began = clock::now();
  std::uint64_t written = 0;
  for (auto now = began; read && now - began < pace_.lasting; now = clock::now()) {
    lines.clear();
    const auto passed_ms = std::chrono::duration_cast<milliseconds>(now + tick - began).count();
    const auto due = pace_.events_a_second * static_cast<std::uint64_t>(passed_ms) / 1'000;
    for (; written < due; ++written) events.append_line(lines);
    read = write_all(writing_end_, lines);
    std::this_thread::sleep_until(now + tick);
  }
  ::close(writing_end_);
}

}  // namespace weir::app
