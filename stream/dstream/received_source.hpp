#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "stream/dstream/node.hpp"
#include "stream/dstream/receiver_log.hpp"
#include "stream/dstream/source.hpp"

namespace weir::stream {

struct receiver_options {
  std::size_t bytes_max = 64 << 20;  // that wait to be taken; then the receiver waits
  std::string name{};
  std::string log_folder{};  // empty: what was received is in memory only
  sync_policy sync = sync_policy::each_append;
  std::chrono::milliseconds pause_min{100};  // before a receiver that failed is called again
  std::chrono::milliseconds pause_max{30'000};
};

/// A place among the rows that were received: a block is what one `put` brought.
struct received_place {
  std::uint64_t block = 0;
  std::uint64_t row = 0;
  friend auto operator<=>(const received_place&, const received_place&) = default;
};

/// Makes a `batch_source` of a receiver: runs it in a thread of its own, calls it again when it fails, and holds what
/// it puts until a batch takes it. With a log, rows are on disk before `put` returns, and can be taken again.
template <receiver Receiver>
class received_source {
 public:
  using row = typename Receiver::row;

  received_source(Receiver receiver, receiver_options options)
      : state_(std::make_unique<state>(std::move(receiver), std::move(options))) {}

  void start(std::function<void()> arrived) { state_->start(std::move(arrived)); }
  void stop() { state_->stop(); }
  std::expected<polled<row>, io_error> poll(std::size_t rows_max) { return state_->poll(rows_max); }
  std::expected<received<row>, io_error> replay(std::string_view range) { return state_->replay(range); }
  std::expected<void, io_error> skip(std::string_view range) { return state_->skip(range); }
  void forget(std::string_view range) { state_->forget(range); }
  std::string why_not_replayable() const { return state_->why_not_replayable(); }
  std::map<std::string, std::uint64_t> aside() const { return state_->aside(); }
  receiver_failures failures() const { return state_->failures(); }

 private:
  /// [from, to) among what was received.
  struct place_range {
    received_place from;
    received_place to;
  };

  class state final : public receiver_store<row> {
   public:
    state(Receiver receiver, receiver_options options) : receiver_(std::move(receiver)), options_(std::move(options)) {}
    ~state() override { stop(); }

    void start(std::function<void()> arrived) {
      arrived_ = std::move(arrived);
      if (!open_log()) return;
      if (const auto queued = queue_what_is_left(); !queued) return fail(queued.error());
      thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }

    void stop() {
      if (!thread_.joinable()) return;
      thread_.request_stop();
      thread_.join();
    }

    std::expected<polled<row>, io_error> poll(std::size_t rows_max) {
      polled<row> got;
      std::vector<std::shared_ptr<const void>> memory;
      std::unique_lock lock(mutex_);
      if (error_) return std::unexpected(*error_);
      const received_place from = next_;
      while (!blocks_.empty() && got.taken.rows.size() < rows_max) take_of_first(got.taken, memory, rows_max);
      got.ended = ended_ && blocks_.empty();
      const received_place to = next_;
      lock.unlock();
      room_.notify_all();
      hold_memory(got.taken, std::move(memory));
      if (from != to) got.range = text_of({from, to});
      return got;
    }

    std::expected<received<row>, io_error> replay(std::string_view range) {
      const auto places = range_of(range);
      if (!places) return std::unexpected(io_error{options_.name + ": the batch log does not say what was received"});
      if (!open_log()) return std::unexpected(*error_);
      received<row> all;
      std::vector<std::shared_ptr<const void>> memory;
      for (auto at = places->from; at < places->to; at = {at.block + 1, 0}) {
        auto block = read_block(at.block);
        if (!block) return std::unexpected(block.error());
        const std::size_t to = at.block == places->to.block ? places->to.row : block->rows.size();
        if (at.row > to || to > block->rows.size())
          return std::unexpected(io_error{options_.name + ": the log lacks what was received"});
        append(all, *block, at.row, to);
        memory.push_back(std::move(block->memory));
      }
      next_ = places->to;
      hold_memory(all, std::move(memory));
      return all;
    }

