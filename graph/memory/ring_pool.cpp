#include "graph/memory/ring_pool.hpp"

#include <cstring>
#include <stdexcept>

namespace weir::graph {

namespace {

std::uint64_t as_word(ring_owner owner) {
  return std::uint64_t{static_cast<std::uint32_t>(owner.vertex)} << 1 | static_cast<std::uint64_t>(owner.side);
}

ring_owner as_owner(std::uint64_t word) {
  return {vertex_id{static_cast<std::uint32_t>(word >> 1)}, static_cast<direction>(word & 1)};
}

}  // namespace

chunk_ref ring_pool::allocate(std::uint8_t size_class, ring_owner owner) {
  const bool small = chunk_size::words(size_class) <= small_words;
  const chunk_ref chunk = small ? allocate_small(size_class) : allocate_large(size_class);
  *words(chunk) = as_word(owner);
  return chunk;
}

std::optional<ring_pool::moved_chunk> ring_pool::free(chunk_ref chunk, std::uint8_t size_class) {
  if (chunk_size::words(size_class) > small_words) {
    free_large(chunk, size_class);
    return std::nullopt;
  }
  shelf& of = shelves_[size_class];
  const chunk_ref last = place(of, size_class, of.count - 1);
  std::optional<moved_chunk> moved;
  if (last != chunk) {
    std::memcpy(words(chunk), words(last), chunk_size::words(size_class) * sizeof(std::uint64_t));
    moved = {as_owner(*words(chunk)), chunk};
  }
  drop_last(of, size_class);
  return moved;
}

chunk_ref ring_pool::place(const shelf& of, std::uint8_t size_class, std::size_t i) const {
  const std::size_t each = per_span(size_class);
  const std::size_t offset = i % each * chunk_size::words(size_class);
  return chunk_ref{of.spans[i / each] << offset_bits | static_cast<std::uint32_t>(offset)};
}

chunk_ref ring_pool::allocate_small(std::uint8_t size_class) {
  shelf& of = shelves_[size_class];
  if (of.count == of.spans.size() * per_span(size_class)) {
    of.spans.push_back(add_base(reinterpret_cast<std::uint64_t*>(spans_->take())));
  }
  return place(of, size_class, of.count++);
}

// One span more than needed is kept, for a class that goes up and down by one.
void ring_pool::drop_last(shelf& of, std::uint8_t size_class) {
  --of.count;
  if (of.count + 2 * per_span(size_class) > of.spans.size() * per_span(size_class)) return;
  const std::uint32_t base = of.spans.back();
  of.spans.pop_back();
  spans_->give_back(reinterpret_cast<std::byte*>(bases_[base]));
  free_bases_.push_back(base);
}

chunk_ref ring_pool::allocate_large(std::uint8_t size_class) {
  const std::size_t size = chunk_size::words(size_class);
  std::unique_ptr<std::uint64_t[]> chunk(new std::uint64_t[size]);
  const std::uint32_t base = add_base(chunk.get());
  large_[base] = std::move(chunk);
  large_bytes_ += size * sizeof(std::uint64_t);
  return chunk_ref{base << offset_bits};
}

void ring_pool::free_large(chunk_ref chunk, std::uint8_t size_class) {
  const std::uint32_t base = static_cast<std::uint32_t>(chunk) >> offset_bits;
  large_[base].reset();
  large_bytes_ -= chunk_size::words(size_class) * sizeof(std::uint64_t);
  free_bases_.push_back(base);
}

std::uint32_t ring_pool::add_base(std::uint64_t* base) {
  if (!free_bases_.empty()) {
    const std::uint32_t place = free_bases_.back();
    free_bases_.pop_back();
    bases_[place] = base;
    return place;
  }
  if (bases_.size() == std::size_t{1} << (32 - offset_bits)) throw std::length_error("a graph of more than 32 GiB");
  bases_.push_back(base);
  large_.emplace_back();
  return static_cast<std::uint32_t>(bases_.size() - 1);
}

std::size_t ring_pool::bytes() const {
  std::size_t tables = bases_.capacity() * (sizeof(bases_[0]) + sizeof(large_[0]) + sizeof(free_bases_[0]));
  for (const shelf& of : shelves_) tables += of.spans.capacity() * sizeof(of.spans[0]);
  return large_bytes_ + tables;
}

}  // namespace weir::graph
