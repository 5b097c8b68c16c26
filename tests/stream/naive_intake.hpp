#pragma once

#include <optional>
#include <string>
#include <vector>

#include "stream/time.hpp"

namespace weir::testing {

/// An event as the slow twin of the intake sees it: a time, and where it stands.
struct naive_event {
  stream::timestamp at;
  unsigned source = 0;
  unsigned place = 0;  // in its source

  friend auto operator<=>(const naive_event&, const naive_event&) = default;
};

struct naive_result {
  std::vector<naive_event> ordered;
  std::vector<naive_event> late;  // by source, then as they came
};

/// The definition, word for word: an event is late when it is older than the greatest time its own source has shown
/// before it less the source's lateness; the others are sorted. `sources[s]` holds the times of source s.
naive_result order_naively(const std::vector<std::vector<stream::timestamp>>& sources,
                           const std::vector<std::optional<stream::duration>>& lateness);

}  // namespace weir::testing
