#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/store.hpp"
#include "stream/dstream/dstream.hpp"

namespace weir::graph {

/// The state of a vertex as its algorithm's [] gives it.
struct own_state {
  template <class Algorithm>
  auto operator()(const Algorithm& of, vertex_id v) const {
    return of[v];
  }
};

/// Puts each batch of edges into a graph, brings an algorithm's state up to date, and gives the vertices whose state
/// may be another now, with that state. Edges come in the order of time: one that is older than one before it is set
/// aside and counted. A batch without edges changes nothing: the graph's time is that of its edges.
template <class Pipe, class Algorithm, class State, class StateOf>
class update_node final : public stream::node<std::pair<vertex_id, State>> {
 public:
  update_node(Pipe edges, store& g, Algorithm& algorithm, StateOf state_of)
      : stream::node<std::pair<vertex_id, State>>(edges.from->room(), "update", {edges.from}, edges.from->slide()),
        edges_(std::move(edges)),
        graph_(&g),
        algorithm_(&algorithm),
        state_of_(std::move(state_of)) {}

  void run(const stream::batch_info&) override {
    take_edges();
    changed_.clear();
    if (!batch_.empty()) {
      const auto& change = graph_->apply(batch_, now_);
      for (const vertex_id v : algorithm_->apply(*graph_, change))
        changed_.emplace_back(v, state_of_(std::as_const(*algorithm_), v));
    }
    this->rows_.clear();
    this->rows_.add_evenly(changed_, this->room().parts);
  }

  /// The window's edges; the state is computed afresh from them.
  void save(stream::encoder& out) const override {
    std::vector<edge_event> edges;
    for (const edge& e : graph_->edges()) edges.push_back({e.from, e.to, e.at, e.weight});
    encode(out, edges);
    encode(out, now_);
    encode(out, late_);
  }
  void load(stream::decoder& in) override {
    const auto edges = stream::restored<std::vector<edge_event>>(in);
    now_ = stream::restored<time_us>(in);
    late_ = stream::restored<std::uint64_t>(in);
    if (in.failed() || edges.empty()) return;
    graph_->apply(edges, now_);
    algorithm_->recompute(*graph_);
  }

  stream::state_size state() const override {
    return {.rows = graph_->edge_count(), .bytes = graph_->bytes(), .late_rows = late_};
  }

 private:
  void take_edges() {
    batch_.clear();
    for (std::size_t part = 0; part < edges_.parts(); ++part) {
      edges_.run_part(part, [this](const edge_event& e) {
        if (e.at < now_) {
          ++late_;
          return;
        }
        now_ = e.at;
        batch_.push_back(e);
      });
    }
  }

  Pipe edges_;
  store* graph_;
  Algorithm* algorithm_;
  StateOf state_of_;
  time_us now_{INT64_MIN};  // of the newest edge
  std::uint64_t late_ = 0;
  std::vector<edge_event> batch_;
  std::vector<std::pair<vertex_id, State>> changed_;
};

/// `edges.update(graph, algorithm)`: a stream of (vertex, state), and `edges.update(graph, algorithm, state_of)` where
/// the state is state_of(algorithm, vertex). Graph and algorithm outlive the program and are changed by this stream
/// alone; between two batches they may be read.
template <class Pipe, class Algorithm, class StateOf = own_state>
  requires incremental<Algorithm, store, delta>
auto update_by(const stream::dstream<edge_event, Pipe>& edges, store& g, Algorithm& algorithm, StateOf state_of = {}) {
  using state = std::remove_cvref_t<std::invoke_result_t<const StateOf&, const Algorithm&, vertex_id>>;
  using node = update_node<Pipe, Algorithm, state, StateOf>;
  return edges.template make<std::pair<vertex_id, state>, node>(edges.pipe(), g, algorithm, std::move(state_of));
}

}  // namespace weir::graph
