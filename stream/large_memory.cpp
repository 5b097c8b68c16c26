#include "stream/large_memory.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace weir::stream {

// The system gives addresses aligned to its small pages: one large page more is asked for, and what lies outside of the
// aligned part is given back at once.
large_memory::large_memory(std::size_t bytes) : bytes_((bytes + page_bytes - 1) / page_bytes * page_bytes) {
  const std::size_t asked = bytes_ + page_bytes;
  void* const got = mmap(nullptr, asked, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (got == MAP_FAILED) throw std::bad_alloc();
  auto* const first = static_cast<std::byte*>(got);
  const std::size_t before = (page_bytes - reinterpret_cast<std::uintptr_t>(first) % page_bytes) % page_bytes;
  if (before > 0) munmap(first, before);
  begin_ = first + before;
  munmap(begin_ + bytes_, asked - before - bytes_);
  madvise(begin_, bytes_, MADV_HUGEPAGE);  // a wish: where it is not granted, small pages do
}

void large_memory::release() {
  if (begin_ != nullptr) munmap(begin_, bytes_);
}

}  // namespace weir::stream
