#include "apps/weir/batch_feed.hpp"

#include <algorithm>
#include <utility>

#include "apps/weir/stop_signal.hpp"

namespace weir::app {

namespace {

constexpr std::size_t arrivals_ahead_max = 4;
constexpr std::chrono::milliseconds patience{50};  // of one wait, so that the loop can look after other things

}  // namespace

batch_feed::batch_feed(input_feed& feed, stream::intake& intake, stream::symbols& names, const stream::schema& types,
                       stream::worker_pool& workers, options chosen)
    : feed_(feed), intake_(intake), names_(names), types_(types), workers_(workers), options_(chosen) {
  note();
}

batch_feed::~batch_feed() {
  std::unique_lock lock(queueing_);
  ended_ = true;
  changed_.wait(lock, [this] { return !reading_; });
}

batch_feed::arrival batch_feed::next() {
  arrival came = workers_.threads() == 1 ? step() : take();
  if (came.end) stop_clock_at(*came.end, came.rows);
  return came;
}

/// At the end the clock runs past every deadline, or stops at the greatest time seen. That is decided by the thread
/// which signals reach first: who interrupts a pipeline ends its input too, and either may be noticed first.
void batch_feed::stop_clock_at(const ending& end, std::optional<stream::batch>& rows) {
  if (!clock_stops_) clock_stops_ = !options_.drain || end.failed || stop_requested();
  if (*clock_stops_ && rows) rows->set_watermark(std::min(rows->watermark(), end.greatest));
}

// ---- ahead

batch_feed::arrival batch_feed::take() {
  std::unique_lock lock(queueing_);
  read_on();
  if (!changed_.wait_for(lock, patience, [this] { return !queue_.empty(); })) return {};
  entry taken = std::move(queue_.front());
  queue_.pop_front();
  read_on();
  lock.unlock();
  if (taken.failure) std::rethrow_exception(taken.failure);
  return std::move(taken.came);
}

/// Has a worker read, if that one has anything to do.
void batch_feed::read_on() {
  if (reading_ || ended_ || queue_.size() >= arrivals_ahead_max) return;
  reading_ = true;
  workers_.begin(reading_ahead_);
}

void batch_feed::read_ahead() {
  for (bool enough = false; !enough;) {
    entry next;
    try {
      next.came = step();
    } catch (...) {
      next.failure = std::current_exception();
    }
    const bool last = next.came.last || next.failure;
    const std::lock_guard lock(queueing_);
    if (last || next.came.rows || !next.came.aside.empty()) queue_.push_back(std::move(next));
    ended_ = ended_ || last;
    enough = ended_ || queue_.size() >= arrivals_ahead_max;
    reading_ = !enough;
    changed_.notify_one();
  }
}

// ---- a step

/// What is in order now; or else waits a little for more.
batch_feed::arrival batch_feed::step() {
  arrival came;
  {
    const std::lock_guard lock(interning_);
    names_.pass(intake_.greatest_time(), worked_on_);
    came.rows = intake_.next(options_.batch_rows, came.aside);
  }
  if (!came.rows && running_) {
    running_ = feed_.wait(came.aside);  // source -> queue -> intake
  } else if (!came.rows) {
    came.rows = closing();
    came.last = true;
  }
  if (!running_) came.end = {.greatest = intake_.greatest_time(), .failed = feed_.error() || intake_.failure()};
  note();
  return came;
}

stream::batch batch_feed::closing() const {
  stream::batch empty(types_);
  empty.set_watermark(stream::end_of_time);
  return empty;
}

void batch_feed::note() {
  const std::lock_guard lock(noting_);
  noted_.counters.clear();
  for (std::size_t i = 0; i < intake_.sources().size(); ++i) {
    const auto source = static_cast<stream::source_id>(i);
    noted_.counters.push_back(intake_.counters(source));
    noted_.counters.back().bad += feed_.uncut(source);
  }
  noted_.rows_waiting = intake_.rows_waiting();
  noted_.holding_back = running_ ? intake_.holding_back() : std::nullopt;
  noted_.error = feed_.error() ? feed_.error() : intake_.failure();
}

batch_feed::standing batch_feed::now() const {
  const std::lock_guard lock(noting_);
  return noted_;
}

}  // namespace weir::app
