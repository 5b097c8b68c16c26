#include "tests/property/graph_draw.hpp"

#include <algorithm>
#include <random>

#include <fmt/format.h>

namespace weir::testing {

using namespace graph;

namespace {

class batch_draw {
 public:
  explicit batch_draw(const tape& draw) : choices_(draw), vertices_(2 + choices_.choose(8)) {}

  std::vector<graph_batch> all() {
    std::vector<graph_batch> batches;
    while (!choices_.ended()) batches.push_back(next());
    return batches;
  }

 private:
  graph_batch next() {
    graph_batch batch;
    if (choices_.once_in(12)) {
      burst(batch);
    } else {
      for (std::size_t n = choices_.choose(5); n > 0; --n) batch.edges.push_back(one());
    }
    next_id_ += batch.edges.size();
    for (std::size_t n = choices_.once_in(4) ? 1 + choices_.choose(3) : 0; n > 0; --n) {
      batch.retracted.push_back(edge_id{next_id_ + 1 - std::min(next_id_, std::uint64_t{choices_.choose(12)})});
    }
    if (choices_.once_in(10)) at_ += 15;
    now_ = std::max(now_, at_ - static_cast<std::int64_t>(choices_.choose(4)));
    batch.now = time_us{now_};
    return batch;
  }

  edge_event one() {
    static const std::vector<std::int64_t> weights{1, 2, 3, 10, 0, -5, std::int64_t{1} << 40, -(std::int64_t{1} << 50)};
    const std::size_t ends = choices_.choose(256);
    const std::size_t rest = choices_.choose(256);
    at_ += static_cast<std::int64_t>(rest % 4);
    return {vertex(ends % 16 * 10), vertex(ends / 16 * 10), time_us{at_}, weights[rest / 4 % 8]};
  }

  // As one, but from a seed: a tape is too short for as many.
  void burst(graph_batch& batch) {
    std::mt19937 random(static_cast<unsigned>(choices_.choose(256)));
    for (std::size_t n = 20 + random() % 300; n > 0; --n) {
      if (random() % 40 == 0) at_ += static_cast<std::int64_t>(random() % 3);
      batch.edges.push_back(
          {vertex(random() % 255), vertex(random() % 255), time_us{at_}, static_cast<std::int64_t>(random() % 5)});
    }
  }

  // The first is met more often than all others.
  vertex_id vertex(std::size_t drawn) const {
    return vertex_id{static_cast<std::uint32_t>(drawn < 80 ? drawn % 2 : drawn % vertices_)};
  }

  tape_reader choices_;
  std::size_t vertices_;
  std::int64_t at_ = 100;
  std::int64_t now_ = 100;
  std::uint64_t next_id_ = 0;
};

}  // namespace

std::vector<graph_batch> draw_graph_batches(const tape& draw) { return batch_draw(draw).all(); }

std::string to_text(const std::vector<graph_batch>& batches) {
  std::string text;
  for (const graph_batch& batch : batches) {
    text += fmt::format("now {}:", static_cast<std::int64_t>(batch.now));
    for (const edge_event& e : batch.edges) {
      text += fmt::format(" {}->{} at {} {}", static_cast<std::uint32_t>(e.from), static_cast<std::uint32_t>(e.to),
                          static_cast<std::int64_t>(e.at), e.weight);
    }
    for (const edge_id e : batch.retracted) text += fmt::format(" back {}", static_cast<std::uint64_t>(e));
    text += '\n';
  }
  return text;
}

}  // namespace weir::testing
