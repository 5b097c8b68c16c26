#include "stream/intake.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "stream/lane.hpp"
#include "stream/order.hpp"

namespace weir::stream {

namespace {

constexpr source_id last_source{std::numeric_limits<std::uint16_t>::max()};

}  // namespace

struct intake::state {
  const schema& types;
  std::vector<source_options> sources;
  std::vector<lane> lanes;
  waiting_rows waiting;
  timestamp given = start_of_time;         // the last batch's watermark
  std::optional<order_key> last_released;  // the last row given out

  state(const schema& known, symbols& names, std::vector<source_options> chosen);

  lane& operator[](source_id source) { return lanes[static_cast<std::size_t>(source)]; }

  lane* holding_back();
  release_limit limit();
  timestamp time_without_live();
  timestamp floor_of(source_id source);
  bool decode_some(std::size_t rows_max, std::vector<set_aside_record>& aside);
  void fill(batch& out, std::size_t rows_max, std::vector<set_aside_record>& aside);
};

intake::state::state(const schema& known, symbols& names, std::vector<source_options> chosen)
    : types(known), sources(std::move(chosen)) {
  lanes.reserve(sources.size());
  for (const source_options& source : sources) {
    lanes.emplace_back(static_cast<source_id>(lanes.size()), source, known, names);
  }
}

/// Of the live sources the one whose watermark is least, and of equal ones the first.
lane* intake::state::holding_back() {
  lane* least = nullptr;
  for (lane& one : lanes) {
    if (one.live() && (least == nullptr || one.clock().watermark() < least->clock().watermark())) least = &one;
  }
  return least;
}

/// A row (t, s) is due when no live source s' can still give one before it: when W(s') > t, or W(s') = t and s' comes
/// after s; of its own source later rows have later positions, so there W(s) = t is enough. All that is one comparison
/// of (t, s) with the least (W(s'), s').
release_limit intake::state::limit() {
  if (const lane* least = holding_back()) return {least->clock().watermark(), least->id()};
  return {time_without_live(), last_source};
}

/// With no live source, time runs to its end, unless idle sources may come back: then it stays where the furthest
/// source brought it, and those that come back are judged by that.
timestamp intake::state::time_without_live() {
  timestamp reached = start_of_time;
  bool any_idle = false;
  for (const lane& one : lanes) {
    any_idle = any_idle || one.idle();
    reached = std::max(reached, one.over() ? one.clock().greatest() : one.clock().watermark());
  }
  return any_idle ? reached : end_of_time;
}

/// From where on an idle source may give events again: behind the stream's watermark, and behind every row given out.
timestamp intake::state::floor_of(source_id source) {
  const timestamp floor = limit().at;
  const bool passed = last_released && last_released->at == floor && source < last_released->from.source;
  return passed ? floor + duration{1} : floor;
}

bool intake::state::decode_some(std::size_t rows_max, std::vector<set_aside_record>& aside) {
  lane* const next = holding_back();
  if (next == nullptr || next->bytes_waiting() == 0) return false;
  batch chunk(types);
  next->decode(rows_max, chunk, aside);
  waiting.add(std::move(chunk));
  return true;
}

void intake::state::fill(batch& out, std::size_t rows_max, std::vector<set_aside_record>& aside) {
  for (;;) {
    waiting.release(limit(), rows_max, out);
    if (out.size() >= rows_max || !decode_some(rows_max - out.size(), aside)) return;
  }
}

intake::intake(const schema& types, symbols& names, std::vector<source_options> sources)
    : state_(std::make_unique<state>(types, names, std::move(sources))) {}

intake::~intake() = default;

void intake::feed(source_id source, block bytes) {
  lane& one = (*state_)[source];
  if (one.idle()) one.wake(state_->floor_of(source));
  one.feed(std::move(bytes));
}

void intake::end(source_id source) { (*state_)[source].end(); }

void intake::set_idle(source_id source) { (*state_)[source].set_idle(); }

std::optional<batch> intake::next(std::size_t rows_max, std::vector<set_aside_record>& aside) {
  assert(rows_max > 0);
  batch out(state_->types);
  state_->fill(out, rows_max, aside);
  const timestamp reached = std::min(watermark(), state_->waiting.next_time().value_or(end_of_time));
  if (out.size() == 0 && reached == state_->given) return std::nullopt;
  state_->given = reached;
  out.set_watermark(reached);
  if (out.size() > 0) state_->last_released = {out.at(out.order().back()), out.from(out.order().back())};
  return out;
}

std::size_t intake::rows_waiting() const { return state_->waiting.size(); }

std::size_t intake::bytes_waiting(source_id source) const { return (*state_)[source].bytes_waiting(); }

timestamp intake::watermark() const { return state_->limit().at; }

std::optional<source_id> intake::holding_back() const {
  const lane* const least = state_->holding_back();
  return least == nullptr ? std::nullopt : std::optional{least->id()};
}

timestamp intake::greatest_time() const {
  timestamp greatest = start_of_time;
  for (const lane& one : state_->lanes) greatest = std::max(greatest, one.clock().greatest());
  return greatest;
}

std::optional<io_error> intake::failure() const {
  for (const lane& one : state_->lanes) {
    if (!one.failure()) continue;
    return io_error{state_->sources[static_cast<std::size_t>(one.id())].name + ": " + *one.failure()};
  }
  return std::nullopt;
}

const source_counters& intake::counters(source_id source) const { return (*state_)[source].counters(); }

const std::vector<source_options>& intake::sources() const { return state_->sources; }

}  // namespace weir::stream
