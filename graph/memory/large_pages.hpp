#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

namespace weir::graph {

/// Memory for arrays that are read here and there: in large pages (2 MiB, where the system has them) if there is enough
/// for one. With small pages each read would wait for the page table too.
template <class T>
struct large_pages {
  using value_type = T;

  large_pages() = default;
  template <class U>
  explicit large_pages(const large_pages<U>&) {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < page_bytes) return static_cast<T*>(::operator new(bytes));
    const std::size_t whole = (bytes + page_bytes - 1) / page_bytes * page_bytes;
    void* const got = std::aligned_alloc(page_bytes, whole);
    if (got == nullptr) throw std::bad_alloc();
    madvise(got, whole, MADV_HUGEPAGE);  // a wish: where it is not granted, small pages do
    return static_cast<T*>(got);
  }
  void deallocate(T* p, std::size_t count) {
    if (count * sizeof(T) < page_bytes) {
      ::operator delete(p);
    } else {
      std::free(p);
    }
  }

  template <class U>
  friend bool operator==(const large_pages&, const large_pages<U>&) {
    return true;
  }

 private:
  static constexpr std::size_t page_bytes = std::size_t{2} << 20;
};

template <class T>
using paged_vector = std::vector<T, large_pages<T>>;

}  // namespace weir::graph
