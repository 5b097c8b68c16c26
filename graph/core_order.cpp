#include "graph/core_order.hpp"

#include <algorithm>

namespace weir::graph {

void core_order::reset(std::size_t vertex_count) {
  nodes_.assign(vertex_count, {});
  levels_.clear();
}

std::size_t core_order::grow(std::size_t vertex_count) {
  const std::size_t known = nodes_.size();
  if (vertex_count > known) nodes_.resize(vertex_count);
  return known;
}

void core_order::append(vertex_id v, std::uint32_t level) {
  const std::uint32_t last = level_at(level).last;
  place(static_cast<std::uint32_t>(v), level, last, none);
}

void core_order::prepend(vertex_id v, std::uint32_t level) {
  const std::uint32_t first = level_at(level).first;
  place(static_cast<std::uint32_t>(v), level, none, first);
}

void core_order::insert_after(vertex_id before, vertex_id v) {
  const node& at = node_of(before);
  place(static_cast<std::uint32_t>(v), at.level, static_cast<std::uint32_t>(before), at.after);
}

void core_order::remove(vertex_id v) {
  const node& n = node_of(v);
  ends& of = levels_[n.level];
  (n.before == none ? of.first : nodes_[n.before].after) = n.after;
  (n.after == none ? of.last : nodes_[n.after].before) = n.before;
}

core_order::ends& core_order::level_at(std::uint32_t level) {
  if (level >= levels_.size()) levels_.resize(level + 1);
  return levels_[level];
}

void core_order::place(std::uint32_t v, std::uint32_t level, std::uint32_t before, std::uint32_t after) {
  const std::int64_t label = label_between(before, after);
  nodes_[v] = {label, level, before, after};
  (before == none ? levels_[level].first : nodes_[before].after) = v;
  (after == none ? levels_[level].last : nodes_[after].before) = v;
}

std::int64_t core_order::label_between(std::uint32_t before, std::uint32_t after) {
  if (before == none && after == none) return 0;
  if (before == none) {
    if (nodes_[after].label < -far) renumber(nodes_[after].level);
    return nodes_[after].label - gap_;
  }
  if (after == none) {
    if (nodes_[before].label > far) renumber(nodes_[before].level);
    return nodes_[before].label + gap_;
  }
  if (nodes_[after].label - nodes_[before].label < 2) make_room_after(before);
  return nodes_[before].label + (nodes_[after].label - nodes_[before].label) / 2;
}

// Takes in as many of those behind as it needs to have more room than the square of their number, and spreads them.
void core_order::make_room_after(std::uint32_t v) {
  const std::int64_t from = nodes_[v].label;
  std::int64_t count = 1;
  std::uint32_t next = nodes_[v].after;
  while (next != none && nodes_[next].label - from <= count * count + 1) {
    next = nodes_[next].after;
    ++count;
  }
  const std::int64_t step = next == none ? gap_ : (nodes_[next].label - from) / count;
  std::int64_t label = from;
  for (std::uint32_t at = nodes_[v].after; at != next; at = nodes_[at].after) nodes_[at].label = label += step;
}

void core_order::renumber(std::uint32_t level) {
  std::int64_t count = 0;
  for (std::uint32_t at = levels_[level].first; at != none; at = nodes_[at].after) ++count;
  const std::int64_t step = std::min(gap_, far / (count + 1));
  std::int64_t label = -(count / 2) * step;
  for (std::uint32_t at = levels_[level].first; at != none; at = nodes_[at].after) nodes_[at].label = label += step;
}

}  // namespace weir::graph
