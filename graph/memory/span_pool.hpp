#pragma once

#include <cstddef>
#include <vector>

namespace weir::graph {

/// Memory in spans of one size, cut from large pages of the system (2 MiB, where it has them: a graph is read here and
/// there, and with small pages each read would wait for the page table too). Spans that are given back are handed out
/// again; the system gets its memory when the pool ends. Of one thread.
class span_pool {
 public:
  static constexpr std::size_t span_bytes = std::size_t{64} << 10;

  span_pool() = default;
  ~span_pool();
  span_pool(const span_pool&) = delete;
  span_pool& operator=(const span_pool&) = delete;

  /// `span_bytes` bytes with any content. Throws std::bad_alloc.
  std::byte* take();
  void give_back(std::byte* span) { free_.push_back(span); }

  /// All that is held from the system, handed out or not.
  std::size_t bytes() const { return regions_.size() * region_bytes; }

 private:
  static constexpr std::size_t region_bytes = std::size_t{2} << 20;

  void add_region();

  std::vector<std::byte*> regions_;
  std::vector<std::byte*> free_;
};

}  // namespace weir::graph
