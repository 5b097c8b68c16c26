// Every rule file of this repository, laid out: it means what it meant.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "rules/compile.hpp"
#include "rules/format.hpp"
#include "tests/support/layout_promises.hpp"

namespace {

namespace fs = std::filesystem;
using namespace weir;
using weir::testing::broken_layout_promise;

const fs::path source = WEIR_SOURCE;

std::string content_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<fs::path> files_under(const std::string& folder, const std::string& extension) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(source / folder)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<fs::path> rule_files() {
  std::vector<fs::path> files = files_under("rules/packs", ".weir");
  for (const auto* folder : {"apps", "tests/golden", "tests/fuzz/corpus/rules"}) {
    std::ranges::copy(files_under(folder, ".weir"), std::back_inserter(files));
  }
  return files;
}

/// The fenced rules of a page, those that are wrong among them.
std::vector<std::string> snippets_of(const fs::path& page) {
  std::vector<std::string> snippets;
  std::istringstream lines(content_of(page));
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      inside = line.starts_with("```weir");
      if (inside) snippets.emplace_back();
    } else if (inside) {
      snippets.back() += line + "\n";
    }
  }
  return snippets;
}

rules::compilation compiled_at(const std::string& text, const fs::path& folder) {
  const auto read = [&](const std::string& path) { return rules::read_text_file((folder / path).string()); };
  return rules::compile_text(text, {}, read);
}

std::vector<std::string> hashes_of(const rules::program& program) {
  std::vector<std::string> hashes;
  for (const auto& rule : program.rules) {
    hashes.push_back(rule.name + " " + rule.content_hash + " " + std::to_string(rule.tests.size()));
  }
  return hashes;
}

}  // namespace

TEST_CASE("laying out any rule file of this repository keeps its tokens, and is done in one go") {
  const auto files = rule_files();
  REQUIRE(files.size() > 100);
  for (const auto& file : files) {
    INFO(file.string());
    CHECK(broken_layout_promise(content_of(file)).empty());
  }
}

TEST_CASE("laying out the documentation's rules keeps their tokens, and is done in one go") {
  std::size_t found = 0;
  for (const auto& page : files_under("docs", ".md")) {
    for (const auto& snippet : snippets_of(page)) {
      INFO(page.string());
      CHECK(broken_layout_promise(snippet).empty());
      ++found;
    }
  }
  CHECK(found > 15);
}

TEST_CASE("a rule file that compiles gives the same program when it is laid out") {
  std::size_t compared = 0;
  for (const auto& file : rule_files()) {
    INFO(file.string());
    const auto text = content_of(file);
    const auto before = compiled_at(text, file.parent_path());
    if (!before.result) continue;
    const auto laid_out = rules::format(text);
    REQUIRE(laid_out);
    const auto after = compiled_at(*laid_out, file.parent_path());
    REQUIRE(after.result);
    CHECK(hashes_of(*after.result) == hashes_of(*before.result));
    compared += before.result->rules.size();
  }
  CHECK(compared > 50);
}

TEST_CASE("the rules that users get are laid out, where they are not, `weir fmt` does it") {
  auto files = files_under("rules/packs", ".weir");
  std::ranges::copy(files_under("apps", ".weir"), std::back_inserter(files));
  for (const auto& file : files) {
    INFO(file.string());
    CHECK(rules::format(content_of(file)).value() == content_of(file));
  }
}
