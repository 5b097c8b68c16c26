// The whole way in: records out of order within their lateness, fed in blocks of any size, cut into batches anywhere.
#include <chrono>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "stream/framer.hpp"
#include "stream/intake.hpp"
#include "tests/property/compiled_case.hpp"
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

/// Feeds the sources in turn, a few bytes at a time, and takes batches in between.
class feeding {
 public:
  feeding(const std::vector<std::string>& texts, const tape& cuts, engine_session& session, const stream::schema& types)
      : texts_(texts), cuts_(cuts), session_(session), intake_(types, session.names(), options()) {
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

  std::size_t next_cut() { return cuts_.empty() ? 7 : cuts_[cut_++ % cuts_.size()]; }
  bool over() const { return ended_ == sources; }

  void feed_some(std::size_t s) {
    if (fed_[s] > texts_[s].size()) return;
    const std::string_view piece = std::string_view(texts_[s]).substr(fed_[s], 4 * next_cut());
    if (auto block = framers_[s].push(piece, aside_)) intake_.feed(stream::source_id(s), std::move(*block));
    fed_[s] += piece.size();
    if (fed_[s] < texts_[s].size()) return;
    if (auto block = framers_[s].finish()) intake_.feed(stream::source_id(s), std::move(*block));
    intake_.end(stream::source_id(s));
    fed_[s] = texts_[s].size() + 1;
    ++ended_;
  }

  void take_batches() {
    while (auto batch = intake_.next(1 + next_cut() % 5, aside_)) session_.take(std::move(*batch));
  }

  const std::vector<std::string>& texts_;
  const tape& cuts_;
  engine_session& session_;
  stream::intake intake_;
  std::vector<stream::record_framer> framers_;
  std::vector<stream::set_aside_record> aside_;
  std::array<std::size_t, sources> fed_{};
  std::size_t cut_ = 0;
  std::size_t ended_ = 0;
};

}  // namespace

TEST_CASE("records that come out of order, in any blocks, give the alerts of the definitions") {
  CHECK(rc::check([](const case_draw& draw) {
    compiled_case c = compile_case(draw);
    c.final_watermark = stream::end_of_time;
    const std::vector<std::string> texts = write_sources(c.events, draw.lags, c.program.schema);
    engine_session session(c.program, c.events);
    feeding way_in(texts, draw.cuts, session, c.program.schema);
    way_in.run();
    for (const auto& record : way_in.aside()) RC_FAIL("set aside: " + record.reason + ": " + record.record);
    const std::string differs = difference(expected_alerts(c), std::move(session).run().alerts, c.program, c.events);
    if (!differs.empty()) RC_FAIL(differs);
  }));
}
