// What a program tells of its batches.
#include <catch2/catch.hpp>

#include <expected>
#include <optional>
#include <stop_token>
#include <string>

#include "stream/dstream/streaming_context.hpp"
#include "tests/support/dstream_run.hpp"

namespace weir::testing {

namespace {

using namespace stream;

/// Fails twice, then has a row, and ends.
struct slow_to_rise {
  using row = int;
  int calls = 0;

  std::expected<void, io_error> receive(receiver_store<row>& into, const std::stop_token&) {
    if (++calls < 3) return std::unexpected(io_error{"peer:7000: refused, call " + std::to_string(calls)});
    into.put({.rows = {calls}});
    return {};
  }
};

}  // namespace

TEST_CASE("what a receiver failed with is told with the batches that follow") {
  streaming_context app(options_of({}));
  const auto rows = collect(app.receiver_stream(slow_to_rise{}, "peers"));
  std::optional<batch_progress::input> told;
  app.add_listener([&](const batch_progress& batch) { told = batch.inputs.at(0); });
  run_to_end(app);
  REQUIRE(told);
  CHECK(told->name == "peers");
  CHECK(told->failures == 2);
  CHECK(told->last_failure == "peer:7000: refused, call 2");
}

TEST_CASE("a record's line names failures where there are some") {
  batch_progress batch{.inputs = {{.name = "peers"}}};
  CHECK(to_json(batch).ends_with(R"("inputs":[{"name":"peers","rows":0,"bytes":0,"set_aside":0}]})"));
  batch.inputs[0].failures = 3;
  batch.inputs[0].last_failure = "refused";
  CHECK(to_json(batch).ends_with(R"("set_aside":0,"failures":3,"last_failure":"refused"}]})"));
}

}  // namespace weir::testing