    std::expected<void, io_error> skip(std::string_view range) {
      const auto places = range_of(range);
      if (!places) return std::unexpected(io_error{options_.name + ": the snapshot does not say what was received"});
      next_ = places->to;
      return {};
    }

    void forget(std::string_view range) {
      const auto places = range_of(range);
      if (places && log_) static_cast<void>(log_->forget_before(places->to.block));
    }

    std::string why_not_replayable() const {
      if (options_.log_folder.empty()) return "it has no log";
      return storable<kept_t<row>> ? "" : "its rows have no codec";
    }

    std::map<std::string, std::uint64_t> aside() const {
      const std::lock_guard lock(mutex_);
      return aside_;
    }

    receiver_failures failures() const {
      const std::lock_guard lock(mutex_);
      return failures_;
    }

    // ---- The receiver's side

    bool put(received<row> rows) override {
      if (rows.rows.empty()) return true;
      const std::lock_guard one_at_a_time(putting_);
      const std::stop_token stop = thread_.get_stop_token();
      std::unique_lock lock(mutex_);
      const auto has_room = [&] { return waiting_bytes_ == 0 || waiting_bytes_ + rows.bytes <= options_.bytes_max; };
      if (!room_.wait(lock, stop, has_room)) return false;
      lock.unlock();
      if (!write_block(rows)) return false;
      lock.lock();
      waiting_bytes_ += rows.bytes;
      blocks_.push_back(std::move(rows));
      lock.unlock();
      arrived_();
      return true;
    }

    void connected() override { pause_ = options_.pause_min; }

    void set_aside(std::string_view reason) override {
      const std::lock_guard lock(mutex_);
      ++aside_[std::string(reason)];
    }

   private:
    void run(const std::stop_token& stop) {
      pause_ = options_.pause_min;
      while (!stop.stop_requested()) {
        auto done = receive(stop);
        if (done || stop.stop_requested()) break;
        std::unique_lock lock(mutex_);
        failures_ = {failures_.count + 1, std::move(done.error().message)};
        pausing_.wait_for(lock, stop, pause_, [] { return false; });
        pause_ = std::min(pause_ * 2, options_.pause_max);
      }
      {
        const std::lock_guard lock(mutex_);
        ended_ = !stop.stop_requested();
      }
      arrived_();
    }

    std::expected<void, io_error> receive(const std::stop_token& stop) {
      try {
        return receiver_.receive(*this, stop);
      } catch (const std::exception& failure) {
        return std::unexpected(io_error{failure.what()});
      }
    }

    void fail(io_error error) {
      const std::lock_guard lock(mutex_);
      error_ = std::move(error);
    }

    bool open_log() {
      if (options_.log_folder.empty() || log_) return true;
      auto opened = receiver_log::open(options_.log_folder, {.sync = options_.sync});
      if (opened) {
        log_.emplace(std::move(*opened));
      } else {
        fail(opened.error());
      }
      return opened.has_value();
    }

    /// After a restart: rows that were acknowledged and had not yet come to a batch.
    std::expected<void, io_error> queue_what_is_left() {
      if (!log_) return {};
      for (auto block = std::max(next_.block, log_->first()); block < log_->next(); ++block) {
        auto rows = read_block(block);
        if (!rows) return std::unexpected(rows.error());
        if (block == next_.block && next_.row == rows->rows.size()) continue;
        waiting_bytes_ += rows->bytes;
        blocks_.push_back(std::move(*rows));
      }
      return {};
    }

    bool write_block(const received<row>& rows) {
      if constexpr (storable<kept_t<row>>) {
        if (!log_) return true;
        std::string bytes;
        encoder out(bytes);
        out.varint(rows.bytes);
        out.varint(rows.rows.size());
        for (const auto& one : rows.rows) encode(out, one);
        auto written = log_->append(bytes);
        if (!written) fail(written.error());
        return written.has_value();
      } else {
        return true;
      }
    }

