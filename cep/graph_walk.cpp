#include "cep/graph_walk.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::cep {

namespace {

class graph_walk {
 public:
  graph_walk(const stream::event_log& log, live_graphs& graphs, std::span<generation> patterns, findings& into)
      : log_(log), graphs_(graphs), patterns_(patterns), into_(into) {}

  void run() {
    graphs_.begin(log_);
    for (generation& one : patterns_) one.begin_steps(log_);
    const auto wanted = relevant();
    for (std::size_t word = 0; word < wanted.size(); ++word) {
      for (std::uint64_t bits = wanted[word]; bits != 0; bits &= bits - 1) {
        step(word * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
      }
    }
    pass_deadlines(log_.last().watermark());
    graphs_.finish();
    for (generation& one : patterns_) one.finish_steps();
  }

 private:
  std::vector<std::uint64_t> relevant() const {
    std::vector<std::uint64_t> places((log_.last().size() + 63) / 64);
    for (const generation& one : patterns_) one.add_relevant(places);
    return places;
  }

  void step(std::size_t place) {
    pass_deadlines(log_.last().at(log_.last().order()[place]));
    graphs_.reach(place);
    for (generation& one : patterns_) one.step(place, into_);
  }

  // Those of one time together, the earliest first, each when the graphs are there.
  void pass_deadlines(stream::timestamp before) {
    for (;;) {
      stream::timestamp next = stream::end_of_time;
      for (const generation& one : patterns_) next = std::min(next, one.next_deadline());
      if (next >= before) return;
      graphs_.reach(next);
      for (generation& one : patterns_) one.pass_deadlines(stream::saturating_add(next, stream::duration{1}), into_);
    }
  }

  const stream::event_log& log_;
  live_graphs& graphs_;
  std::span<generation> patterns_;
  findings& into_;
};

}  // namespace

void walk_with_graphs(const stream::event_log& log, live_graphs& graphs, std::span<generation> patterns,
                      findings& into) {
  graph_walk(log, graphs, patterns, into).run();
}

}  // namespace weir::cep
