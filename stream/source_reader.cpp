#include "stream/source_reader.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace weir::stream {

namespace {

/// Sleeps, but not longer than until a stop is asked for.
void nap(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

source_reader::reading::reading(source_id id, arrival_queue& into, reader_options options)
    : into_(&into), options_(options), framer_(options.syntax, id) {
  options_.read_bytes = std::min(options.read_bytes, record_framer::record_bytes_max);
}

/// False when the reading is over.
bool source_reader::reading::take(const std::expected<read_result, io_error>& read, const std::stop_token& stop) {
  if (!read) return hand_over_end(read.error(), stop);
  if (read->bytes > 0) {
    auto framed = framer_.take(read->bytes, aside_);
    if (!hand_over(std::move(framed), stop)) return false;
  }
  if (read->ended) return hand_over_end(std::nullopt, stop);
  if (read->bytes == 0) nap(options_.nap, stop);
  return true;
}

bool source_reader::reading::hand_over(std::optional<block> bytes, const std::stop_token& stop) {
  if (!bytes && aside_.empty()) return true;
  const std::size_t size = bytes ? bytes->size : 0;
  arrival next{.source = framer_.source(), .bytes = std::move(bytes), .aside = std::exchange(aside_, {}), .error = {}};
  return into_->push(framer_.source(), std::move(next), size, stop);
}

/// Hands over what the framer has left, and the end. An error too leaves standing what came before it.
bool source_reader::reading::hand_over_end(std::optional<io_error> error, const std::stop_token& stop) {
  if (!error && !hand_over(framer_.finish(), stop)) return false;
  arrival last{.source = framer_.source(), .bytes = {}, .aside = {}, .error = std::move(error), .ended = true};
  into_->push(framer_.source(), std::move(last), 0, stop);
  return false;
}

}  // namespace weir::stream
