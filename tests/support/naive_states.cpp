#include "tests/support/naive_states.hpp"

#include <algorithm>
#include <map>

namespace weir::testing {

using namespace graph;

namespace {

using matrix = std::vector<std::vector<bool>>;

matrix edges_of(const naive_graph& g) {
  matrix leads(g.vertex_count(), std::vector<bool>(g.vertex_count()));
  for (const edge& e : g.edges()) leads[static_cast<std::size_t>(e.from)][static_cast<std::size_t>(e.to)] = true;
  return leads;
}

std::size_t neighbours_in(const matrix& leads, const std::vector<bool>& in, std::size_t v) {
  std::size_t count = 0;
  for (std::size_t w = 0; w < in.size(); ++w) {
    if (w != v && in[w] && (leads[v][w] || leads[w][v])) ++count;
  }
  return count;
}

// Whether it took anybody out.
bool strip(const matrix& leads, std::size_t k, std::vector<bool>& in) {
  bool stripped = false;
  for (std::size_t v = 0; v < in.size(); ++v) {
    if (!in[v] || neighbours_in(leads, in, v) >= k) continue;
    in[v] = false;
    stripped = true;
  }
  return stripped;
}

vertex_id most_frequent(const std::map<vertex_id, int>& times, vertex_id otherwise) {
  const auto most = std::ranges::max_element(times, {}, [](const auto& of) { return of.second; });
  return most == times.end() ? otherwise : most->first;
}

}  // namespace

std::vector<std::uint32_t> naive_core_numbers(const naive_graph& g) {
  const matrix leads = edges_of(g);
  std::vector<std::uint32_t> core(g.vertex_count());
  std::vector<bool> in(g.vertex_count(), true);
  for (std::uint32_t k = 1; std::ranges::find(in, true) != in.end(); ++k) {
    while (strip(leads, k, in)) {
    }
    for (std::size_t v = 0; v < in.size(); ++v) {
      if (in[v]) core[v] = k;
    }
  }
  return core;
}

std::vector<vertex_id> naive_strong_names(const naive_graph& g) {
  matrix reaches = edges_of(g);
  const std::size_t n = g.vertex_count();
  for (std::size_t v = 0; v < n; ++v) reaches[v][v] = true;
  for (std::size_t over = 0; over < n; ++over) {
    for (std::size_t from = 0; from < n; ++from) {
      for (std::size_t to = 0; to < n; ++to) {
        if (reaches[from][over] && reaches[over][to]) reaches[from][to] = true;
      }
    }
  }
  std::vector<vertex_id> names;
  for (std::size_t v = 0; v < n; ++v) {
    std::uint32_t least = 0;
    while (!reaches[v][least] || !reaches[least][v]) ++least;
    names.push_back(vertex_id{least});
  }
  return names;
}

std::vector<vertex_id> naive_labels(const naive_graph& g, std::size_t rounds) {
  std::vector<vertex_id> labels;
  for (std::uint32_t v = 0; v < g.vertex_count(); ++v) labels.push_back(vertex_id{v});
  for (std::size_t round = 0; round < rounds; ++round) {
    std::vector<std::map<vertex_id, int>> heard(labels.size());
    for (const edge& e : g.edges()) {
      ++heard[static_cast<std::size_t>(e.from)][labels[static_cast<std::size_t>(e.to)]];
      ++heard[static_cast<std::size_t>(e.to)][labels[static_cast<std::size_t>(e.from)]];
    }
    for (std::size_t v = 0; v < labels.size(); ++v) labels[v] = most_frequent(heard[v], labels[v]);
  }
  return labels;
}

}  // namespace weir::testing
