#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "stream/dstream/dstream.hpp"
#include "tests/support/dstream_run.hpp"

namespace weir::testing {

/// Gives the rows that a test puts in.
template <class T>
class given_node final : public stream::node<T> {
 public:
  explicit given_node(stream::node_room& room) : stream::node<T>(room, "given", {}, room.interval) {}
  void give(stream::row_vector<T> rows) { owned_ = std::move(rows); }
  void run(const stream::batch_info&) override {
    this->rows_.clear();
    this->rows_.add_evenly(owned_, this->room().parts);
  }

 private:
  stream::row_vector<T> owned_;
};

/// A program run node by node, without a context: its state can be taken out, and put into another one.
template <class T, class Program>
class program_by_hand {
 public:
  program_by_hand(const run_shape& shape, const Program& program)
      : room_{.workers = stream::batch_workers(shape.threads), .parts = shape.partitions, .interval = shape.interval},
        input_(&room_.make<given_node<T>>(room_)),
        output_(&rows_of(program(stream::dstream<T>({input_, {}})))) {}

  auto run(const stream::row_vector<T>& rows, std::uint64_t number, bool last) {
    input_->give(rows);
    for (const auto& node : room_.nodes) node->run({.number = number, .last = last});
    batch_output<typename output::row_type> given{number, {}};
    for (const auto part : output_->rows()) given.second.insert(given.second.end(), part.begin(), part.end());
    return given;
  }

  std::string saved() const {
    std::string state;
    stream::encoder out(state);
    for (const auto& node : room_.nodes) node->save(out);
    return state;
  }
  /// False: not all of it was read, or more than that.
  bool load(const std::string& state) {
    stream::decoder in(state);
    for (const auto& node : room_.nodes) node->load(in);
    return !in.failed() && in.left() == 0;
  }

  stream::state_size state() const {
    stream::state_size sum;
    for (const auto& node : room_.nodes) sum += node->state();
    return sum;
  }

 private:
  template <class Stream>
  static auto& rows_of(const Stream& given) {
    if constexpr (requires { given.in_memory(); }) {
      return given.in_memory();
    } else {
      return given.rows().in_memory();
    }
  }
  using output =
      std::remove_reference_t<decltype(rows_of(std::declval<const Program&>()(std::declval<stream::dstream<T>>())))>;

  stream::node_room room_;
  given_node<T>* input_;
  output* output_;
};

}  // namespace weir::testing
