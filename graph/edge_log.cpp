#include "graph/edge_log.hpp"

#include <algorithm>

namespace weir::graph {

edge_id edge_log::push(const edge_event& e) {
  if (offset(end_) == 0 || blocks_.empty()) open_block();
  block& last = blocks_.back();
  const std::size_t i = offset(end_);
  last.from[i] = static_cast<std::uint32_t>(e.from);
  last.to[i] = static_cast<std::uint32_t>(e.to);
  last.at.write(i, static_cast<std::int64_t>(e.at));
  last.weight.write(i, e.weight);
  const edge_id id = end_;
  end_ = edge_id{static_cast<std::uint64_t>(end_) + 1};
  if (i + 1 == block_size) {
    narrow(last.at);
    narrow(last.weight);
  }
  return id;
}

void edge_log::pop() {
  if (from(first_) == marked) --marked_;
  first_ = edge_id{static_cast<std::uint64_t>(first_) + 1};
  if (offset(first_) != 0) return;
  give_back(blocks_.front());
  blocks_.pop_front();
}

void edge_log::mark(edge_id e) {
  blocks_[block_number(e)].from[offset(e)] = static_cast<std::uint32_t>(marked);
  ++marked_;
}

edge edge_log::operator[](edge_id e) const {
  const block& b = block_of(e);
  const std::size_t i = offset(e);
  return {e, vertex_id{b.from[i]}, vertex_id{b.to[i]}, time_us{b.at.read(i)}, b.weight.read(i)};
}

edge_id edge_log::first_since(time_us oldest) const {
  if (first_ == end_ || at(first_) >= oldest) return first_;  // most often when edges are put in one by one
  auto from = static_cast<std::uint64_t>(first_) + 1;
  auto to = static_cast<std::uint64_t>(end_);
  while (from < to) {
    const std::uint64_t middle = from + (to - from) / 2;
    if (at(edge_id{middle}) < oldest) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return edge_id{from};
}

void edge_log::open_block() {
  block& b = blocks_.emplace_back();
  for (std::uint32_t** span : {&b.from, &b.to, &b.at.low, &b.at.high, &b.weight.low, &b.weight.high}) *span = take();
}

// Once a block: what is within 2^32 of the least needs no high halves.
void edge_log::narrow(column& c) {
  std::int64_t least = c.read(0);
  std::int64_t greatest = least;
  for (std::size_t i = 1; i < block_size; ++i) {
    least = std::min(least, c.read(i));
    greatest = std::max(greatest, c.read(i));
  }
  const std::uint64_t width = static_cast<std::uint64_t>(greatest) - static_cast<std::uint64_t>(least);
  if (width >> 32 != 0) return;
  for (std::size_t i = 0; i < block_size; ++i) c.low[i] -= static_cast<std::uint32_t>(least);
  c.base = least;
  give_back(c.high);
  c.high = nullptr;
}

std::uint32_t* edge_log::take() { return reinterpret_cast<std::uint32_t*>(spans_->take()); }

void edge_log::give_back(std::uint32_t* span) {
  if (span != nullptr) spans_->give_back(reinterpret_cast<std::byte*>(span));
}

void edge_log::give_back(block& b) {
  for (std::uint32_t* span : {b.from, b.to, b.at.low, b.at.high, b.weight.low, b.weight.high}) give_back(span);
}

}  // namespace weir::graph
