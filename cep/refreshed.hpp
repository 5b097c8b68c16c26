#pragma once

#include <utility>

#include "graph/delta.hpp"
#include "graph/store.hpp"

namespace weir::cep {

/// A state of a graph as it was at the last refresh.
template <class State>
class refreshed {
 public:
  explicit refreshed(State state = State{}) : state_(std::move(state)) {}

  /// `since` is what changed since the last refresh of the graph.
  void update(const graph::store& g, const graph::delta& since) {
    if (std::exchange(begun_, true)) {
      state_.apply(g, since);
    } else {
      state_.recompute(g);
    }
  }
  /// Whether it has been refreshed yet.
  bool begun() const { return begun_; }
  const State& operator*() const { return state_; }
  const State* operator->() const { return &state_; }

 private:
  State state_;
  bool begun_ = false;
};

}  // namespace weir::cep
