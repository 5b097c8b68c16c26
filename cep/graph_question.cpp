#include "cep/graph_question.hpp"

#include <array>

namespace weir::cep {

std::string_view name_of(graph_function function) {
  static constexpr std::array names{"in_degree",      "out_degree", "fan_in",         "fan_out",    "in_flow",
                                    "out_flow",       "component",  "component_size", "connected",  "triangles",
                                    "core",           "hops",       "cycle",          "path",       "scatter_gather",
                                    "gather_scatter", "pagerank",   "risk",           "clustering", "community",
                                    "community_size", "betweenness"};
  return names[static_cast<std::size_t>(function)];
}

bool is_refreshed(graph_function function) { return function >= graph_function::pagerank; }

bool shows_edges(graph_function function) {
  using enum graph_function;
  return function == cycle || function == path || function == scatter_gather || function == gather_scatter;
}

std::string to_text(const graph_question& question) {
  std::string out = std::string(name_of(question.function)) + "#" + std::to_string(question.graph);
  out += "[" + std::to_string(question.least) + ".." + std::to_string(question.most);
  if (question.length) out += "," + std::to_string(question.length->count());
  if (question.in_order) out += ",in-order";
  if (question.list) out += ",list " + std::to_string(*question.list);
  return out + "]";
}

}  // namespace weir::cep
