#include "tests/support/naive_graph.hpp"

#include <algorithm>

namespace weir::testing {

using namespace graph;

namespace {

// Moves what fits out of `from`, to the end of `to`, but for those from `first_new` on, which are only taken away.
template <class Fits>
void take(std::vector<edge>& from, std::vector<edge>& to, edge_id first_new, Fits fits) {
  for (const edge& e : from) {
    if (fits(e) && e.id < first_new) to.push_back(e);
  }
  std::erase_if(from, fits);
}

}  // namespace

delta naive_graph::apply(std::span<const edge_event> edges, time_us now, std::span<const edge_id> retracted) {
  const edge_id first_new{next_};
  for (const edge_event& e : edges) {
    live_.push_back({edge_id{next_++}, e.from, e.to, e.at, e.weight});
    vertices_ = std::max({vertices_, static_cast<std::size_t>(e.from) + 1, static_cast<std::size_t>(e.to) + 1});
  }
  delta changed;
  take(live_, changed.taken_back, first_new,
       [&](const edge& e) { return std::ranges::find(retracted, e.id) != retracted.end(); });
  const time_us oldest{static_cast<std::int64_t>(now) - keep_us_};
  take(live_, changed.too_old, first_new, [&](const edge& e) { return e.at < oldest; });
  for (const edge& e : live_) {
    if (e.id >= first_new) changed.came.push_back(e);
  }
  return changed;
}

std::vector<neighbour> naive_graph::out_edges(vertex_id v) const {
  std::vector<neighbour> found;
  for (const edge& e : live_) {
    if (e.from == v) found.push_back({e.to, e.id});
  }
  return found;
}

std::vector<neighbour> naive_graph::in_edges(vertex_id v) const {
  std::vector<neighbour> found;
  for (const edge& e : live_) {
    if (e.to == v) found.push_back({e.from, e.id});
  }
  return found;
}

bool naive_graph::contains(edge_id e) const { return std::ranges::find(live_, e, &edge::id) != live_.end(); }

edge naive_graph::edge_of(edge_id e) const { return *std::ranges::find(live_, e, &edge::id); }

naive_graph naive_graph::as_of(edge_id last, time_us oldest) const {
  naive_graph cut = *this;
  std::erase_if(cut.live_, [&](const edge& e) { return e.id > last || e.at < oldest; });
  return cut;
}

}  // namespace weir::testing