    std::expected<received<row>, io_error> read_block(std::uint64_t number) {
      if constexpr (storable<kept_t<row>>) {
        auto bytes = log_->read(number);
        if (!bytes) return std::unexpected(bytes.error());
        decoder in(*bytes);
        received<row> block;
        block.bytes = in.varint();
        auto kept = std::make_shared<row_vector<kept_t<row>>>();
        for (auto left = in.varint(); left > 0 && !in.failed(); --left) kept->push_back(restored<kept_t<row>>(in));
        if (in.failed()) return std::unexpected(io_error{options_.name + ": the log has other rows than this program"});
        block.rows.assign(kept->begin(), kept->end());
        block.memory = std::move(kept);
        return block;
      } else {
        return std::unexpected(io_error{options_.name + ": " + why_not_replayable()});
      }
    }

    /// Moves rows of the first block; under the mutex.
    void take_of_first(received<row>& into, std::vector<std::shared_ptr<const void>>& memory, std::size_t rows_max) {
      received<row>& block = blocks_.front();
      const std::size_t from = next_.row;
      const std::size_t to = std::min(block.rows.size(), from + (rows_max - into.rows.size()));
      memory.push_back(block.memory);
      if (from == 0 && to == block.rows.size() && into.rows.empty()) {
        into.rows = std::move(block.rows);
        into.bytes += block.bytes;
      } else {
        append(into, block, from, to);
      }
      if (to == block.rows.size() || block.rows.empty()) {
        waiting_bytes_ -= block.bytes;
        blocks_.pop_front();
        next_ = {next_.block + 1, 0};
      } else {
        next_.row = to;
      }
    }

    static void append(received<row>& into, const received<row>& block, std::size_t from, std::size_t to) {
      const auto begin = block.rows.begin();
      into.rows.insert(into.rows.end(), begin + static_cast<std::ptrdiff_t>(from),
                       begin + static_cast<std::ptrdiff_t>(to));
      into.bytes += block.rows.empty() ? 0 : block.bytes * (to - from) / block.rows.size();
    }

    static void hold_memory(received<row>& rows, std::vector<std::shared_ptr<const void>> memory) {
      if (memory.size() == 1) {
        rows.memory = std::move(memory.front());
      } else if (!memory.empty()) {
        rows.memory = std::make_shared<std::vector<std::shared_ptr<const void>>>(std::move(memory));
      }
    }

    static std::string text_of(place_range range) {
      std::string text;
      encoder out(text);
      for (const auto number : {range.from.block, range.from.row, range.to.block, range.to.row}) out.varint(number);
      return text;
    }
    static std::optional<place_range> range_of(std::string_view text) {
      decoder in(text);
      place_range range;
      for (auto* number : {&range.from.block, &range.from.row, &range.to.block, &range.to.row}) *number = in.varint();
      return in.failed() ? std::nullopt : std::optional(range);
    }

    Receiver receiver_;
    const receiver_options options_;
    std::optional<receiver_log> log_;
    std::function<void()> arrived_;
    std::chrono::milliseconds pause_{};  // of the receiver's thread
    std::mutex putting_;                 // blocks stand in the queue as in the log

    mutable std::mutex mutex_;  // for all that follows
    std::condition_variable_any room_;
    std::condition_variable_any pausing_;
    std::deque<received<row>> blocks_;
    received_place next_;  // the first row that no batch has taken
    std::size_t waiting_bytes_ = 0;
    std::map<std::string, std::uint64_t> aside_;  // how many, by reason
    receiver_failures failures_;
    std::optional<io_error> error_;
    bool ended_ = false;

    std::jthread thread_;  // last: it ends before what it uses goes
  };

  std::unique_ptr<state> state_;  // it stays where it is, since its thread knows it
};

}  // namespace weir::stream
