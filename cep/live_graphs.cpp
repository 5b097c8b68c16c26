#include "cep/live_graphs.hpp"

#include <algorithm>

namespace weir::cep {

void live_graphs::extend(std::span<const graph_shape> shapes) {
  for (std::size_t i = graphs_.size(); i < shapes.size(); ++i) graphs_.push_back({.shape = shapes[i], .live = {}});
}

void live_graphs::prepare(const graph_question& question, std::span<const stream::symbol> listed) {
  declared& graph = graphs_[question.graph];
  if (!graph.live) {
    graph.live.emplace(graph.shape);
    ++asked_;
  }
  graph.live->prepare(question, listed);
}

void live_graphs::keep_only(std::span<const graph_question> questions) {
  for (std::size_t i = 0; i < graphs_.size(); ++i) {
    auto& live = graphs_[i].live;
    if (!live) continue;
    std::vector<graph_question> of_this;
    for (const graph_question& q : questions) {
      if (q.graph == i) of_this.push_back(q);
    }
    if (of_this.empty()) {
      live.reset();
      --asked_;
    } else {
      live->keep_only(of_this);
    }
  }
}

void live_graphs::replace_list(std::uint16_t list, std::span<const stream::symbol> listed) {
  for (declared& graph : graphs_) {
    if (graph.live) graph.live->replace_list(list, listed);
  }
}

void live_graphs::begin(const stream::event_log& log) {
  log_ = &log;
  next_ = 0;
}

void live_graphs::reach(std::size_t place) {
  while (next_ <= place) put(next_++);
}

void live_graphs::reach(stream::timestamp at) {
  const stream::batch& rows = log_->last();
  while (next_ < rows.size() && rows.at(rows.order()[next_]) <= at) put(next_++);
  for (declared& graph : graphs_) {
    if (graph.live) graph.live->reach(at);
  }
}

void live_graphs::finish() {
  if (const std::size_t size = log_->last().size(); size > 0) reach(size - 1);
}

void live_graphs::put(std::size_t place) {
  const stream::batch& rows = log_->last();
  const stream::row_ref row = rows.order()[place];
  for (declared& graph : graphs_) {
    if (!graph.live) continue;
    graph.live->reach(rows.at(row));
    if (graph.shape.event == row.type) graph.live->put({row.type, &rows[row.type], row.row}, log_->handle(place));
  }
}

}  // namespace weir::cep
