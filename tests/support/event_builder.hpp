#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stream/batch.hpp"
#include "tests/support/plain_event.hpp"

namespace weir::testing {

/// Fields by name, in the order they are written; those left out are missing.
using named_values = std::vector<std::pair<std::string, plain_value>>;

/// An event for a test: `make_event(types, "payment", 9s, {{"card", "C1"}, {"amount", 100}})`. Its position is 0.
plain_event make_event(const stream::schema& types, std::string_view type, stream::duration since_1970,
                       const named_values& fields);

/// Numbers the events as one source gives them, in the order in which they stand.
std::vector<plain_event> in_one_source(std::vector<plain_event> events);

/// One batch of a run: how many of the events that are left, and how far time has come with them.
struct batch_cut {
  std::size_t events = 0;
  stream::timestamp watermark;
};

/// Everything in one batch, then drained.
std::vector<batch_cut> one_batch(std::span<const plain_event> events,
                                 stream::timestamp final_watermark = stream::end_of_time);
/// Batches of a fixed number of events; each watermark is the time of the event that comes next.
std::vector<batch_cut> batches_of(std::size_t rows, std::span<const plain_event> events,
                                  stream::timestamp final_watermark = stream::end_of_time);
/// A batch for each size, and watermarks as far behind the latest legal one as `lags` says (both are used in turn and
/// repeated). The last batch holds what is left and has the final watermark.
std::vector<batch_cut> batches_by(std::span<const std::size_t> sizes, std::span<const stream::duration> lags,
                                  std::span<const plain_event> events, stream::timestamp final_watermark);

/// The columns of these events, which stand in the stream's order.
stream::batch make_batch(std::span<const plain_event> events, stream::timestamp watermark, const stream::schema& types,
                         stream::symbols& names);

}  // namespace weir::testing
