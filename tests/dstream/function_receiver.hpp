#pragma once

#include <expected>
#include <functional>
#include <stop_token>

#include "stream/dstream/source.hpp"

namespace weir::testing {

/// A receiver that does what a test says.
template <class T>
struct function_receiver {
  using row = T;
  std::function<std::expected<void, stream::io_error>(stream::receiver_store<T>&, const std::stop_token&)> body;

  std::expected<void, stream::io_error> receive(stream::receiver_store<T>& into, const std::stop_token& stop) {
    return body(into, stop);
  }
};

}  // namespace weir::testing
