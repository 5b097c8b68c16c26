#include "graph/memory/span_pool.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace weir::graph {

span_pool::~span_pool() {
  for (std::byte* region : regions_) munmap(region, region_bytes);
}

std::byte* span_pool::take() {
  if (free_.empty()) add_region();
  std::byte* const span = free_.back();
  free_.pop_back();
  return span;
}

// The system aligns to its small pages: twice as much is asked for, and what lies outside of the aligned part goes
// back.
void span_pool::add_region() {
  regions_.reserve(regions_.size() + 1);
  free_.reserve(free_.size() + region_bytes / span_bytes);
  void* const got = mmap(nullptr, 2 * region_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (got == MAP_FAILED) throw std::bad_alloc();
  auto* const asked = static_cast<std::byte*>(got);
  const std::size_t before = (region_bytes - reinterpret_cast<std::uintptr_t>(asked) % region_bytes) % region_bytes;
  std::byte* const region = asked + before;
  if (before > 0) munmap(asked, before);
  munmap(region + region_bytes, region_bytes - before);
  madvise(region, region_bytes, MADV_HUGEPAGE);  // a wish: where it is not granted, small pages do
  regions_.push_back(region);
  for (std::size_t end = region_bytes; end > 0; end -= span_bytes) free_.push_back(region + end - span_bytes);
}

}  // namespace weir::graph
