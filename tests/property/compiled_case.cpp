#include "tests/property/compiled_case.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "tests/property/schema_text.hpp"
#include "tests/support/oracle_strata.hpp"

namespace weir::testing {
namespace {

// Drained, or up to the greatest time seen.
stream::timestamp final_watermark(const case_draw& draw, const std::vector<plain_event>& events) {
  if (draw.drained || events.empty()) return stream::end_of_time;
  return events.back().at;
}

std::vector<batch_cut> random_cuts(const case_draw& draw, const std::vector<plain_event>& events,
                                   stream::timestamp watermark) {
  std::vector<std::size_t> sizes;
  for (const std::uint8_t choice : draw.cuts) sizes.push_back(choice % 6);  // a batch may be empty
  std::vector<stream::duration> lags;
  for (const std::uint8_t choice : draw.lags) lags.push_back(std::chrono::milliseconds(500 * (choice % 8)));
  if (sizes.empty()) sizes.push_back(1);
  if (lags.empty()) lags.push_back({});
  return batches_by(sizes, lags, events, watermark);
}

}  // namespace

rules::compilation compile_generated(const std::string& text) {
  return rules::compile_text(text, {}, [](const std::string& path) -> std::expected<std::string, std::string> {
    const auto list = list_file(path.substr(path.rfind('/') + 1));
    if (list) return *list;
    return std::unexpected("there is no such file");
  });
}

compiled_case compile_case(const case_draw& draw) {
  rules::compilation compiled = compile_generated(rule_file(draw.file));
  if (!compiled.result) {
    std::string message = "a generated rule file does not compile:\n";
    for (const rules::diagnostic& d : compiled.findings) {
      if (d.level == rules::diagnostic_level::error) message += rules::render(d, compiled.files);
    }
    throw std::runtime_error(message);
  }
  compiled_case made{std::move(*compiled.result), {}, {}, {}};
  made.events = plain_stream(draw.events, draw.clock, made.program.schema);
  made.final_watermark = final_watermark(draw, made.events);
  made.threads = draw.threads;
  made.cuts = random_cuts(draw, made.events, made.final_watermark);
  return made;
}

std::vector<plain_alert> expected_alerts(const compiled_case& c) {
  return find_alerts(c.program, c.events, c.final_watermark);
}

}  // namespace weir::testing
