#pragma once

#include <cstdint>
#include <vector>

#include "graph/store.hpp"

namespace weir::app {

/// Another vertex that one has edges with, and what these are together.
struct counterpart {
  graph::vertex_id vertex{};
  std::uint64_t sent = 0;  // edges to it
  std::uint64_t received = 0;
  std::int64_t sent_weight = 0;
  std::int64_t received_weight = 0;
  graph::time_us first{};
  graph::time_us last{};

  std::uint64_t edges() const { return sent + received; }
  void add_sent(std::uint64_t edges, std::int64_t weight) { add(sent, sent_weight, edges, weight); }
  void add_received(std::uint64_t edges, std::int64_t weight) { add(received, received_weight, edges, weight); }
  friend bool operator==(const counterpart&, const counterpart&) = default;

 private:
  // Sums of weights wrap around, as flows do.
  static void add(std::uint64_t& edges, std::int64_t& sum, std::uint64_t more, std::int64_t weight) {
    edges += more;
    sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) + static_cast<std::uint64_t>(weight));
  }
};

/// All counterparts of a vertex, itself among them where it has a self loop: those with the most edges first, then as
/// they were met.
std::vector<counterpart> counterparts_of(const graph::store& g, graph::vertex_id v);

}  // namespace weir::app
