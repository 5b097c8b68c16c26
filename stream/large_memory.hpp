#pragma once

#include <cstddef>
#include <utility>

namespace weir::stream {

/// Zeroed memory straight from the system, aligned to and for pages of 2 MiB where the system has them: what is read
/// here and there in many megabytes else waits for the page table as long as for the memory. Taken when touched, given
/// back whole.
class large_memory {
 public:
  static constexpr std::size_t page_bytes = std::size_t{2} << 20;

  large_memory() = default;
  /// Rounds `bytes` up to whole pages. Throws std::bad_alloc.
  explicit large_memory(std::size_t bytes);
  ~large_memory() { release(); }
  large_memory(large_memory&& other) noexcept
      : begin_(std::exchange(other.begin_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  large_memory& operator=(large_memory&& other) noexcept {
    std::swap(begin_, other.begin_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }

  std::byte* data() const { return begin_; }
  std::size_t bytes() const { return bytes_; }
  explicit operator bool() const { return begin_ != nullptr; }

 private:
  void release();

  std::byte* begin_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace weir::stream
