#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "apps/weir/explain/alert_explanation.hpp"
#include "apps/weir/explain/rule_plan.hpp"
#include "rules/alert.hpp"
#include "rules/compile.hpp"
#include "rules/detector.hpp"
#include "stream/intake.hpp"

// explain/: each NAME.weir is explained, and compared to the letter with NAME.expected. With WEIR_GOLDEN_WRITE set, an
// expectation that is not there yet is written, to be read before it is kept.

namespace {

namespace fs = std::filesystem;
using namespace weir;

const fs::path golden = fs::path(WEIR_GOLDEN_FOLDER) / "explain";
const fs::path asked = fs::path(WEIR_GOLDEN_FOLDER) / "why_not";

std::string text_of(const fs::path& path) {
  const auto text = rules::read_text_file(path.string());
  INFO(path);
  REQUIRE(text);
  return *text;
}

rules::compilation compiled_or_fail(const fs::path& path) {
  const auto read = [&](const std::string& name) {
    return rules::read_text_file((path.parent_path() / name).string());
  };
  auto compiled = rules::compile_text(text_of(path), {}, read);
  std::string messages;
  for (const auto& finding : compiled.findings) messages += rules::render(finding, compiled.files);
  INFO(messages);
  REQUIRE(compiled.result);
  compiled.files.at(0).path = path.filename().string();
  return compiled;
}

// The lines of alerts that the rules raise over the events.
std::vector<std::string> alerts_of(const rules::program& program, const std::string& events) {
  stream::symbols names(program.schema);
  stream::intake intake(program.schema, names, {{.name = "events", .format = {}}});
  intake.feed(stream::source_id{}, stream::make_block(events));
  intake.end(stream::source_id{});
  const rules::alert_writer writer(program, names, {"events"});
  rules::detector detect(program, names, writer);
  std::vector<stream::set_aside_record> aside;
  std::vector<std::string> lines;
  while (auto arrived = intake.next(7, aside)) {
    for (const auto& alert : detect.advance(std::move(*arrived))) {
      rules::line_buffer line;
      writer.put_json(line, alert, detect.log_of(alert), lines.size() + 1, {});
      lines.emplace_back(line.text());
    }
    detect.forget();
  }
  CHECK(aside.empty());
  return lines;
}

std::string explained(const fs::path& path) {
  const auto compiled = compiled_or_fail(path);
  std::string text;
  for (const auto& line : alerts_of(*compiled.result, text_of(fs::path(path).replace_extension(".ndjson")))) {
    const auto record = explain::read_alert(line);
    REQUIRE(record);
    const auto why = explain::explain(*record, *compiled.result, compiled.files);
    INFO((why ? "" : why.error()));
    REQUIRE(why);
    text += (text.empty() ? "" : "\n") + as_text(*why);
  }
  return text;
}

std::string plans_of(const fs::path& path) {
  const auto compiled = compiled_or_fail(path);
  std::vector<const rules::rule*> all;
  for (const auto& rule : compiled.result->rules) all.push_back(&rule);
  return as_text(explain::plan_of(all, *compiled.result, compiled.files));
}

std::vector<fs::path> rules_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".weir") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

void check_with(const fs::path& expected, const std::string& found) {
  if (!fs::exists(expected) && std::getenv("WEIR_GOLDEN_WRITE") != nullptr) {
    std::ofstream(expected, std::ios::binary) << found;
  }
  CHECK(found == text_of(expected));
}

}  // namespace

TEST_CASE("what rules ask of the engine is said to the letter") {
  const auto files = rules_in(golden);
  REQUIRE_FALSE(files.empty());
  for (const auto& path : files) {
    DYNAMIC_SECTION(path.filename().string()) {
      check_with(fs::path(path).replace_extension(".expected"), plans_of(path));
    }
  }
}

TEST_CASE("why there is an alert is said to the letter, for every construct") {
  const auto files = rules_in(asked);
  REQUIRE(files.size() >= 8);
  for (const auto& path : files) {
    DYNAMIC_SECTION(path.filename().string()) {
      const auto found = explained(path);
      CHECK(found.find("NO ") == std::string::npos);
      check_with(fs::path(path).replace_extension(".alerts"), found);
    }
  }
}
