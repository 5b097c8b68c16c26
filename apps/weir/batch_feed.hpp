#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <vector>

#include "apps/weir/input_feed.hpp"
#include "stream/dictionary.hpp"
#include "stream/intake.hpp"
#include "stream/worker_pool.hpp"

namespace weir::app {

/// What the input comes to, batch by batch: feeds the intake with what the sources bring and takes from it what is in
/// order. One of the workers does it, some batches ahead of who works on them, and is free for other work when these
/// are enough; where there is no other thread, it is done while that one waits. The batches are the same. Owned by the
/// loop; one thread, but for what is said below.
class batch_feed {
 public:
  struct options {
    std::size_t batch_rows = 4096;
    bool drain = true;  // at the end the clock runs past every open deadline
  };

  /// The input has ended, or has to stop.
  struct ending {
    stream::timestamp greatest;  // of the events that came
    bool failed = false;
  };

  struct arrival {
    std::optional<stream::batch> rows;
    std::vector<stream::set_aside_record> aside;
    std::optional<ending> end;  // what comes now came with it, or was left
    bool last = false;          // nothing comes after it
  };

  /// What has come of the input up to the last arrival that was handed out, or later.
  struct standing {
    std::vector<stream::source_counters> counters;  // by source; `bad` with what could not even be cut out
    std::size_t rows_waiting = 0;
    std::optional<stream::source_id> holding_back;
    std::optional<stream::io_error> error;  // why a source could not be read to its end
  };

  /// `feed`, `intake`, which interns in `names`, `types` and `workers` outlive it; where there are other threads,
  /// nobody else calls the first two, but for what of `feed` any thread may.
  batch_feed(input_feed& feed, stream::intake& intake, stream::symbols& names, const stream::schema& types,
             stream::worker_pool& workers, options chosen);
  ~batch_feed();
  batch_feed(const batch_feed&) = delete;
  batch_feed& operator=(const batch_feed&) = delete;

  /// The sources are read from now on.
  void begin() { feed_.begin(); }

  /// Waits for something to come, but not for long: without rows when nothing has.
  arrival next();

  standing now() const;

  /// All events before `watermark` have been worked on, alerts included: what they alone brought need not be kept.
  void worked_on(stream::timestamp watermark) { worked_on_ = watermark; }

  /// To be held by another thread that interns: decoding does.
  std::mutex& interning() { return interning_; }

 private:
  arrival take();
  void stop_clock_at(const ending& end, std::optional<stream::batch>& rows);
  arrival step();
  void note();
  void read_on();
  void read_ahead();
  stream::batch closing() const;

  input_feed& feed_;
  stream::intake& intake_;
  stream::symbols& names_;
  const stream::schema& types_;
  stream::worker_pool& workers_;
  options options_;

  std::optional<bool> clock_stops_;  // at the end, deadlines still open are left open; once that is known

  // Of the thread that decodes.
  bool running_ = true;  // the input has not ended

  std::atomic<stream::timestamp> worked_on_{stream::start_of_time};
  std::mutex interning_;
  mutable std::mutex noting_;
  standing noted_;

  // What is ahead.
  struct entry {
    arrival came;
    std::exception_ptr failure;
  };
  struct {
    batch_feed* of;
    void operator()() const { of->read_ahead(); }
  } reading_ahead_{this};
  std::mutex queueing_;  // for all that follows
  std::condition_variable changed_;
  std::deque<entry> queue_;
  bool reading_ = false;  // a worker has been asked to
  bool ended_ = false;    // there is nothing more to read, or nobody wants it
};

}  // namespace weir::app
