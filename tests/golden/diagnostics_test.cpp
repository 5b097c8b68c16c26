#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "rules/compile.hpp"

// Each NAME.weir of a folder is compiled, and what is found is compared to the letter with NAME.expected beside it.
// With WEIR_GOLDEN_WRITE set, an expectation that is not there yet is written, to be read before it is kept.

namespace {

namespace fs = std::filesystem;
using namespace weir::rules;

const fs::path golden = WEIR_GOLDEN_FOLDER;

std::vector<fs::path> rule_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".weir") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::string text_of(const fs::path& path) {
  const auto text = read_text_file(path.string());
  REQUIRE(text);
  return *text;
}

/// All findings about a rule file as a person would see them. Files that it names stand beside it.
std::string findings_of(const fs::path& path) {
  const auto read = [&path](const std::string& name) { return read_text_file((path.parent_path() / name).string()); };
  compilation compiled = compile_text(text_of(path), {}, read);
  compiled.files.at(0).path = path.filename().string();
  std::string out;
  for (const diagnostic& finding : compiled.findings) out += render(finding, compiled.files);
  return out;
}

void compare(const fs::path& folder) {
  for (const fs::path& path : rule_files(folder)) {
    DYNAMIC_SECTION(path.filename().string()) {
      const fs::path expected = fs::path(path).replace_extension(".expected");
      const std::string found = findings_of(path);
      if (!fs::exists(expected) && std::getenv("WEIR_GOLDEN_WRITE") != nullptr) {
        std::ofstream(expected, std::ios::binary) << found;
      }
      CHECK(found == text_of(expected));
    }
  }
}

}  // namespace

TEST_CASE("what is wrong with the form of a rule file is said to the letter") { compare(golden / "syntax"); }

TEST_CASE("what is wrong with the meaning of a rule file is said to the letter") { compare(golden / "check"); }

// One mistake a file, of those that people make who know other languages, or have not read ours.
TEST_CASE("what is said of typical mistakes is what a colleague would say") { compare(golden / "mistakes"); }
