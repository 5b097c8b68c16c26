#pragma once

#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "stream/bounded_queue.hpp"
#include "stream/framer.hpp"
#include "stream/source.hpp"

namespace weir::stream {

/// What a reader hands to the consumer: a block of whole records, records that were set aside while framing, or both;
/// at last the end of the source, or the error that ended it.
struct arrival {
  source_id source{};
  std::optional<block> bytes;
  std::vector<set_aside_record> aside;
  std::optional<io_error> error;
  bool ended = false;  // nothing follows, after an error neither
};

using arrival_queue = bounded_queue<arrival>;

struct reader_options {
  record_syntax syntax = record_syntax::ndjson;
  std::size_t read_bytes = 256 << 10;
  /// How long to sleep when the source has nothing new and does not wait itself.
  std::chrono::milliseconds nap{5};
};

/// Reads a byte source on a thread of its own, cuts it into records and hands blocks to a queue, at the pace that the
/// queue allows. Made and destroyed by one thread, which may at any time ask it to stop; the queue outlives it.
///
/// Asked to stop, it hands over nothing more, not even an end: the source is where it was, and not at its end.
class source_reader {
 public:
  template <byte_source Source>
  source_reader(Source source, source_id id, arrival_queue& into, reader_options options = {})
      : thread_([source = std::move(source), work = reading(id, into, options)](const std::stop_token& stop) mutable {
          work.run(source, stop);
        }) {}

  void request_stop() { thread_.request_stop(); }

 private:
  class reading {
   public:
    reading(source_id id, arrival_queue& into, reader_options options);

    template <byte_source Source>
    void run(Source& source, const std::stop_token& stop) {
      while (!stop.stop_requested() && take(source.read(framer_.room(options_.read_bytes)), stop)) {
      }
    }

   private:
    bool take(const std::expected<read_result, io_error>& read, const std::stop_token& stop);
    bool hand_over(std::optional<block> bytes, const std::stop_token& stop);
    bool hand_over_end(std::optional<io_error> error, const std::stop_token& stop);

    arrival_queue* into_;
    reader_options options_;
    record_framer framer_;
    std::vector<set_aside_record> aside_;
  };

  std::jthread thread_;
};

}  // namespace weir::stream
