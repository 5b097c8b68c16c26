#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "stream/schema.hpp"
#include "stream/time.hpp"

namespace weir::cep {

/// What a graph can be asked about a vertex, two vertices or an edge: see docs/graph.md.
enum class graph_function : std::uint8_t {
  in_degree,
  out_degree,
  fan_in,
  fan_out,
  in_flow,
  out_flow,
  component,
  component_size,
  connected,
  triangles,
  core,
  hops,
  cycle,
  path,
  scatter_gather,
  gather_scatter,
  pagerank,  // these are as of the last refresh
  risk,
  clustering,
  community,
  community_size,
  betweenness,
};

std::string_view name_of(graph_function function);
/// Whether its answer is that of the graph's last refresh.
bool is_refreshed(graph_function function);
/// Whether its answer comes with the edges that make it.
bool shows_edges(graph_function function);

/// The graph that the events of one type draw: each an edge from the entity in one field to that in another. An event
/// without one of the two is no edge; one without a weight weighs nothing.
struct graph_shape {
  stream::event_type_id event{};
  stream::field_id from{};
  stream::field_id to{};
  std::optional<stream::field_id> weight{};
  stream::duration keep{};  // an edge that is exactly so old is in
  std::optional<stream::duration> refresh{};

  friend bool operator==(const graph_shape&, const graph_shape&) = default;
};

/// A question that a rule puts to a graph, each time of other vertices or another edge.
struct graph_question {
  std::uint16_t graph = 0;  // of the program's
  graph_function function{};
  std::optional<stream::duration> length{};  // `over` or `within`
  std::uint16_t least = 0;                   // edges of a cycle; the width of a scatter or a gather
  std::uint16_t most = 0;                    // edges of a cycle or a path; hops
  bool in_order = false;                     // of a cycle or a path
  std::optional<std::uint16_t> list{};       // of the program's: where hops count from, and risk comes from

  friend bool operator==(const graph_question&, const graph_question&) = default;
};

/// As one word: "cycle#0[3..6,72h]"; equal texts mean equal questions.
std::string to_text(const graph_question& question);

}  // namespace weir::cep
