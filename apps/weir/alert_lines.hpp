#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/alert.hpp"
#include "rules/detector.hpp"
#include "rules/line_buffer.hpp"
#include "stream/worker_pool.hpp"

namespace weir::app {

/// Writes the alerts of a batch as lines of JSON, several side by side. Owned by the loop; its thread.
class alert_lines {
 public:
  struct numbered {
    const cep::match* found = nullptr;
    std::uint64_t seq = 0;
  };

  /// What it is given outlives it. A writer for each worker, all alike.
  alert_lines(const rules::program& rules, stream::symbols& names, const std::vector<std::string>& source_names,
              stream::worker_pool& workers);

  /// One of the writers, for what is asked of one alert.
  const rules::alert_writer& writer() const { return desks_.front().writer; }

  /// As many lines as there are alerts, in their order, as long as they fit into a piece: the rest is for the next
  /// call. Valid until then.
  std::span<const std::string_view> write(std::span<const numbered> alerts, const rules::detector& from,
                                          stream::timestamp detected);

  /// The program has other rules now.
  void replace();
  /// Takes over what `reload` has read again into the program.
  void update(const rules::reloaded& changes);

 private:
  struct desk {
    rules::alert_writer writer;
    rules::line_buffer written{};
    std::vector<std::size_t> ends{};  // of the lines in it
  };

  stream::worker_pool& workers_;
  std::vector<desk> desks_;  // at least one
  std::vector<std::string_view> lines_;
};

}  // namespace weir::app
