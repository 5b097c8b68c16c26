#pragma once

#include <concepts>
#include <cstdint>
#include <expected>
#include <stop_token>
#include <string>
#include <string_view>

#include "stream/dstream/rows.hpp"
#include "stream/source.hpp"

namespace weir::stream {

/// What a source gave for a batch.
template <class T>
struct polled {
  received<T> taken;
  std::string range{};  // names what was taken, so that `replay` can give it again; empty: nothing was
  bool ended = false;   // nothing will come any more
};

/// A source that batches are drawn from: `poll(rows_max)` gives the next rows, so many at most, of what is there, and
/// never waits. One thread. The error says which source, and why: the stream ends with it.
///
/// What a source may have besides, and is called for where it is there:
///   start(arrived), stop()   it receives by itself: `arrived()` is to be called, from any thread, when there is
///   something to poll save(), restore(text)    what it must remember in a snapshot, as text; otherwise `skip` of the
///   last range brings it there forget(range)            nothing up to this range will be replayed why_not_replayable()
///   empty, or why it cannot replay after all set_aside()              how many pieces of input could not be made a row
///   static bool waits        true: `poll` waits a little itself where there is nothing
template <class S>
concept batch_source = requires(S s, std::size_t rows_max) {
  typename S::row;
  { s.poll(rows_max) } -> std::same_as<std::expected<polled<typename S::row>, io_error>>;
};

/// One that can give again what it gave: for programs with a checkpoint.
///   replay(range)    the rows that a poll with this range gave, before a restart or after; the source then goes on
///   behind them.
///                    Ranges are replayed in the order in which they were polled.
///   skip(range)      the same without the rows: all up to this range is done
template <class S>
concept replayable_source = batch_source<S> && requires(S s, std::string_view range) {
  { s.replay(range) } -> std::same_as<std::expected<received<typename S::row>, io_error>>;
  { s.skip(range) } -> std::same_as<std::expected<void, io_error>>;
};

/// Where a receiver puts what it has received.
template <class T>
class receiver_store {
 public:
  virtual ~receiver_store() = default;

  /// Takes rows over, and waits while the store is full: the receiver is then to read no more, so that its sender is
  /// slowed down. Once it returns true the rows will be in a batch, and may be acknowledged; with a receiver log they
  /// are on disk. False: the stream stops, and the rows were not taken.
  virtual bool put(received<T> rows) = 0;

  /// The connection works: the next failure is again a first one.
  virtual void connected() = 0;

  /// Counts a piece of input that could not be made a row, with the reason ("line longer than 1 MiB").
  virtual void set_aside(std::string_view reason) = 0;
};

/// How often a receiver has failed since the start, and with which words the last time.
struct receiver_failures {
  std::uint64_t count = 0;
  std::string last{};
};

/// A source that pushes: it runs in a thread of its own and puts what comes into the store, until `stop` is requested
/// or its sender has ended for good (a value), or something failed (the error): then it is called again, after a pause
/// that grows from a tenth of a second to half a minute.
template <class R>
concept receiver = requires(R r, receiver_store<typename R::row>& into, std::stop_token stop) {
  typename R::row;
  { r.receive(into, stop) } -> std::same_as<std::expected<void, io_error>>;
};

}  // namespace weir::stream
