#include "cep/live_graph.hpp"

#include <algorithm>
#include <utility>

#include "graph/algorithms/fan_patterns.hpp"
#include "graph/algorithms/temporal_cycles.hpp"
#include "graph/algorithms/temporal_paths.hpp"

namespace weir::cep {

namespace {

using enum graph_function;

graph::time_us time_of(stream::timestamp at) { return graph::time_us{at.time_since_epoch().count()}; }

stream::symbol entity_of(const stream::event_view& event, stream::field_id field) { return event[field].id(event.row); }

bool is_degree_or_flow(graph_function f) { return f == in_degree || f == out_degree || f == in_flow || f == out_flow; }
bool is_fan(graph_function f) { return f == fan_in || f == fan_out; }
bool is_of_community(graph_function f) { return f == community || f == community_size; }
bool is_of_component(graph_function f) { return f == component || f == component_size || f == connected; }

template <class State>
const State* of_length(const std::vector<graph::trailing<State>>& states, std::int64_t length_us) {
  const auto found = std::ranges::find(states, length_us, &graph::trailing<State>::length_us);
  return found == states.end() ? nullptr : &found->state();
}

// The last multiple of `every` that is not after `now`.
stream::timestamp last_multiple(stream::timestamp now, stream::duration every) {
  const std::int64_t t = now.time_since_epoch().count();
  const std::int64_t rest = t % every.count();
  return stream::saturating_add(now, stream::duration{rest < 0 ? -(rest + every.count()) : -rest});
}

value number(std::uint64_t n) { return value::of(static_cast<int128>(n)); }

}  // namespace

live_graph::live_graph(const graph_shape& shape) : shape_(shape), store_({.keep_us = shape.keep.count()}) {}

// ---- what is asked

std::int64_t live_graph::length_of(const graph_question& question) const {
  return std::min(question.length.value_or(shape_.keep), shape_.keep).count();
}

std::span<const graph::vertex_id> live_graph::vertices_of(std::uint16_t list) const {
  return std::ranges::find(lists_, list, &listed_vertices::list)->vertices;
}

graph::hops live_graph::made_hops(std::uint16_t list, std::uint16_t at_most) const {
  const auto sources = vertices_of(list);
  return graph::hops(
      {.sources = {sources.begin(), sources.end()}, .along = graph::edge_side::either, .at_most = at_most});
}

refreshed<graph::page_rank> live_graph::made_ranks(const std::optional<std::uint16_t>& list) const {
  graph::page_rank_options options;
  if (list) {
    const auto seeds = vertices_of(*list);
    options.seeds.assign(seeds.begin(), seeds.end());
  }
  return refreshed(graph::page_rank(std::move(options)));
}

void live_graph::prepare(const graph_question& q, std::span<const stream::symbol> listed) {
  const auto known = [&](const listed_vertices& one) { return one.list == *q.list; };
  if (q.list && std::ranges::none_of(lists_, known)) {
    lists_.push_back({.list = *q.list, .vertices = {}});
    replace_list(*q.list, listed);
  }
  const std::int64_t length = length_of(q);
  const graph::time_us now = time_of(now_);
  if (is_degree_or_flow(q.function) && of_length(flows_, length) == nullptr) flows_.emplace_back(length, store_, now);
  if (is_fan(q.function) && of_length(fans_, length) == nullptr) fans_.emplace_back(length, store_, now);
  if (is_of_component(q.function) && !components_) {
    components_.emplace();
    for (const graph::edge& e : store_.edges()) components_->insert(e);
  }
  if (q.function == graph_function::triangles && !triangles_) triangles_.emplace().recompute(store_);
  if (q.function == core && !cores_) cores_.emplace().recompute(store_);
  if (q.function == clustering && !clustering_) clustering_.emplace();
  if (is_of_community(q.function) && !communities_) communities_.emplace();
  if (q.function == graph_function::betweenness && !betweenness_) betweenness_.emplace();
  const auto same_hops = [&](const hops_from& one) { return one.list == *q.list && one.at_most == q.most; };
  if (q.function == hops && std::ranges::none_of(hops_, same_hops)) {
    hops_.push_back({.list = *q.list, .at_most = q.most, .hops = made_hops(*q.list, q.most)});
    hops_.back().hops.recompute(store_);
  }
  const bool is_rank = q.function == pagerank || q.function == risk;
  if (is_rank && std::ranges::find(ranks_, q.list, &rank::list) == ranks_.end()) {
    ranks_.push_back({.list = q.list, .ranks = made_ranks(q.list)});
  }
}

void live_graph::replace_list(std::uint16_t list, std::span<const stream::symbol> listed) {
  const auto known = std::ranges::find(lists_, list, &listed_vertices::list);
  if (known == lists_.end()) return;
  const auto before = std::exchange(known->vertices, {});
  for (const stream::symbol one : listed) known->vertices.push_back(vertices_.add(one));
  vertices_.unpin_all();
  for (const listed_vertices& each : lists_) {
    for (const graph::vertex_id v : each.vertices) vertices_.pin(v);
  }
  for (const graph::vertex_id v : before) may_go(v);
  for (hops_from& one : hops_) {
    if (one.list != list) continue;
    one.hops = made_hops(list, one.at_most);
    one.hops.recompute(store_);
  }
  for (rank& one : ranks_) {
    if (one.list == list) one.ranks = made_ranks(one.list);
  }
}

void live_graph::keep_only(std::span<const graph_question> questions) {
  const auto asked = [&](const auto& fits) { return std::ranges::any_of(questions, fits); };
  std::erase_if(flows_, [&](const auto& one) {
    return !asked([&](const auto& q) { return is_degree_or_flow(q.function) && length_of(q) == one.length_us(); });
  });
  std::erase_if(fans_, [&](const auto& one) {
    return !asked([&](const auto& q) { return is_fan(q.function) && length_of(q) == one.length_us(); });
  });
  if (!asked([](const auto& q) { return is_of_component(q.function); })) components_.reset();
  if (!asked([](const auto& q) { return q.function == graph_function::triangles; })) triangles_.reset();
  if (!asked([](const auto& q) { return q.function == core; })) cores_.reset();
  if (!asked([](const auto& q) { return q.function == clustering; })) clustering_.reset();
  if (!asked([](const auto& q) { return is_of_community(q.function); })) communities_.reset();
  if (!asked([](const auto& q) { return q.function == graph_function::betweenness; })) betweenness_.reset();
  std::erase_if(hops_, [&](const hops_from& one) {
    return !asked([&](const auto& q) { return q.function == hops && q.list == one.list && q.most == one.at_most; });
  });
  std::erase_if(ranks_, [&](const rank& one) {
    return !asked([&](const auto& q) { return (q.function == pagerank || q.function == risk) && q.list == one.list; });
  });
}

// ---- the way of the stream

void live_graph::reach(stream::timestamp now) {
  if (now <= now_) return;
  if (shape_.refresh) refresh_until(now);
  move_to(now);
}

void live_graph::refresh_until(stream::timestamp now) {
  const stream::timestamp due = last_multiple(now, *shape_.refresh);
  if (refreshed_at_ && due <= *refreshed_at_) return;
  move_to(due);
  refreshed_at_ = due;
  refresh();
}

// As of a moment before any event of its time.
void live_graph::refresh() {
  since_.came.clear();
  const graph::edge_id first = std::max(refreshed_to_, first_event_);
  for (graph::edge_id e = first; e < store_.next_edge(); e = graph::edge_id{static_cast<std::uint64_t>(e) + 1}) {
    since_.came.push_back(store_.edge_of(e));
  }
  for (rank& one : ranks_) one.ranks.update(store_, since_);
  if (clustering_) clustering_->update(store_, since_);
  if (communities_) communities_->update(store_, since_);
  if (betweenness_) betweenness_->update(store_, since_);
  refreshed_to_ = store_.next_edge();
  since_.too_old.clear();
  ++round_;
  for (const graph::vertex_id v : std::exchange(to_release_, {})) release(v);
}

void live_graph::move_to(stream::timestamp now) {
  if (now <= now_) return;
  now_ = now;
  for (auto& one : flows_) one.expire(store_, time_of(now));
  for (auto& one : fans_) one.expire(store_, time_of(now));
  const graph::delta& change = store_.apply({}, time_of(now));
  if (change.empty()) return;
  take(change);
  release_ends(change);
}

void live_graph::put(const stream::event_view& event, stream::event_handle handle) {
  last_is_edge_ = event[shape_.from].present(event.row) && event[shape_.to].present(event.row);
  if (!last_is_edge_) return;
  graph::edge_event edge{.from = vertices_.add(entity_of(event, shape_.from)),
                         .to = vertices_.add(entity_of(event, shape_.to)),
                         .at = time_of(event.at())};
  vertices_.enter(edge.from, round_);
  vertices_.enter(edge.to, round_);
  if (shape_.weight && event[*shape_.weight].present(event.row)) edge.weight = event[*shape_.weight].number(event.row);
  events_.push_back(handle);
  take(store_.apply({&edge, 1}, time_of(now_)));
}

// What has become too old for the store has left the trailing states before.
void live_graph::take(const graph::delta& change) {
  if (!change.came.empty()) {
    for (auto& one : flows_) one.insert(store_, change);
    for (auto& one : fans_) one.insert(store_, change);
  }
  if (components_) {
    for (const graph::edge& e : change.too_old) components_->expire(e);
    for (const graph::edge& e : change.came) components_->insert(e);
  }
  if (triangles_) triangles_->apply(store_, change);
  if (cores_) cores_->apply(store_, change);
  for (hops_from& one : hops_) one.hops.apply(store_, change);
}

void live_graph::release_ends(const graph::delta& change) {
  for (const graph::edge& e : change.too_old) {
    first_event_ = graph::edge_id{static_cast<std::uint64_t>(e.id) + 1};
    events_.pop_front();
    if (refreshes() && e.id < refreshed_to_) since_.too_old.push_back(e);
    may_go(e.from);
    may_go(e.to);
  }
}

// Until the next refresh a vertex has the answers of the last one.
void live_graph::may_go(graph::vertex_id v) {
  if (refreshes()) {
    to_release_.push_back(v);
  } else {
    release(v);
  }
}

void live_graph::release(graph::vertex_id v) {
  if (store_.out_degree(v) == 0 && store_.in_degree(v) == 0) vertices_.release(v);
}

// ---- answers

graph_answer live_graph::answer(const graph_question& q, std::span<const value> args) const {
  for (const value& given : args) {
    if (!given.present) return {};
  }
  if (shows_edges(q.function)) return pattern_of(q, args);
  graph_answer said;
  if (is_refreshed(q.function)) {
    said.result = refreshed_of(q, args[0]);
  } else if (q.function == graph_function::connected) {
    said.result = connected(args[0], args[1]);
  } else if (q.function == hops) {
    said.result = hops_of(q, args[0]);
  } else {
    said.result = count_of(q, args[0]);
  }
  return said;
}

value live_graph::count_of(const graph_question& q, const value& vertex) const {
  const auto v = vertices_.find(vertex.id);
  if (is_of_component(q.function)) return component_of(q.function, v);
  if (!v) return number(0);
  if (q.function == graph_function::triangles) return number((*triangles_)[*v].triangles);
  if (q.function == core) return number((*cores_)[*v]);
  if (is_fan(q.function)) {
    const graph::fan& counted = (*of_length(fans_, length_of(q)))[*v];
    return number(q.function == fan_in ? counted.in : counted.out);
  }
  const graph::flow& sums = (*of_length(flows_, length_of(q)))[*v];
  switch (q.function) {
    case in_degree: return number(sums.in_degree);
    case out_degree: return number(sums.out_degree);
    case in_flow: return value::of(int128{sums.in_flow});
    default: return value::of(int128{sums.out_flow});
  }
}

value live_graph::component_of(graph_function asked, std::optional<graph::vertex_id> v) const {
  if (asked == component_size) return number(v ? components_->size_of(*v) : 1);
  const auto named = v ? components_->number_of(*v) : std::nullopt;
  return named ? number(*named) : value::missing();
}

value live_graph::connected(const value& a, const value& b) const {
  const auto v = vertices_.find(a.id);
  const auto w = vertices_.find(b.id);
  return value::of(a.id == b.id || (v && w && components_->connected(*v, *w)));
}

value live_graph::hops_of(const graph_question& q, const value& vertex) const {
  const auto v = vertices_.find(vertex.id);
  const auto one = std::ranges::find_if(
      hops_, [&](const hops_from& from) { return from.list == *q.list && from.at_most == q.most; });
  if (!v || !one->hops[*v]) return value::missing();
  return number(*one->hops[*v]);
}

// A vertex whose first edge came after the refresh was not in the graph then.
value live_graph::refreshed_of(const graph_question& q, const value& vertex) const {
  const auto v = vertices_.find(vertex.id);
  const std::uint64_t came = v ? vertices_.round_of(*v) : graph_vertices::never;
  if (came == graph_vertices::never || came == round_) return value::missing();
  if (q.function == clustering) {
    return clustering_->begun() ? value::of((**clustering_)[*v].coefficient()) : value::missing();
  }
  if (is_of_community(q.function)) return community_of(q.function, *v);
  if (q.function == graph_function::betweenness) {
    return betweenness_->begun() ? value::of((**betweenness_)[*v]) : value::missing();
  }
  const auto& ranks = std::ranges::find(ranks_, q.list, &rank::list)->ranks;
  return ranks.begun() ? value::of((*ranks)[*v]) : value::missing();
}

value live_graph::community_of(graph_function asked, graph::vertex_id v) const {
  if (!communities_->begun()) return value::missing();
  if (asked == community_size) return number((*communities_)->size_of(v));
  return number(static_cast<std::uint64_t>((**communities_)[v]));
}

std::optional<graph::edge> live_graph::edge_of(const value& event) const {
  if (event.exact == last_event) {
    if (!last_is_edge_) return std::nullopt;
    const graph::edge_id last{static_cast<std::uint64_t>(store_.next_edge()) - 1};
    return store_.contains(last) ? std::optional(store_.edge_of(last)) : std::nullopt;
  }
  const auto wanted = static_cast<stream::event_handle>(event.exact);
  const auto found = std::ranges::lower_bound(events_, wanted);
  if (found == events_.end() || *found != wanted) return std::nullopt;
  const auto place = static_cast<std::uint64_t>(found - events_.begin());
  return store_.edge_of(graph::edge_id{static_cast<std::uint64_t>(first_event_) + place});
}

graph_answer live_graph::pattern_of(const graph_question& q, std::span<const value> args) const {
  std::vector<graph::edge_id> edges;
  const std::int64_t within = length_of(q);
  const auto ids = [&](const std::vector<graph::neighbour>& way) {
    for (const graph::neighbour& n : way) edges.push_back(n.edge);
  };
  if (q.function == path) {
    const auto a = vertices_.find(args[0].id);
    const auto b = vertices_.find(args[1].id);
    if (!a || !b) return {.result = value::of(false), .events = {}};
    const auto found = graph::find_path(
        store_, *a, *b, {.length_max = q.most, .within_us = within, .in_order = q.in_order, .steps_max = steps_max});
    ids(found.edges);
    return shown(edges, found.truncated);
  }
  const auto e = edge_of(args[0]);
  if (!e) return {};
  if (q.function == cycle) {
    const auto found = graph::find_cycle(store_, *e,
                                         {.length_min = q.least,
                                          .length_max = q.most,
                                          .within_us = within,
                                          .in_order = q.in_order,
                                          .steps_max = steps_max});
    ids(found.edges);
    return shown(edges, found.truncated);
  }
  const graph::fan_pattern_options options{.width_min = q.least, .within_us = within, .steps_max = steps_max};
  auto found = q.function == scatter_gather ? graph::find_scatter_gather(store_, *e, options)
                                            : graph::find_gather_scatter(store_, *e, options);
  return shown(found.edges, found.truncated);
}

graph_answer live_graph::shown(std::span<const graph::edge_id> edges, bool truncated) const {
  graph_answer said;
  said.truncated = truncated;
  if (edges.empty()) {
    if (!truncated) said.result = value::of(false);
    return said;
  }
  said.result = value::of(true);
  for (const graph::edge_id e : edges) {
    const auto place = static_cast<std::uint64_t>(e) - static_cast<std::uint64_t>(first_event_);
    said.events.push_back(events_[place]);
  }
  return said;
}

}  // namespace weir::cep
