#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "graph/memory/span_pool.hpp"
#include "graph/ring.hpp"

namespace weir::graph {

/// Where a chunk of the pool lies.
enum class chunk_ref : std::uint32_t {};

enum class direction : std::uint8_t { out, in };

/// Whose ring a chunk holds. A pool that moves a chunk says so by its owner.
struct ring_owner {
  vertex_id vertex{};
  direction side{};

  friend bool operator==(const ring_owner&, const ring_owner&) = default;
};

/// The sizes of chunks: four to a doubling, so that a ring that just outgrew one wastes a fifth at most. Class 0 is no
/// chunk: the one entry that fits into the vertex itself.
class chunk_size {
 public:
  static constexpr std::uint8_t inline_one = 0;
  static constexpr std::size_t count = 112;

  /// Entries that fit.
  static std::uint32_t capacity(std::uint8_t c) { return capacities[c]; }
  /// Words of 8 bytes: the entries, and the owner before them.
  static std::size_t words(std::uint8_t c) { return capacity(c) + std::size_t{1}; }

 private:
  static constexpr std::array<std::uint32_t, count> capacities = [] {
    std::array<std::uint32_t, count> all{1, 3, 5, 7};
    std::uint32_t words = 8;
    for (std::size_t c = 4; c < count; words *= 2) {
      for (std::uint32_t quarter = 1; quarter <= 4 && c < count; ++quarter) {
        all[c++] = words + quarter * (words / 4) - 1;
      }
    }
    return all;
  }();
};

/// Chunks of memory for rings. Those of one class lie side by side without holes: where one is freed, the last of its
/// class takes its place. So memory follows what is live, whatever the graph looked like before, and no pass tidies up.
/// A chunk of more than `small_words` is an allocation of its own. Of one thread.
///
/// At most 32 GiB of chunks; beyond that, std::length_error.
class ring_pool {
 public:
  explicit ring_pool(span_pool& spans) : spans_(&spans) {}

  chunk_ref allocate(std::uint8_t size_class, ring_owner owner);

  /// A chunk that lies elsewhere since another was freed.
  struct moved_chunk {
    ring_owner owner;
    chunk_ref now{};
  };
  [[nodiscard]] std::optional<moved_chunk> free(chunk_ref chunk, std::uint8_t size_class);

  ring_entry* slots(chunk_ref chunk) { return reinterpret_cast<ring_entry*>(words(chunk) + 1); }
  const ring_entry* slots(chunk_ref chunk) const { return reinterpret_cast<const ring_entry*>(words(chunk) + 1); }

  /// Beyond the spans: large chunks, and tables.
  std::size_t bytes() const;

 private:
  static constexpr std::size_t span_words = span_pool::span_bytes / sizeof(std::uint64_t);
  static constexpr std::size_t small_words = 1024;
  static constexpr std::uint32_t offset_bits = 13;
  static_assert(std::size_t{1} << offset_bits == span_words);

  /// The chunks of one class: the first `per_span` of them in the first span, and so on.
  struct shelf {
    std::vector<std::uint32_t> spans;
    std::size_t count = 0;
  };

  std::uint64_t* words(chunk_ref chunk) const {
    const auto at = static_cast<std::uint32_t>(chunk);
    return bases_[at >> offset_bits] + (at & (span_words - 1));
  }
  static std::size_t per_span(std::uint8_t size_class) { return span_words / chunk_size::words(size_class); }
  chunk_ref place(const shelf& of, std::uint8_t size_class, std::size_t i) const;
  chunk_ref allocate_small(std::uint8_t size_class);
  chunk_ref allocate_large(std::uint8_t size_class);
  std::uint32_t add_base(std::uint64_t* base);
  void free_large(chunk_ref chunk, std::uint8_t size_class);
  void drop_last(shelf& of, std::uint8_t size_class);

  span_pool* spans_;
  std::array<shelf, chunk_size::count> shelves_;
  std::vector<std::uint64_t*> bases_;  // of spans and of large chunks, by the high bits of a chunk_ref
  std::vector<std::unique_ptr<std::uint64_t[]>> large_;  // as bases_
  std::vector<std::uint32_t> free_bases_;
  std::size_t large_bytes_ = 0;
};

}  // namespace weir::graph
