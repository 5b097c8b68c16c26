#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "stream/dstream/checkpoint_folder.hpp"
#include "stream/dstream/clock.hpp"
#include "stream/dstream/dstream.hpp"
#include "stream/dstream/input.hpp"
#include "stream/dstream/pid_rate_estimator.hpp"
#include "stream/dstream/progress.hpp"
#include "stream/dstream/received_source.hpp"
#include "stream/dstream/row_queue.hpp"

namespace weir::stream {

/// When batches are made.
enum class batch_pace : std::uint8_t {
  interval,    // one at each multiple of the interval, by the clock
  when_ready,  // one after the other, as soon as there are rows: for files that are replayed, and for tests. Their
               // times are multiples of the interval nevertheless, from zero: no clock is asked.
};

struct streaming_options {
  duration batch_interval = std::chrono::seconds(1);
  batch_pace pace = batch_pace::interval;
  std::size_t threads = 1;
  std::size_t partitions = 8;  // that a source's rows of a batch are cut into; they do not hang on the threads

  bool back_pressure = true;  // each source is held to the rate that is kept up with
  double proportional = 1.0;  // how strongly: see pid_options
  double integral = 0.2;
  double derivative = 0.0;
  double rows_a_second_min = 100;
  std::optional<double> rows_a_second_max{};  // of each source, whatever is kept up with
  std::size_t receiver_bytes_max = 64 << 20;  // that each receiver has waiting; then it waits itself

  std::string checkpoint{};  // the folder to recover from; empty: none
  duration snapshot_interval = std::chrono::seconds(10);
  sync_policy sync = sync_policy::each_append;

  std::shared_ptr<batch_clock> clock{};  // shared with the test that advances it; none: the machine's
};

/// A streaming program: sources, what is done with their rows, and the thread that does it batch by batch. First the
/// program is built from the sources' streams; `start` begins; `await_termination` returns when all sources have ended,
/// somebody stops it, or something has failed.
///
/// With a checkpoint the program, built anew in the same way, goes on where it was: state comes from the last snapshot,
/// the batches after it are taken again from their sources and worked on in silence, and those whose results may not
/// have left are output.
class streaming_context {
 public:
  /// Throws std::invalid_argument where the options make no sense.
  explicit streaming_context(streaming_options options = {});
  ~streaming_context();
  streaming_context(const streaming_context&) = delete;
  streaming_context& operator=(const streaming_context&) = delete;

  /// As in Spark: a context that recovers from the folder if there is something in it. `setup(context)` builds the
  /// program in any case, since functions are not stored.
  template <class Setup>
  static std::unique_ptr<streaming_context> get_or_create(std::string checkpoint, streaming_options options,
                                                          const Setup& setup) {
    options.checkpoint = std::move(checkpoint);
    auto made = std::make_unique<streaming_context>(std::move(options));
    setup(*made);
    return made;
  }

  // ---- Sources

  /// The rows of a `batch_source`.
  template <batch_source Source>
  dstream<typename Source::row> source_stream(Source source, std::string name = "source") {
    auto& made = room_.make<input_node<Source>>(room_, std::move(name), std::move(source));
    inputs_.push_back(&made);
    return dstream<typename Source::row>({&made, {}});
  }

  /// The same of one that was opened. Throws std::runtime_error, with the error's text, where it could not be.
  template <batch_source Source>
  dstream<typename Source::row> source_stream(std::expected<Source, io_error> opened, std::string name = "source") {
    return source_stream(value_or_throw(std::move(opened)), std::move(name));
  }

  /// The rows that a `receiver` puts. With a checkpoint they go through a log in its folder, since a receiver cannot be
  /// asked again.
  template <receiver Receiver>
  dstream<typename Receiver::row> receiver_stream(Receiver receiver, std::string name = "receiver") {
    receiver_options chosen{
        .bytes_max = options_.receiver_bytes_max, .name = name, .log_folder = log_folder(), .sync = options_.sync};
    return source_stream(received_source<Receiver>(std::move(receiver), std::move(chosen)), name);
  }

  /// The same of one that was opened, as above.
  template <receiver Receiver>
  dstream<typename Receiver::row> receiver_stream(std::expected<Receiver, io_error> opened,
                                                  std::string name = "receiver") {
    return receiver_stream(value_or_throw(std::move(opened)), std::move(name));
  }

  /// The rows that the program pushes into a queue: a piece a batch. It cannot be recovered.
  template <class T>
  dstream<T> queue_stream(std::shared_ptr<row_queue<T>> queue) {
    return source_stream(queue_source<T>(std::move(queue)), "queue");
  }

