#include "stream/dstream/streaming_context.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>

namespace weir::stream {

namespace {

constexpr std::chrono::milliseconds idle_wait{1};

double seconds(duration d) { return static_cast<double>(d.count()) / 1e6; }

std::string named(const batch_info& batch) {
  return "batch " + std::to_string(batch.number) + " of " + to_rfc3339(batch.time);
}

}  // namespace

struct streaming_context::source_rate {
  pid_rate_estimator estimator;
  std::optional<double> bound{};  // rows a second
};

streaming_context::streaming_context(streaming_options options)
    : options_(std::move(options)),
      clock_(options_.clock ? options_.clock : std::make_shared<system_clock>()),
      room_{.workers = batch_workers(std::max<std::size_t>(options_.threads, 1)),
            .parts = options_.partitions,
            .interval = options_.batch_interval} {
  if (options_.batch_interval <= duration::zero()) throw std::invalid_argument("a batch interval is more than zero");
  if (options_.threads == 0) throw std::invalid_argument("there must be one thread at least");
  if (options_.partitions == 0) throw std::invalid_argument("there must be one partition at least");
}

streaming_context::~streaming_context() {
  stop(stop_mode::at_once);
  if (thread_.joinable()) thread_.join();
  if (receiving_) stop_inputs();
}

timestamp streaming_context::steady_now() {
  return timestamp{std::chrono::floor<duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

std::string streaming_context::log_folder() const {
  return options_.checkpoint.empty() ? "" : options_.checkpoint + "/received-" + std::to_string(inputs_.size());
}

// ---- Beginning and ending

void streaming_context::start() {
  if (thread_.joinable()) throw std::logic_error("a context starts once");
  next_time_ = first_time();
  thread_ = std::jthread([this] { tell_end(run_to_the_end()); });
}

std::expected<void, io_error> streaming_context::run() {
  next_time_ = first_time();
  tell_end(run_to_the_end());
  return *ended_;
}

void streaming_context::tell_end(outcome how) {
  if (receiving_) stop_inputs();
  const std::lock_guard lock(mutex_);
  ended_ = std::move(how);
  ended_changed_.notify_all();
}

/// Asked for in `start`, so that a clock which is advanced right behind it brings the first batch.
timestamp streaming_context::first_time() {
  if (options_.pace == batch_pace::when_ready) return timestamp{options_.batch_interval};
  return timestamp{(clock_->now().time_since_epoch() / options_.batch_interval + 1) * options_.batch_interval};
}

std::expected<void, io_error> streaming_context::await_termination() {
  std::unique_lock lock(mutex_);
  ended_changed_.wait(lock, [this] { return ended_.has_value(); });
  return *ended_;
}

std::optional<std::expected<void, io_error>> streaming_context::await_termination(std::chrono::microseconds at_most) {
  std::unique_lock lock(mutex_);
  ended_changed_.wait_for(lock, at_most, [this] { return ended_.has_value(); });
  return ended_;
}

void streaming_context::stop(stop_mode mode) {
  {
    const std::lock_guard lock(mutex_);
    graceful_ = mode == stop_mode::graceful;
  }
  stopping_.request_stop();
  arrived_.notify_all();
}

void streaming_context::start_inputs() {
  receiving_ = true;
  for (auto* input : inputs_) {
    input->start([this] {
      {
        const std::lock_guard lock(mutex_);
        ++arrivals_;
      }
      arrived_.notify_all();
    });
  }
}

void streaming_context::stop_inputs() {
  receiving_ = false;
  for (auto* input : inputs_) input->stop();
}

streaming_context::outcome streaming_context::run_to_the_end() {
  choose_nodes();
  if (auto good = check_program(); !good) return good;
  sources_wait_ = std::ranges::all_of(inputs_, &batch_input::waits);
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    rates_.push_back({pid_rate_estimator({.batch_interval = options_.batch_interval,
                                          .proportional = options_.proportional,
                                          .integral = options_.integral,
                                          .derivative = options_.derivative,
                                          .rate_min = options_.rows_a_second_min})});
  }
  if (auto recovered = recover(); !recovered) return recovered;
  return run_batches();
}

/// What no output needs is not run.
void streaming_context::choose_nodes() {
  std::vector<bool> needed(room_.nodes.size());
  const auto place_of = [this](const node_base* node) {
    return std::ranges::find(room_.nodes, node, &std::unique_ptr<node_base>::get) - room_.nodes.begin();
  };
  for (std::size_t i = room_.nodes.size(); i > 0; --i) {
    const auto& node = *room_.nodes[i - 1];
    if (!node.is_output() && !needed[i - 1]) continue;
    needed[i - 1] = true;
    for (const auto* input : node.inputs()) needed[static_cast<std::size_t>(place_of(input))] = true;
  }
  std::vector<std::size_t> planned_as(room_.nodes.size());
  for (std::size_t i = 0; i < room_.nodes.size(); ++i) {
    if (!needed[i]) continue;
    planned_as[i] = plan_.size();
    planned_node planned{.node = room_.nodes[i].get()};
    for (const auto* input : planned.node->inputs())
      planned.inputs.push_back(planned_as[static_cast<std::size_t>(place_of(input))]);
    plan_.push_back(std::move(planned));
  }
}

streaming_context::outcome streaming_context::check_program() const {
  if (inputs_.empty()) return std::unexpected(io_error{"the program has no source"});
  if (plan_.empty()) return std::unexpected(io_error{"the program has no output: nothing would be done"});
  if (options_.checkpoint.empty()) return {};
  for (const auto* input : inputs_) {
    if (const auto why = input->why_not_replayable(); !why.empty()) {
      return std::unexpected(
          io_error{"a program with a checkpoint needs sources that can replay: " + input->input_name() + ": " + why});
    }
  }
  for (const auto& [node, inputs] : plan_) {
    if (!node->can_save())
      return std::unexpected(io_error{"the state of " + node->name() + " has no codec: it cannot be checkpointed"});
  }
  return {};
}

// ---- A batch

streaming_context::outcome streaming_context::run_batches() {
  start_inputs();
  for (;;) {
    if (auto done = do_between(); !done) return done;
    wait_for_next();
    if (stopping_.stop_requested()) {
      if (!stops_gracefully()) return {};
      if (receiving_) stop_inputs();
    }
    auto taken = take_batch();
    if (!taken) return std::unexpected(taken.error());
    const bool empty = !anything_taken(*taken);
    if (empty && (!receiving_ || (taken->last && was_last_))) return save_state(*taken, true);
    found_nothing_ = empty;
    if (empty && !taken->last && options_.pace == batch_pace::when_ready) continue;
    if (auto done = work_on(*taken, false); !done) return done;
    if (auto saved = save_state(*taken, taken->last); !saved || taken->last) return saved;
  }
}

streaming_context::outcome streaming_context::do_between() {
  for (const auto& task : between_) {
    if (auto done = task(); !done) return done;
  }
  return {};
}

bool streaming_context::stops_gracefully() {
  const std::lock_guard lock(mutex_);
  return graceful_;
}

void streaming_context::wait_for_next() {
  const auto stop = stopping_.get_token();
  if (options_.pace == batch_pace::interval) {
    if (receiving_) clock_->wait(next_time_, stop);
    return;
  }
  std::unique_lock lock(mutex_);
  if (found_nothing_ && !sources_wait_)
    arrived_.wait_for(lock, stop, idle_wait, [this] { return arrivals_ != arrivals_seen_; });
  arrivals_seen_ = arrivals_;
}

std::expected<batch_record, io_error> streaming_context::take_batch() {
  batch_record record{.number = next_number_, .time = next_time_, .last = true, .ranges = {}};
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    batch_input& input = *inputs_[i];
    if (!receiving_ && !input.receives()) {
      if (auto none = input.take_again({}); !none) return std::unexpected(none.error());
      record.ranges.emplace_back();
    } else {
      auto range = input.take(rows_max_of(i));
      if (!range) return std::unexpected(range.error());
      record.ranges.push_back(std::move(*range));
    }
    record.last = record.last && input.ended();
  }
  return record;
}

bool streaming_context::anything_taken(const batch_record& record) const {
  return std::ranges::any_of(record.ranges, [](const auto& range) { return !range.empty(); });
}

std::size_t streaming_context::rows_max_of(std::size_t input) const {
  std::optional<double> bound = options_.rows_a_second_max;
  if (const auto& learnt = rates_[input].bound) bound = bound ? std::min(*bound, *learnt) : *learnt;
  if (!bound) return SIZE_MAX;
  return static_cast<std::size_t>(std::max(1.0, *bound * seconds(options_.batch_interval)));
}

streaming_context::outcome streaming_context::work_on(const batch_record& record, bool replayed) {
  const batch_info now{.time = record.time, .number = record.number, .last = record.last, .replayed = replayed};
  if (checkpoint_ && !recovering_) {
    if (auto logged = checkpoint_->append(record); !logged) return logged;
  }
  const timestamp began = this->now();
  if (auto done = run_nodes(now); !done) return done;
  const timestamp done = this->now();
  if (checkpoint_ && !replayed) {
    if (auto committed = checkpoint_->commit(record.number); !committed) return committed;
  }
  next_number_ = record.number + 1;
  next_time_ = record.time + options_.batch_interval;
  was_last_ = record.last;
  tell(now, began, done);
  return {};
}

streaming_context::outcome streaming_context::run_nodes(const batch_info& now) {
  has_rows_.assign(plan_.size(), false);
  for (std::size_t i = 0; i < plan_.size(); ++i) {
    const auto& [node, inputs] = plan_[i];
    if (!std::ranges::all_of(inputs, [this](std::size_t input) { return has_rows_[input]; })) continue;
    try {
      node->run(now);
    } catch (const output_failure& failure) {
      return std::unexpected(io_error{failure.what()});
    } catch (const std::exception& failure) {
      return std::unexpected(io_error{named(now) + ": " + node->name() + ": " + failure.what()});
    }
    has_rows_[i] = node->has_rows(now);
  }
  return {};
}

void streaming_context::tell(const batch_info& now, timestamp began, timestamp done) {
  batch_progress progress{.number = now.number, .time = now.time, .replayed = now.replayed};
  const bool by_clock = options_.pace == batch_pace::interval && !now.replayed;
  if (by_clock) progress.scheduling_delay = std::max(began - now.time, duration::zero());
  progress.processing_time = done - began;
  if (by_clock && options_.back_pressure) learn_rates(progress, done);
  if (listeners_.empty()) return;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const batch_input& input = *inputs_[i];
    receiver_failures failures = input.failures();
    progress.inputs.push_back({.name = input.input_name(),
                               .rows = input.row_count(),
                               .bytes = input.byte_count(),
                               .set_aside = input.set_aside(),
                               .rows_a_second_max = rates_[i].bound,
                               .failures = failures.count,
                               .last_failure = std::move(failures.last)});
  }
  const auto rows = static_cast<double>(progress.rows());
  progress.input_rows_a_second = rows / seconds(options_.batch_interval);
  if (done > began) progress.processed_rows_a_second = rows / seconds(done - began);
  state_size sum;
  for (const auto& [node, inputs] : plan_) {
    sum += node->state();
    const auto watermark = node->watermark();
    if (watermark && (!progress.watermark || *watermark < *progress.watermark)) progress.watermark = watermark;
  }
  progress.late_rows = sum.late_rows;
  progress.state_rows = sum.rows;
  progress.state_bytes = sum.bytes;
  for (const auto& listener : listeners_) listener(progress);
}

