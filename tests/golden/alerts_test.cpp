#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rules/compile.hpp"
#include "rules/test_runner.hpp"

// The rule files in alerts/: what alerts come of which events is said by their `test` blocks. All of them must pass,
// but in a file with an `.expected` beside it: that one holds how each of its tests ends.
namespace {

namespace fs = std::filesystem;
using namespace weir;

std::vector<fs::path> golden_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(WEIR_GOLDEN_FOLDER) / "alerts")) {
    if (entry.path().extension() == ".weir") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

rules::compilation compiled(const fs::path& file) {
  auto result = rules::compile({file.string()});
  std::string errors;
  for (const auto& finding : result.findings) {
    if (finding.level == rules::diagnostic_level::error) errors += rules::render(finding, result.files) + "\n";
  }
  INFO(file << "\n" << errors);
  REQUIRE(result.result.has_value());
  return result;
}

// How every test ended, in the words of `weir test`.
std::string outcomes_of(const rules::program& program) {
  std::string text;
  for (const auto& outcome : rules::run_tests(program)) {
    text += outcome.rule + ": \"" + outcome.test + "\"" + (outcome.failures.empty() ? " passed\n" : " failed\n");
    for (const auto& failure : outcome.failures) text += "  " + failure + "\n";
  }
  return text;
}

std::string content_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

TEST_CASE("the tests of every golden rule file end as they should") {
  const auto files = golden_files();
  REQUIRE(files.size() > 10);
  for (const auto& file : files) {
    const auto expected = fs::path(file).replace_extension(".expected");
    const auto outcomes = outcomes_of(*compiled(file).result);
    INFO(file << "\n" << outcomes);
    if (fs::exists(expected)) {
      CHECK(outcomes == content_of(expected));
    } else {
      CHECK(outcomes.find("\" failed\n") == std::string::npos);
      CHECK_FALSE(outcomes.empty());
    }
  }
}

}  // namespace
