// The whole way in: records out of order within their lateness, read in pieces of any size, from files that are
// replaced while they are read, cut into batches anywhere.
#include <chrono>
#include <filesystem>
#include <stdexcept>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "stream/file/file_source.hpp"
#include "stream/framer.hpp"
#include "stream/intake.hpp"
#include "tests/property/compiled_case.hpp"
#include "tests/stream/temporary_folder.hpp"
#include "tests/support/alert_difference.hpp"
#include "tests/support/engine_run.hpp"
#include "tests/support/record_text.hpp"

using namespace weir;
using namespace weir::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t sources = 2;
constexpr stream::duration lateness = 2s;

/// How far behind its time an event comes: never more than the lateness.
stream::duration delay_of(const plain_event& event, const tape& delays) {
  if (delays.empty()) return 0s;
  return 250ms * (delays[event.from.position % delays.size()] % 9);
}

/// Each source's records, in the order of their coming; gives every event its byte there as position.
std::vector<std::string> write_sources(std::vector<plain_event>& events, const tape& delays,
                                       const stream::schema& types) {
  std::ranges::stable_sort(events, {}, [&](const plain_event& e) { return e.at + delay_of(e, delays); });
  std::vector<std::string> texts(sources);
  for (plain_event& e : events) {
    std::string& text = texts[static_cast<std::size_t>(e.from.source)];
    e.from.position = text.size();
    text += ndjson_line(e, types);
  }
  sort_by_stream_order(events);
  return texts;
}

/// What is read of a source, in the order of reading.
using pieces = std::vector<std::string>;

/// Sizes drawn, used again and again.
class drawn_sizes {
 public:
  explicit drawn_sizes(const tape& sizes) : sizes_(sizes) {}
  std::size_t next() { return sizes_.empty() ? 7 : sizes_[next_++ % sizes_.size()]; }

 private:
  const tape& sizes_;
  std::size_t next_ = 0;
};

pieces in_pieces(const std::string& text, const tape& sizes) {
  pieces all;
  drawn_sizes size(sizes);
  for (std::size_t at = 0; at < text.size(); at += all.back().size()) {
    all.push_back(text.substr(at, std::max<std::size_t>(1, 4 * size.next())));
  }
  return all;
}

/// Reads until nothing more is there now.
void read_on(stream::file_source& source, pieces& into) {
  std::string buffer(512, '\0');
  for (int quiet = 0; quiet < 3;) {
    const auto read = source.read(buffer);
    if (!read) throw std::runtime_error(read.error().message);
    if (read->bytes > 0) into.push_back(buffer.substr(0, read->bytes));
    quiet = read->bytes == 0 ? quiet + 1 : 0;
  }
}

/// Writes the text to a file that is followed; it is replaced under its name, or emptied and begun anew, between
/// records.
pieces through_replaced_files(const std::string& text, const tape& choices) {
  const temporary_folder folder;
  const std::string path = folder.write("log", "");
  auto source = stream::file_source::open({.path = path, .follow = true});
  if (!source) throw std::runtime_error(source.error().message);
  pieces all;
  drawn_sizes choice(choices);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t line_end = text.find('\n', std::min(at + 4 * choice.next(), text.size() - 1));
    folder.append("log", std::string_view(text).substr(at, line_end + 1 - at));
    at = line_end + 1;
    const std::size_t then = choice.next() % 4;
    if (then == 3) continue;
    if (then != 1) read_on(*source, all);  // a file that is replaced is read to its end all the same
    if (then == 1) std::filesystem::rename(path, folder.path("log.1"));
    if (then == 1 || then == 2) folder.write("log", "");
    read_on(*source, all);
  }
  read_on(*source, all);
  return all;
}

/// Feeds the sources in turn, a piece at a time, and takes batches in between.
class feeding {
 public:
  feeding(std::vector<pieces> texts, const tape& cuts, engine_session& session, const stream::schema& types)
      : texts_(std::move(texts)), cut_(cuts), session_(session), intake_(types, session.names(), options()) {
    for (std::size_t s = 0; s < sources; ++s) {
      framers_.emplace_back(stream::record_syntax::ndjson, stream::source_id(s));
    }
  }

  void run() {
    while (!over()) {
      for (std::size_t s = 0; s < sources; ++s) feed_some(s);
      take_batches();
    }
  }

  const std::vector<stream::set_aside_record>& aside() const { return aside_; }

 private:
  static std::vector<stream::source_options> options() {
    stream::record_format format;
    format.time_unit = stream::duration{1};
    return {{"first", format, lateness}, {"second", format, lateness}};
  }

  bool over() const { return ended_ == sources; }

  void feed_some(std::size_t s) {
    const auto source = static_cast<stream::source_id>(s);
    if (fed_[s] > texts_[s].size()) return;
    if (fed_[s]++ < texts_[s].size()) {
      if (auto block = framers_[s].push(texts_[s][fed_[s] - 1], aside_)) intake_.feed(source, std::move(*block));
      return;
    }
    if (auto block = framers_[s].finish()) intake_.feed(source, std::move(*block));
    intake_.end(source);
    ++ended_;
  }

  void take_batches() {
    while (auto batch = intake_.next(1 + cut_.next() % 5, aside_)) session_.take(std::move(*batch));
  }

  std::vector<pieces> texts_;
  drawn_sizes cut_;
  engine_session& session_;
  stream::intake intake_;
  std::vector<stream::record_framer> framers_;
  std::vector<stream::set_aside_record> aside_;
  std::array<std::size_t, sources> fed_{};  // pieces
  std::size_t ended_ = 0;
};

engine_run run_through_intake(const compiled_case& c, std::vector<pieces> texts, const tape& cuts) {
  engine_session session(c.program, c.events);
  feeding way_in(std::move(texts), cuts, session, c.program.schema);
  way_in.run();
  for (const auto& record : way_in.aside()) RC_FAIL("set aside: " + record.reason + ": " + record.record);
  return std::move(session).run();
}

}  // namespace

TEST_CASE("records that come out of order, in any pieces, give the alerts of the definitions") {
  CHECK(rc::check([](const case_draw& draw) {
    compiled_case c = compile_case(draw);
    c.final_watermark = stream::end_of_time;
    std::vector<pieces> read;
    for (const std::string& text : write_sources(c.events, draw.lags, c.program.schema)) {
      read.push_back(in_pieces(text, draw.cuts));
    }
    const engine_run found = run_through_intake(c, std::move(read), draw.cuts);
    const std::string differs = difference(expected_alerts(c), found.alerts, c.program, c.events);
    if (!differs.empty()) RC_FAIL(differs);
  }));
}

TEST_CASE("a source whose file is replaced while it is read gives the same alerts, with the same ids") {
  CHECK(rc::check([](const case_draw& draw) {
    compiled_case c = compile_case(draw);
    c.final_watermark = stream::end_of_time;
    const std::vector<std::string> texts = write_sources(c.events, draw.lags, c.program.schema);
    std::vector<pieces> whole;
    std::vector<pieces> replaced;
    for (const std::string& text : texts) {
      whole.push_back({text});
      replaced.push_back(through_replaced_files(text, draw.cuts));
    }
    const engine_run expected = run_through_intake(c, std::move(whole), draw.cuts);
    const engine_run found = run_through_intake(c, std::move(replaced), draw.lags);
    const std::string differs = difference(expected.alerts, found.alerts, c.program, c.events);
    if (!differs.empty()) RC_FAIL(differs);
    RC_ASSERT(expected.ids == found.ids);
  }));
}
