// The fences of the documentation's pages, by their first line:
//   ```weir            a whole rule file: it compiles, and its tests pass
//   ```weir prelude    the same, and later fragments of the page build on it
//   ```weir-fragment   declarations and rules that build on the page's prelude, or on the one of docs/language.md
//   ```weir-condition  one condition a line, for `on p: payment`, on top of that prelude
//   ```weir-wrong      as a fragment, but with errors: those that the ```text behind it shows
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "rules/compile.hpp"
#include "rules/test_runner.hpp"

namespace {

namespace fs = std::filesystem;
using namespace weir;

struct snippet {
  std::string page;
  std::size_t line = 0;
  std::string kind;  // what stands behind the three ticks
  std::string text;
};

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream in(path);
  REQUIRE(in);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<snippet> snippets_of(const fs::path& path) {
  constexpr std::string_view fence = "```";
  std::vector<snippet> found;
  bool inside = false;
  const auto lines = lines_of(path);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with(fence)) {
      inside = !inside;
      if (inside) found.push_back({path.filename(), i + 1, lines[i].substr(fence.size()), {}});
    } else if (inside) {
      found.back().text += lines[i] + "\n";
    }
  }
  INFO(path.string() << " has a fence that is not closed");
  REQUIRE_FALSE(inside);
  return found;
}

std::vector<fs::path> pages() {
  std::vector<fs::path> found;
  const fs::path source(WEIR_SOURCE);
  for (const auto& entry : fs::recursive_directory_iterator(source / "docs")) {
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  }
  if (fs::exists(source / "README.md")) found.push_back(source / "README.md");
  std::ranges::sort(found);
  return found;
}

std::string prelude_of(const std::vector<snippet>& snippets) {
  const auto prelude = std::ranges::find(snippets, "weir prelude", &snippet::kind);
  return prelude == snippets.end() ? "" : prelude->text;
}

// Files that the documentation names are not there: a list has one value, a table one row, a model two features and no
// trees, an import nothing.
std::expected<std::string, std::string> stand_in(const std::string& path) {
  if (path == "clients.csv") return "account,country,opened\nX1,DE,2020-05-01T00:00:00Z\n";
  if (path.ends_with(".json")) {
    return R"({"learner": {"learner_model_param": {"base_score": "0", "num_class": "0", "num_feature": "2"},
               "objective": {"name": "reg:squarederror"},
               "gradient_booster": {"name": "gbtree", "model": {"trees": []}}}})";
  }
  return path.ends_with(".csv") ? "X1\n" : "";
}

std::string messages(const rules::compilation& compiled) {
  std::string text;
  for (const auto& finding : compiled.findings) text += rules::render(finding, compiled.files) + "\n";
  return text;
}

void check_good(const std::string& text) {
  const auto compiled = rules::compile_text(text, {}, stand_in);
  INFO(messages(compiled));
  REQUIRE(compiled.result);
  for (const auto& outcome : rules::run_tests(*compiled.result)) {
    CAPTURE(outcome.test, outcome.failures);
    CHECK(outcome.failures.empty());
  }
}

void check_conditions(const std::string& prelude, const std::string& conditions) {
  std::istringstream lines(conditions);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    check_good(prelude + "rule snippet for card {\n on p: payment where amount > 0 EUR\n when " + line + "\n}\n");
  }
}

// The prelude is imported at the end, so that the lines of the snippet keep their numbers.
std::string messages_of_wrong(const std::string& prelude, const std::string& wrong) {
  const auto read = [&](const std::string& path) -> std::expected<std::string, std::string> {
    return path == "rules.weir" ? wrong + "import \"prelude.weir\"\n" : prelude;
  };
  auto compiled = rules::compile({"rules.weir"}, {}, read);
  std::erase_if(compiled.findings, [](const auto& f) { return f.level != rules::diagnostic_level::error; });
  std::string text;
  for (const auto& finding : compiled.findings) text += rules::render(finding, compiled.files);
  return text;
}

void check(const snippet& one, const snippet* next, const std::string& prelude) {
  CAPTURE(one.page, one.line, one.kind);
  if (one.kind == "weir" || one.kind == "weir prelude") return check_good(one.text);
  if (one.kind == "weir-fragment") return check_good(prelude + one.text);
  if (one.kind == "weir-condition") return check_conditions(prelude, one.text);
  if (one.kind == "weir-wrong") {
    REQUIRE(next != nullptr);
    CHECK(next->kind == "text");
    CHECK(messages_of_wrong(prelude, one.text) == next->text);
    return;
  }
  CHECK_FALSE(one.kind.starts_with("weir"));  // a kind that nobody checks
}

}  // namespace

TEST_CASE("every rule that the documentation shows compiles and passes its tests") {
  const auto language = prelude_of(snippets_of(fs::path(WEIR_SOURCE) / "docs" / "language.md"));
  REQUIRE_FALSE(language.empty());
  for (const auto& page : pages()) {
    const auto snippets = snippets_of(page);
    const auto own = prelude_of(snippets);
    for (std::size_t i = 0; i < snippets.size(); ++i) {
      check(snippets[i], i + 1 < snippets.size() ? &snippets[i + 1] : nullptr, own.empty() ? language : own);
    }
  }
}

TEST_CASE("the language's pages show rules of every kind") {
  const auto shown = snippets_of(fs::path(WEIR_SOURCE) / "docs" / "language.md");
  for (const std::string kind : {"weir", "weir-fragment", "weir-condition", "weir-wrong"}) {
    CAPTURE(kind);
    CHECK(std::ranges::count(shown, kind, &snippet::kind) > 0);
  }
}
