#include "graph/store.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <vector>

namespace weir::graph {

namespace {

// How many edges ahead memory is asked for: first the vertices' records, then, when these have come, their slots.
constexpr std::size_t records_ahead = 32;
constexpr std::size_t slots_ahead = 12;

edge_id plus(edge_id e, std::uint64_t n) { return edge_id{static_cast<std::uint64_t>(e) + n}; }

// No time is older than the first.
time_us oldest_kept(time_us now, std::int64_t keep_us) {
  std::int64_t oldest = 0;
  if (__builtin_sub_overflow(static_cast<std::int64_t>(now), keep_us, &oldest)) oldest = INT64_MIN;
  return time_us{oldest};
}

bool by_id(const edge& a, const edge& b) { return a.id < b.id; }

}  // namespace

store::store(store_options options)
    : options_(options), spans_(std::make_unique<span_pool>()), log_(*spans_), adjacency_(*spans_) {}

const delta& store::apply(std::span<const edge_event> edges, time_us now, std::span<const edge_id> retracted) {
  const edge_id first_new = log_.end();
  changed_.came.clear();
  changed_.too_old.clear();
  changed_.taken_back.clear();
  insert(edges);
  retract(retracted, first_new);
  expire(log_.first_since(oldest_kept(now, options_.keep_us)), first_new);
  if (!changed_.empty()) ++version_;
  return changed_;
}

void store::insert(std::span<const edge_event> edges) {
  const std::uint64_t held = static_cast<std::uint64_t>(log_.end()) - static_cast<std::uint64_t>(log_.first());
  if ((edges.size() + held) >> 32 != 0) throw std::length_error("a window of 2^32 edges");
  assert(std::ranges::is_sorted(edges, {}, &edge_event::at));
  for (const edge_event& e : edges) {
    adjacency_.touch(e.from);
    adjacency_.touch(e.to);
  }
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (i + records_ahead < edges.size()) {
      adjacency_.fetch_records(edges[i + records_ahead].from, edges[i + records_ahead].to);
    }
    if (i + slots_ahead < edges.size()) adjacency_.fetch_slots(edges[i + slots_ahead].from, edges[i + slots_ahead].to);
    const edge_event& e = edges[i];
    const edge_id id = log_.push(e);
    adjacency_.push(e.from, e.to, id);
    changed_.came.push_back({id, e.from, e.to, e.at, e.weight});
  }
}

void store::retract(std::span<const edge_id> retracted, edge_id first_new) {
  for (const edge_id id : retracted) {
    if (!log_.contains(id)) continue;
    const edge e = log_[id];
    adjacency_.erase(e.from, e.to, id, log_.first());
    log_.mark(id);
    if (id < first_new) {
      changed_.taken_back.push_back(e);
    } else {
      std::erase_if(changed_.came, [id](const edge& c) { return c.id == id; });
    }
  }
  std::ranges::sort(changed_.taken_back, by_id);
}

void store::expire(edge_id end, edge_id first_new) {
  for (edge_id id = log_.first(); id < end; id = plus(id, 1)) {
    if (const edge_id ahead = plus(id, records_ahead); ahead < end)
      adjacency_.fetch_records(log_.from(ahead), log_.to(ahead));
    if (log_.contains(id)) {
      const edge e = log_[id];
      adjacency_.pop(e.from, e.to);
      if (id < first_new) changed_.too_old.push_back(e);
    }
    log_.pop();
  }
  std::erase_if(changed_.came, [&](const edge& e) { return e.id < end; });
}

as_of_view store::between(edge_id first, edge_id end) const {
  const edge_id last = std::min(end, log_.end());
  return {*this, std::min(std::max(first, log_.first()), last), last};
}

as_of_view store::as_of(edge_id last, time_us oldest) const {
  const edge_id end = std::min(plus(last, 1), log_.end());
  return {*this, std::min(log_.first_since(oldest), end), end};
}

}  // namespace weir::graph
