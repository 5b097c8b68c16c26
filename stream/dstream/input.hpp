#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "stream/dstream/node.hpp"
#include "stream/dstream/source.hpp"

namespace weir::stream {

/// A source as its context sees it. The context's thread.
class batch_input {
 public:
  virtual ~batch_input() = default;

  virtual const std::string& input_name() const = 0;

  /// Begins to receive, where that is done beside; `arrived` is called from any thread when there is something to take.
  virtual void start(std::function<void()> arrived) = 0;
  /// Receives no more.
  virtual void stop() = 0;
  /// Whether what it has received must still be taken after `stop`.
  virtual bool receives() const = 0;

  /// Takes the batch's rows, so many at most. The range that was taken; empty: no row.
  virtual std::expected<std::string, io_error> take(std::size_t rows_max) = 0;
  /// Takes the rows of a range once more.
  virtual std::expected<void, io_error> take_again(std::string_view range) = 0;
  /// Nothing up to this range will be asked for again.
  virtual void forget(std::string_view range) = 0;
  /// Nothing more will come.
  virtual bool ended() const = 0;
  /// Whether `take` itself waits a little where there is nothing.
  virtual bool waits() const = 0;
  /// Why it cannot take again what was taken before a restart; empty: it can.
  virtual std::string why_not_replayable() const = 0;

  // Of the batch at hand.
  virtual std::uint64_t row_count() const = 0;
  virtual std::uint64_t byte_count() const = 0;
  /// Since the start: pieces of input that could not be made a row; how often it failed and was called again, and why.
  virtual std::uint64_t set_aside() const = 0;
  virtual receiver_failures failures() const = 0;
};

/// The node that gives a source's rows.
template <batch_source Source>
class input_node final : public node<typename Source::row>, public batch_input {
 public:
  input_node(node_room& room, std::string name, Source source)
      : node<typename Source::row>(room, std::move(name), {}, room.interval), source_(std::move(source)) {}

  const std::string& input_name() const override { return this->name(); }

  void start(std::function<void()> arrived) override {
    if constexpr (requires { source_.start(arrived); }) source_.start(std::move(arrived));
  }
  void stop() override {
    if constexpr (requires { source_.stop(); }) source_.stop();
  }
  bool receives() const override {
    return requires(Source& source) { source.stop(); };  // here the member is const
  }

  std::expected<std::string, io_error> take(std::size_t rows_max) override {
    auto got = source_.poll(rows_max);
    if (!got) return std::unexpected(got.error());
    ended_ = got->ended;
    if (!got->range.empty()) last_range_ = got->range;
    hold(std::move(got->taken));
    return std::move(got->range);
  }

  std::expected<void, io_error> take_again(std::string_view range) override {
    if (range.empty()) {
      hold({});
      return {};
    }
    if constexpr (replayable_source<Source>) {
      auto got = source_.replay(range);
      if (!got) return std::unexpected(got.error());
      last_range_ = range;
      hold(std::move(*got));
      return {};
    } else {
      return std::unexpected(io_error{this->name() + ": " + why_not_replayable()});
    }
  }

  void forget(std::string_view range) override {
    if constexpr (requires { source_.forget(range); }) source_.forget(range);
  }
  bool ended() const override { return ended_; }
  bool waits() const override {
    return requires { requires Source::waits; };
  }
  std::string why_not_replayable() const override {
    if constexpr (!replayable_source<Source>) return "it cannot give again what was taken";
    if constexpr (requires { source_.why_not_replayable(); }) return source_.why_not_replayable();
    return {};
  }

  std::uint64_t row_count() const override { return taken_.rows.size(); }
  std::uint64_t byte_count() const override { return taken_.bytes; }
  std::uint64_t set_aside() const override {
    std::uint64_t sum = 0;
    if constexpr (requires { source_.aside(); }) {
      for (const auto& [reason, count] : source_.aside()) sum += count;
    }
    return sum;
  }

  receiver_failures failures() const override {
    if constexpr (requires { source_.failures(); }) return source_.failures();
    return {};
  }

  /// The context has taken the rows before it runs the nodes.
  void run(const batch_info&) override {}

  void save(encoder& out) const override {
    encode(out, last_range_);
    encode(out, saved_source());
  }
  void load(decoder& in) override {
    last_range_ = restored<std::string>(in);
    const auto saved = restored<std::string>(in);
    if (in.failed()) return;
    if constexpr (requires { source_.restore(saved); }) {
      if (!source_.restore(saved)) in.fail();
    } else if constexpr (replayable_source<Source>) {
      if (!last_range_.empty() && !source_.skip(last_range_)) in.fail();
    }
  }

 private:
  void hold(received<typename Source::row> taken) {
    taken_ = std::move(taken);
    this->rows_.clear();
    this->rows_.add_evenly(taken_.rows, this->room().parts);
  }

  std::string saved_source() const {
    if constexpr (requires { source_.save(); }) return source_.save();
    return {};
  }

  Source source_;
  received<typename Source::row> taken_;
  std::string last_range_;
  bool ended_ = false;
};

}  // namespace weir::stream
