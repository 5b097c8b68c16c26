#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include <boost/unordered/unordered_flat_map.hpp>

#include "stream/time.hpp"

namespace weir::cep {

/// What is silent until when because of one pattern's `suppress`, and what was kept back meanwhile. All shards of the
/// pattern share it: a subject that comes back under another id may be in another one. Within a batch one shard alone
/// has a key, so that the order in which they come changes nothing.
class silences {
 public:
  explicit silences(stream::duration length) : length_(length) {}

  /// Whether an alert at `at` is held back. If not, the silence begins anew, and `kept_before` says how many were held
  /// back since the last one. May be called side by side.
  bool hold_back(const std::string& key, stream::timestamp at, std::uint64_t& kept_before);

  /// Between batches: forgets, from time to time, silences that are over and have nothing to tell.
  void pass(stream::timestamp watermark);
  void clear() { silences_.clear(); }

 private:
  struct silence {
    stream::timestamp until = stream::start_of_time;
    std::uint64_t kept_back = 0;
  };

  stream::duration length_;
  std::mutex shared_;
  boost::unordered_flat_map<std::string, silence> silences_;
  stream::timestamp next_sweep_ = stream::start_of_time;
};

}  // namespace weir::cep
