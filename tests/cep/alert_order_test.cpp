#include "cep/alert_order.hpp"

#include <algorithm>
#include <random>
#include <tuple>

#include <catch2/catch.hpp>

#include "tests/support/event_builder.hpp"

namespace weir::cep {

namespace {

using namespace std::chrono_literals;

/// A batch of events whose times are `seconds`, in a log behind another batch.
stream::event_log log_of(const stream::schema& types, const std::vector<int>& seconds) {
  const auto batch_of = [&](const std::vector<int>& times) {
    stream::batch rows(types);
    std::uint64_t position = 0;
    for (const int second : times) {
      auto& table = rows[stream::event_type_id{0}];
      table.close_row(stream::timestamp(std::chrono::seconds(second)), {.position = position++});
    }
    rows.order_all();
    return rows;
  };
  stream::event_log log;
  log.append(batch_of({-2, -1}));
  log.append(batch_of(seconds));
  return log;
}

}  // namespace

TEST_CASE("alerts stand in the order of their events, deadlines behind all events of their time") {
  stream::schema types;
  types.add(stream::event_type{.name = "e", .fields = {}});
  std::mt19937 draw{Catch::rngSeed()};
  for (int round = 0; round < 200; ++round) {
    std::vector<int> seconds(1 + draw() % 60);
    for (int& second : seconds) second = static_cast<int>(draw() % 10);
    std::ranges::sort(seconds);
    const auto log = log_of(types, seconds);
    std::vector<finding> found(draw() % 40);  // few are sorted in another way than many
    for (finding& f : found) {
      f.pattern = draw() % 3;
      if (draw() % 3 == 0) {
        f.at = stream::timestamp(std::chrono::seconds(static_cast<int>(draw() % 12) - 1));
        f.armed = static_cast<stream::event_handle>(draw() % 2);
      } else {
        const std::size_t place = draw() % seconds.size();
        f.at = stream::timestamp(std::chrono::seconds(seconds[place]));
        f.end = log.handle(place);
      }
    }
    std::vector<std::uint32_t> expected(found.size());
    for (std::uint32_t i = 0; i < found.size(); ++i) expected[i] = i;
    std::ranges::stable_sort(expected, {}, [&](std::uint32_t i) {
      const finding& f = found[i];
      return std::tuple(f.at, f.end, f.armed, f.pattern);
    });
    alert_order order;
    const auto sorted = order.sort(found, log);
    CHECK(std::vector(sorted.begin(), sorted.end()) == expected);
  }
}

}  // namespace weir::cep
