#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "cep/graph_answer.hpp"
#include "cep/graph_question.hpp"
#include "cep/graph_vertices.hpp"
#include "cep/refreshed.hpp"
#include "cep/value.hpp"
#include "graph/algorithms/betweenness.hpp"
#include "graph/algorithms/communities.hpp"
#include "graph/algorithms/fans.hpp"
#include "graph/algorithms/flows.hpp"
#include "graph/algorithms/hops.hpp"
#include "graph/algorithms/k_core.hpp"
#include "graph/algorithms/numbered_components.hpp"
#include "graph/algorithms/page_rank.hpp"
#include "graph/algorithms/triangles.hpp"
#include "graph/store.hpp"
#include "graph/trailing.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// One graph of the rules while the stream goes on: the edges of its window, and what rules ask of them, kept up to
/// date edge by edge. Everything is as of the last edge that was put in and the time that was reached, so no answer
/// depends on how the stream was cut into batches. Owned by the engine's live_graphs; of one thread.
class live_graph {
 public:
  explicit live_graph(const graph_shape& shape);

  /// Keeps what the question asks from now on; `listed` are the vertices of its list. What is in the window counts.
  void prepare(const graph_question& question, std::span<const stream::symbol> listed);
  /// Puts new vertices in place of those of a list.
  void replace_list(std::uint16_t list, std::span<const stream::symbol> listed);
  /// Forgets what none of these questions asks.
  void keep_only(std::span<const graph_question> questions);

  /// Time goes on: edges become too old, and what is refreshed is. Never goes back.
  void reach(stream::timestamp now);
  /// Adds the next event of the graph's type, whose time has been reached.
  void put(const stream::event_view& event, stream::event_handle handle);

  /// Answers a question that was prepared. Vertices are given by their ids, an edge by its event's handle:
  /// `last_event` means the one that was put in last.
  graph_answer answer(const graph_question& question, std::span<const value> args) const;

  /// Edges that one search looks at, at most.
  static constexpr std::size_t steps_max = 100'000;

  std::size_t bytes() const { return store_.bytes(); }

 private:
  struct hops_from {
    std::uint16_t list = 0;
    std::uint16_t at_most = 0;
    graph::hops hops;
  };
  struct rank {
    std::optional<std::uint16_t> list;  // of seeds; none: all vertices
    refreshed<graph::page_rank> ranks;
  };
  struct listed_vertices {
    std::uint16_t list = 0;
    std::vector<graph::vertex_id> vertices;
  };

  std::int64_t length_of(const graph_question& question) const;
  void move_to(stream::timestamp now);
  void refresh_until(stream::timestamp now);
  void refresh();
  void take(const graph::delta& change);
  void release_ends(const graph::delta& change);
  void may_go(graph::vertex_id v);
  void release(graph::vertex_id v);
  bool refreshes() const { return !ranks_.empty() || clustering_ || communities_ || betweenness_; }
  std::span<const graph::vertex_id> vertices_of(std::uint16_t list) const;
  graph::hops made_hops(std::uint16_t list, std::uint16_t at_most) const;
  refreshed<graph::page_rank> made_ranks(const std::optional<std::uint16_t>& list) const;

  std::optional<graph::edge> edge_of(const value& event) const;
  value count_of(const graph_question& question, const value& vertex) const;
  value component_of(graph_function asked, std::optional<graph::vertex_id> v) const;
  value connected(const value& a, const value& b) const;
  value community_of(graph_function asked, graph::vertex_id v) const;
  value hops_of(const graph_question& question, const value& vertex) const;
  value refreshed_of(const graph_question& question, const value& vertex) const;
  graph_answer pattern_of(const graph_question& question, std::span<const value> args) const;
  graph_answer shown(std::span<const graph::edge_id> edges, bool truncated) const;

  graph_shape shape_;
  graph::store store_;
  graph_vertices vertices_;
  std::deque<stream::event_handle> events_;  // of the edges in the window
  graph::edge_id first_event_{};             // the edge of events_.front()
  bool last_is_edge_ = false;                // the event that was put in last is one
  stream::timestamp now_ = stream::start_of_time;
  std::optional<stream::timestamp> refreshed_at_;

  std::vector<graph::trailing<graph::flows>> flows_;
  std::vector<graph::trailing<graph::fans>> fans_;
  std::optional<graph::numbered_components> components_;
  std::optional<graph::triangles> triangles_;
  std::optional<graph::k_core> cores_;
  std::vector<hops_from> hops_;
  std::vector<rank> ranks_;
  std::optional<refreshed<graph::triangles>> clustering_;
  std::optional<refreshed<graph::communities>> communities_;
  std::optional<refreshed<graph::betweenness>> betweenness_;
  std::vector<listed_vertices> lists_;

  // Since the last refresh.
  std::uint64_t round_ = 0;        // counts refreshes
  graph::edge_id refreshed_to_{};  // the edge that was next then
  graph::delta since_;             // what was there then, and has left; what has come, when all is refreshed
  std::vector<graph::vertex_id> to_release_;
};

}  // namespace weir::cep
