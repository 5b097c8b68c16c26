#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "cep/live_graph.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// The graphs that patterns ask, as of one place of the stream's order: they walk through each batch together with who
/// asks. A graph that nobody asks is not kept. Owned by the engine; of one thread.
class live_graphs {
 public:
  /// Takes over the graphs beyond those known. Between two batches.
  void extend(std::span<const graph_shape> shapes);
  /// Keeps what the question asks from now on; `listed` are the vertices of its list.
  void prepare(const graph_question& question, std::span<const stream::symbol> listed);
  /// Forgets what none of these questions asks. Between two batches.
  void keep_only(std::span<const graph_question> questions);
  /// Puts new vertices in place of those of a list. Between two batches.
  void replace_list(std::uint16_t list, std::span<const stream::symbol> listed);
  bool empty() const { return asked_ == 0; }
  const graph_shape& shape(std::uint16_t index) const { return graphs_[index].shape; }

  /// Goes to the beginning of the log's last batch.
  void begin(const stream::event_log& log);
  /// Goes on: up to and with the event at a place of the batch.
  void reach(std::size_t place);
  /// Goes on: up to and with all events that are not later, and to that time.
  void reach(stream::timestamp at);
  /// Takes in what is left of the batch.
  void finish();

  /// As of where the walk is.
  graph_answer answer(const graph_question& question, std::span<const value> args) const {
    return graphs_[question.graph].live->answer(question, args);
  }

 private:
  struct declared {
    graph_shape shape;
    std::optional<live_graph> live;  // where it is asked
  };

  void put(std::size_t place);

  std::deque<declared> graphs_;
  std::size_t asked_ = 0;  // graphs
  const stream::event_log* log_ = nullptr;
  std::size_t next_ = 0;  // place in the batch
};

}  // namespace weir::cep