void streaming_context::learn_rates(const batch_progress& progress, timestamp done) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const auto bound =
        rates_[i].estimator.compute(done, inputs_[i]->row_count(), progress.processing_time, progress.scheduling_delay);
    if (bound) rates_[i].bound = bound;
  }
}

// ---- Surviving

std::string streaming_context::program_text() const {
  std::string text = to_text(options_.batch_interval);
  for (const auto& [node, inputs] : plan_) text += " " + node->name();
  return text;
}

streaming_context::outcome streaming_context::recover() {
  if (options_.checkpoint.empty()) return {};
  auto opened = checkpoint_folder::open(options_.checkpoint, {.sync = options_.sync});
  if (!opened) return std::unexpected(opened.error());
  checkpoint_.emplace(std::move(*opened));
  snapshot_at_ = now();
  const auto found = checkpoint_->recovered();
  if (found.from) {
    if (auto loaded = load(*found.from); !loaded) return loaded;
  }
  recovering_ = true;
  for (const auto& [record, committed] : found.batches) {
    if (auto done = again(record, committed); !done) return done;
  }
  recovering_ = false;
  return {};
}

streaming_context::outcome streaming_context::load(const snapshot& found) {
  const auto wrong = [this](const std::string& why) {
    return std::unexpected(io_error{options_.checkpoint + ": " + why});
  };
  decoder in(found.state);
  const auto made_by = restored<std::string>(in);
  if (made_by != program_text())
    return wrong("made by another program: there \"" + made_by + "\", here \"" + program_text() + "\"");
  const auto time = restored<timestamp>(in);
  was_last_ = restored<bool>(in);
  for (const auto& [node, inputs] : plan_) node->load(in);
  if (in.failed() || in.left() != 0) return wrong("the snapshot's state is not what this program saves");
  go_on_behind(found.number, time);
  saved_behind_ = next_number_;
  return {};
}

