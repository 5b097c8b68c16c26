#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "apps/weir/explain/rule_plan.hpp"
#include "rules/compile.hpp"

// Each NAME.weir is explained, and compared to the letter with NAME.expected. With WEIR_GOLDEN_WRITE set, an
// expectation that is not there yet is written, to be read before it is kept.

namespace {

namespace fs = std::filesystem;
using namespace weir;

const fs::path golden = fs::path(WEIR_GOLDEN_FOLDER) / "explain";

std::string text_of(const fs::path& path) {
  const auto text = rules::read_text_file(path.string());
  INFO(path);
  REQUIRE(text);
  return *text;
}

std::string plans_of(const fs::path& path) {
  const auto read = [&](const std::string& name) {
    return rules::read_text_file((path.parent_path() / name).string());
  };
  auto compiled = rules::compile_text(text_of(path), {}, read);
  std::string messages;
  for (const auto& finding : compiled.findings) messages += rules::render(finding, compiled.files);
  INFO(messages);
  REQUIRE(compiled.result);
  compiled.files.at(0).path = path.filename().string();
  std::vector<const rules::rule*> all;
  for (const auto& rule : compiled.result->rules) all.push_back(&rule);
  return as_text(explain::plan_of(all, *compiled.result, compiled.files));
}

}  // namespace

TEST_CASE("what rules ask of the engine is said to the letter") {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(golden)) {
    if (entry.path().extension() == ".weir") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  REQUIRE_FALSE(files.empty());
  for (const auto& path : files) {
    DYNAMIC_SECTION(path.filename().string()) {
      const auto expected = fs::path(path).replace_extension(".expected");
      const auto found = plans_of(path);
      if (!fs::exists(expected) && std::getenv("WEIR_GOLDEN_WRITE") != nullptr) {
        std::ofstream(expected, std::ios::binary) << found;
      }
      CHECK(found == text_of(expected));
    }
  }
}
