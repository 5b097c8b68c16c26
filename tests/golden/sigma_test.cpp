#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "apps/weir/sigma_map.hpp"
#include "cep/engine.hpp"
#include "rules/alert.hpp"
#include "rules/compile.hpp"
#include "rules/sigma/import.hpp"
#include "stream/intake.hpp"

// sigma/NAME.yml, with NAME.toml as its map where there is one: NAME.weir is what becomes of it, NAME.left_out what
// does not, and NAME.alerts what the rules find in NAME.ndjson, written by hand from what Sigma says. With
// WEIR_GOLDEN_WRITE=1 a .weir or .left_out that is missing is written; read it.
namespace {

namespace fs = std::filesystem;
using namespace weir;

std::string content_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

fs::path beside(const fs::path& file, const char* extension) { return fs::path(file).replace_extension(extension); }

std::string expected(const fs::path& file, const std::string& found) {
  if (!fs::exists(file) && std::getenv("WEIR_GOLDEN_WRITE") != nullptr && !found.empty()) std::ofstream(file) << found;
  return content_of(file);
}

std::vector<fs::path> golden_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(WEIR_GOLDEN_FOLDER) / "sigma")) {
    if (entry.path().extension() == ".yml") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

sigma::imported imported_from(const fs::path& file) {
  sigma::mapping map;
  if (const auto path = beside(file, ".toml"); fs::exists(path)) {
    auto read = app::read_sigma_map(path.string());
    if (!read) FAIL(read.error());
    map = std::move(*read);
  }
  const std::vector<sigma::source_file> files{{.path = file.filename().string(), .text = content_of(file)}};
  return sigma::import_rules(files, map);
}

std::string lines_of(const std::vector<sigma::finding>& left_out) {
  std::string text;
  for (const auto& one : left_out) text += std::to_string(one.where.line) + " " + one.title + ": " + one.message + "\n";
  return text;
}

rules::program compiled(const std::string& text) {
  auto result = rules::compile_text(text);
  std::string errors;
  for (const auto& finding : result.findings) {
    if (finding.level == rules::diagnostic_level::error) errors += rules::render(finding, result.files) + "\n";
  }
  INFO(text << "\n" << errors);
  REQUIRE(result.result.has_value());
  return std::move(*result.result);
}

// "TIME RULE SUBJECT", a line an alert.
std::string alerts_of(const rules::program& program, const std::string& events) {
  stream::symbols names(program.schema);
  stream::intake intake(program.schema, names, {{.name = "events", .format = {}}});
  intake.feed(stream::source_id{}, stream::make_block(events));
  intake.end(stream::source_id{});
  stream::event_log log;
  cep::engine engine(program.patterns(), program.data, program.schema, names);
  const rules::alert_writer writer(program, names, {"events"});
  std::vector<stream::set_aside_record> aside;
  std::string lines;
  while (auto batch = intake.next(1000, aside)) {
    log.append(std::move(*batch));
    for (const cep::match& m : engine.advance(log)) {
      const std::string subject = writer.subject(m);
      lines += stream::to_rfc3339(m.at) + " " + writer.cause(m).name + (subject.empty() ? "" : " " + subject) + "\n";
    }
  }
  for (const auto& record : aside) FAIL_CHECK(record.reason << " in " << record.record);
  return lines;
}

TEST_CASE("Sigma rules become the rules they should, and the others are named") {
  const auto files = golden_files();
  REQUIRE(files.size() >= 5);
  for (const auto& file : files) {
    INFO(file);
    const auto done = imported_from(file);
    CHECK(done.text == expected(beside(file, ".weir"), done.text));
    const auto left_out = lines_of(done.left_out);
    CHECK(left_out == expected(beside(file, ".left_out"), left_out));
  }
}

TEST_CASE("imported rules are sound, and find what Sigma's would") {
  for (const auto& file : golden_files()) {
    INFO(file);
    const auto program = compiled(imported_from(file).text);
    CHECK(alerts_of(program, content_of(beside(file, ".ndjson"))) == content_of(beside(file, ".alerts")));
  }
}

TEST_CASE("correlations find their rules in other files") {
  const std::vector<sigma::source_file> files{
      {.path = "a.yml",
       .text = "title: Many\ncorrelation: {type: event_count, rules: [one], group-by: [user], timespan: "
               "1m, condition: {gte: 2}}\n"},
      {.path = "b.yml",
       .text = "title: One\nname: one\nlogsource: {service: s}\ndetection: {a: {x: y}, condition: a}\n"}};
  const auto done = sigma::import_rules(files, {});
  CHECK(done.rules == 1);
  CHECK(done.left_out.empty());
  compiled(done.text);
}

TEST_CASE("what is no YAML is named with its line") {
  const std::vector<sigma::source_file> files{{.path = "a.yml", .text = "title: x\ndetection: [\n"}};
  const auto done = sigma::import_rules(files, {});
  CHECK(done.rules == 0);
  CHECK(done.text.empty());
  REQUIRE(done.left_out.size() == 1);
  CHECK(done.left_out[0].message.starts_with("not YAML: "));
}

}  // namespace
