#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "apps/weir/config.hpp"
#include "stream/intake.hpp"
#include "stream/source.hpp"

namespace weir::app {

/// Reads every source in a thread of its own and feeds the intake with what arrives. Each source has a share of the
/// queue: one that is ahead in event time waits for the one that holds the watermark back. The loop's thread.
class input_feed {
 public:
  struct limits {
    std::size_t rows = 0;     // of a batch: when so many are there, nothing is waited for
    stream::duration wait{};  // how long a live event waits for others
  };

  /// Opens every source; `into` outlives the feed. Throws `failure` when one cannot be opened.
  input_feed(const std::vector<source_config>& sources, stream::intake& into, limits chosen);
  /// The same for several intakes, one at least, of the same sources: each is fed with all that arrives.
  input_feed(const std::vector<source_config>& sources, std::vector<stream::intake*> into, limits chosen);
  ~input_feed();

  /// From now on the sources are read.
  void begin();

  /// Feeds what has arrived; waits for something, but not for long. False when there will be nothing more: every source
  /// has ended, one has failed, or a stop was asked for. Records that could not even be cut out go to `aside`.
  bool wait(std::vector<stream::set_aside_record>& aside);

  /// Why a source could not be read to its end.
  const std::optional<stream::io_error>& error() const;

  /// Records of a source that could not be cut out: too long to be one.
  std::uint64_t uncut(stream::source_id source) const;

  /// True if some source may go on for ever: standard input, a pipe, a file that is followed.
  bool endless() const;
  /// Bytes read of the bounded files, and their size; of a compressed one the compressed bytes.
  std::uint64_t bytes_read() const;
  std::uint64_t bytes_total() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace weir::app