void streaming_context::go_on_behind(std::uint64_t number, timestamp time) {
  next_number_ = number + 1;
  next_time_ = std::max(next_time_, time + options_.batch_interval);
}

streaming_context::outcome streaming_context::again(const batch_record& record, bool committed) {
  if (record.ranges.size() != inputs_.size()) {
    return std::unexpected(io_error{options_.checkpoint + ": made by a program with " +
                                    std::to_string(record.ranges.size()) + " sources"});
  }
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (auto taken = inputs_[i]->take_again(record.ranges[i]); !taken) return taken;
  }
  const timestamp next = next_time_;
  if (auto done = work_on(record, committed); !done) return done;
  next_time_ = std::max(next_time_, next);
  return {};
}

/// Copies the state at the end of a batch; another thread writes it.
streaming_context::outcome streaming_context::save_state(const batch_record& record, bool last) {
  if (!checkpoint_ || (!last && now() - snapshot_at_ < options_.snapshot_interval)) return {};
  if (next_number_ == saved_behind_) return join_writer();  // also where there was no batch
  snapshot_at_ = now();
  saved_behind_ = next_number_;
  snapshot made{.number = next_number_ - 1, .fingerprint = key_hash(program_text()), .state = {}};
  encoder out(made.state);
  encode(out, program_text());
  encode(out, next_time_ - options_.batch_interval);
  encode(out, was_last_);
  for (const auto& [node, inputs] : plan_) node->save(out);
  if (auto before = join_writer(); !before) return before;
  forget_behind(record);
  snapshot_writer_ =
      std::jthread([this, made = std::move(made)] { snapshot_written_ = checkpoint_->write_snapshot(made); });
  return last ? join_writer() : outcome{};
}

streaming_context::outcome streaming_context::join_writer() {
  if (snapshot_writer_.joinable()) snapshot_writer_.join();
  return snapshot_written_;
}

/// A snapshot falls back to the one before it when it cannot be read: sources forget what the oldest has.
void streaming_context::forget_behind(const batch_record& record) {
  saved_ranges_.push_back(record.ranges);
  if (saved_ranges_.size() <= checkpoint_folder::snapshots_kept) return;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (!saved_ranges_.front()[i].empty()) inputs_[i]->forget(saved_ranges_.front()[i]);
  }
  saved_ranges_.pop_front();
}

}  // namespace weir::stream
