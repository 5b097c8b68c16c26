#include "naive_intake.hpp"

#include <algorithm>
#include <tuple>

namespace weir::testing {

using namespace weir::stream;

naive_result order_naively(const std::vector<std::vector<timestamp>>& sources,
                           const std::vector<std::optional<duration>>& lateness) {
  naive_result result;
  for (unsigned source = 0; source < sources.size(); ++source) {
    std::optional<timestamp> greatest;
    for (unsigned place = 0; place < sources[source].size(); ++place) {
      const naive_event event{sources[source][place], source, place};
      const bool late = lateness[source] && greatest && event.at < *greatest - *lateness[source];
      (late ? result.late : result.ordered).push_back(event);
      if (!greatest || event.at > *greatest) greatest = event.at;
    }
  }
  std::ranges::sort(result.ordered, {}, [](const naive_event& e) { return std::tuple{e.at, e.source, e.place}; });
  return result;
}

}  // namespace weir::testing
