#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "graph/memory/ring_pool.hpp"
#include "graph/memory/span_pool.hpp"
#include "graph/ring.hpp"

namespace weir::graph {

/// A ring as its vertex keeps it, in 16 bytes: a lone edge lies in place, more lie in a chunk of the pool.
struct ring {
  /// Where the entries are when they are not in place.
  struct circle {
    chunk_ref chunk;
    std::uint32_t head;
  };

  union {
    ring_entry only{};
    circle many;
  };
  std::uint32_t size = 0;
  std::uint8_t size_class = chunk_size::inline_one;

  bool in_place() const { return size_class == chunk_size::inline_one; }
  std::uint32_t capacity() const { return chunk_size::capacity(size_class); }
};

/// What a graph keeps of a vertex: half a cache line.
struct vertex_record {
  ring out;
  ring in;

  ring& side(direction d) { return d == direction::out ? out : in; }
};
static_assert(sizeof(vertex_record) == 32);

/// Records of vertices by id, in pages that come with the first vertex in them: ids need not be dense, and records
/// never move. A flood of ids takes 32 bytes each; one id far out, a page of 64 KiB and 8 bytes for each page before
/// it, which is 16 MiB at the very most.
class vertex_table {
 public:
  explicit vertex_table(span_pool& spans) : spans_(&spans) {}

  /// The record of `v`, made if there is none.
  vertex_record& touch(vertex_id v) {
    const std::size_t page = static_cast<std::uint32_t>(v) / per_page;
    if (page >= pages_.size() || pages_[page] == nullptr) add_page(page);
    if (count_ <= static_cast<std::uint32_t>(v)) count_ = std::size_t{static_cast<std::uint32_t>(v)} + 1;
    return pages_[page][static_cast<std::uint32_t>(v) % per_page];
  }
  /// The record of `v`, which was touched before.
  vertex_record& operator[](vertex_id v) {
    return pages_[static_cast<std::uint32_t>(v) / per_page][static_cast<std::uint32_t>(v) % per_page];
  }
  /// Null for a vertex on no page.
  const vertex_record* find(vertex_id v) const {
    const std::size_t page = static_cast<std::uint32_t>(v) / per_page;
    if (page >= pages_.size() || pages_[page] == nullptr) return nullptr;
    return pages_[page] + static_cast<std::uint32_t>(v) % per_page;
  }

  /// One more than the greatest id that was touched.
  std::size_t count() const { return count_; }
  /// Beyond the spans.
  std::size_t bytes() const { return pages_.capacity() * sizeof(pages_[0]); }

 private:
  static constexpr std::uint32_t per_page = span_pool::span_bytes / sizeof(vertex_record);

  void add_page(std::size_t page);

  span_pool* spans_;
  std::vector<vertex_record*> pages_;
  std::size_t count_ = 0;
};

}  // namespace weir::graph
