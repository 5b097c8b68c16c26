#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "stream/dstream/streaming_context.hpp"

namespace weir::testing {

/// Input cut into batches.
template <class T>
using cut_rows = std::vector<stream::row_vector<T>>;

/// A batch's number and its rows; batches for which a stream has no rows to give are not there.
template <class T>
using batch_output = std::pair<std::uint64_t, stream::row_vector<T>>;

struct run_shape {
  std::size_t threads = 1;
  std::size_t partitions = 8;
  stream::duration interval = std::chrono::seconds(1);
};

template <class Rows>
auto queue_of(const std::vector<Rows>& batches) {
  auto queue = std::make_shared<stream::row_queue<typename Rows::value_type>>();
  for (const auto& rows : batches) queue->push(rows);
  queue->close();
  return queue;
}

/// Runs a program to its end; what goes wrong is thrown.
inline void run_to_end(stream::streaming_context& app) {
  app.start();
  if (const auto ended = app.await_termination(); !ended) throw std::runtime_error(ended.error().message);
}

inline stream::streaming_options options_of(const run_shape& shape) {
  return {.batch_interval = shape.interval,
          .pace = stream::batch_pace::when_ready,
          .threads = shape.threads,
          .partitions = shape.partitions};
}

template <class Stream>
auto collect(const Stream& rows) {
  using row = typename Stream::kept_row;
  auto out = std::make_shared<std::vector<batch_output<row>>>();
  rows.for_each_batch([out](const stream::batch_rows<row>& batch) {
    out->push_back({batch.batch().number, stream::row_vector<row>(batch.begin(), batch.end())});
  });
  return out;
}

/// What `program(stream)` gives for each batch of the input.
template <class Rows, class Program>
auto run_batches(const std::vector<Rows>& batches, const run_shape& shape, const Program& program) {
  stream::streaming_context app(options_of(shape));
  const auto out = collect(program(app.queue_stream(queue_of(batches))));
  run_to_end(app);
  return *out;
}

/// The same for two inputs.
template <class Left, class Right, class Program>
auto run_batches(const std::vector<Left>& left, const std::vector<Right>& right, const run_shape& shape,
                 const Program& program) {
  stream::streaming_context app(options_of(shape));
  const auto out = collect(program(app.queue_stream(queue_of(left)), app.queue_stream(queue_of(right))));
  run_to_end(app);
  return *out;
}

}  // namespace weir::testing