  // ---- Running

  /// Calls `listener(progress)` after each batch, in the context's thread. Before `start`.
  void add_listener(std::function<void(const batch_progress&)> listener) { listeners_.push_back(std::move(listener)); }

  /// Calls `task()` between any two batches, also while none is made because nothing comes, in the context's thread. An
  /// error ends the program. Before `start`.
  void between_batches(std::function<std::expected<void, io_error>()> task) { between_.push_back(std::move(task)); }

  /// Begins; what fails is told by `await_termination`. Once.
  void start();
  /// Does all of it in the thread that calls, and returns at the end, as `await_termination` does.
  std::expected<void, io_error> run();

  /// Waits for the end. The error says what failed, and in which batch.
  std::expected<void, io_error> await_termination();
  /// The same, but not for longer: nothing when it still runs.
  std::optional<std::expected<void, io_error>> await_termination(std::chrono::microseconds at_most);

  enum class stop_mode : std::uint8_t {
    graceful,  // receivers stop, and what they have received is worked on first
    at_once,   // after the batch at hand
  };
  /// Asks for the end, from any thread; does not wait for it.
  void stop(stop_mode mode = stop_mode::graceful);

  /// What the nodes share; for operators of one's own.
  node_room& room() { return room_; }
  const streaming_options& options() const { return options_; }

 private:
  using outcome = std::expected<void, io_error>;
  struct source_rate;
  struct planned_node {
    node_base* node = nullptr;
    std::vector<std::size_t> inputs{};  // their places in the plan
  };

  template <class T>
  static T value_or_throw(std::expected<T, io_error> opened) {
    if (!opened) throw std::runtime_error(opened.error().message);
    return *std::move(opened);
  }

  std::string log_folder() const;
  timestamp now() { return options_.pace == batch_pace::interval ? clock_->now() : steady_now(); }
  static timestamp steady_now();
  timestamp first_time();
  void start_inputs();
  void stop_inputs();

  outcome run_to_the_end();
  void tell_end(outcome how);
  void choose_nodes();
  outcome check_program() const;

  outcome run_batches();
  outcome do_between();
  void wait_for_next();
  bool stops_gracefully();
  std::expected<batch_record, io_error> take_batch();
  bool anything_taken(const batch_record& record) const;
  std::size_t rows_max_of(std::size_t input) const;
  outcome work_on(const batch_record& record, bool replayed);
  outcome run_nodes(const batch_info& now);
  void tell(const batch_info& now, timestamp began, timestamp done);
  void learn_rates(const batch_progress& progress, timestamp done);

  std::string program_text() const;
  outcome recover();
  outcome load(const snapshot& found);
  void go_on_behind(std::uint64_t number, timestamp time);
  outcome again(const batch_record& record, bool committed);
  outcome save_state(const batch_record& record, bool last);
  outcome join_writer();
  void forget_behind(const batch_record& record);

  streaming_options options_;
  std::shared_ptr<batch_clock> clock_;  // shared with whoever made it
  node_room room_;
  std::vector<batch_input*> inputs_;
  std::vector<planned_node> plan_;  // what some output needs
  std::vector<bool> has_rows_;      // by planned node: for the batch at hand
  std::vector<std::function<void(const batch_progress&)>> listeners_;
  std::vector<std::function<outcome()>> between_;
  std::vector<source_rate> rates_;  // by input

  std::uint64_t next_number_ = 0;
  timestamp next_time_{};
  bool was_last_ = false;       // the batch before: a restart after the end adds nothing
  bool receiving_ = false;      // inputs have been started and not stopped
  bool found_nothing_ = false;  // the last time that rows were asked for
  bool sources_wait_ = false;   // for rows, themselves
  std::uint64_t arrivals_seen_ = 0;

  std::optional<checkpoint_folder> checkpoint_;
  bool recovering_ = false;  // the batches at hand are in the log already
  timestamp snapshot_at_{};
  std::uint64_t saved_behind_ = 0;                     // the batch behind the last snapshot
  std::deque<std::vector<std::string>> saved_ranges_;  // by snapshot
  outcome snapshot_written_;                           // the writer's, until it is joined
  std::jthread snapshot_writer_;

  std::mutex mutex_;  // for all that follows
  std::condition_variable_any arrived_;
  std::uint64_t arrivals_ = 0;
  bool graceful_ = false;  // a graceful stop was asked for
  std::stop_source stopping_;
  std::optional<outcome> ended_;
  std::condition_variable ended_changed_;

  std::jthread thread_;  // last: it ends before what it uses goes
};

}  // namespace weir::stream
