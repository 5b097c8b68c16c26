#pragma once

#include <memory>

#include "stream/batch.hpp"
#include "stream/dstream/node.hpp"

namespace weir::stream {

/// A micro-batch of events in columns: the one row that a stream of events has for each batch.
struct event_batch {
  std::unique_ptr<batch> events;  // never null
};

/// The events of a row. Who alone reads the stream takes them over; others get a copy.
inline batch taken_over(const event_batch& row, const node<event_batch>& from) {
  return from.readers() == 1 ? std::move(*row.events) : *row.events;
}

}  // namespace weir::stream
