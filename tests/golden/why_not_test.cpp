#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "apps/weir/why_not/inquiry.hpp"
#include "apps/weir/why_not/subject_stream.hpp"
#include "rules/alert.hpp"
#include "rules/compile.hpp"
#include "stream/intake.hpp"

// Each NAME.weir holds rules and questions, `# ask RULE for SUBJECT, SUBJECT at 9m`, with times from 1970 on; its
// events stand in NAME.ndjson. The answers are compared to the letter with NAME.expected. With WEIR_GOLDEN_WRITE set,
// an expectation that is not there yet is written, to be read before it is kept.

namespace {

namespace fs = std::filesystem;
using namespace weir;

const fs::path golden = fs::path(WEIR_GOLDEN_FOLDER) / "why_not";

struct asked {
  std::string rule;
  std::vector<std::string> subject;
  stream::timestamp at;
};

std::vector<std::string> split(std::string text, const std::string& by) {
  std::vector<std::string> parts;
  for (auto end = text.find(by); end != std::string::npos; end = text.find(by)) {
    parts.push_back(text.substr(0, end));
    text = text.substr(end + by.size());
  }
  if (!text.empty()) parts.push_back(text);
  return parts;
}

std::vector<asked> questions_of(const std::string& rules) {
  std::vector<asked> questions;
  std::istringstream lines(rules);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("# ask ")) continue;
    const auto at = split(line.substr(6), " at ");
    const auto about = split(at.at(0), " for ");
    questions.push_back({.rule = about.at(0),
                         .subject = about.size() > 1 ? split(about.at(1), ", ") : std::vector<std::string>{},
                         .at = stream::timestamp{stream::parse_duration(at.at(1)).value()}});
  }
  return questions;
}

std::string text_of(const fs::path& path) {
  const auto text = rules::read_text_file(path.string());
  INFO(path);
  REQUIRE(text);
  return *text;
}

std::string answer_to(const asked& question, const rules::compilation& compiled, const std::string& events) {
  const auto& program = *compiled.result;
  const auto rule = std::ranges::find(program.rules, question.rule, &rules::rule::name);
  REQUIRE(rule != program.rules.end());
  stream::symbols names(program.schema);
  std::vector<stream::symbol> subject;
  for (std::size_t i = 0; i < question.subject.size(); ++i) {
    subject.push_back(names.of(rule->pattern.subjects.at(i)).intern(question.subject[i]));
  }
  why_not::subject_stream kept(rule->pattern, subject, question.at, program);
  stream::intake intake(program.schema, names, {{.name = "events", .format = {}}});
  intake.feed(stream::source_id{}, stream::make_block(events));
  intake.end(stream::source_id{});
  std::vector<stream::set_aside_record> aside;
  while (auto arrived = intake.next(7, aside)) kept.take(*arrived);
  INFO((aside.empty() ? "" : aside.front().record + ": " + aside.front().reason));
  REQUIRE(aside.empty());
  const rules::alert_writer writer(program, names, {"events"});
  const why_not::question asked{.rule = *rule,
                                .program = program,
                                .files = compiled.files,
                                .names = names,
                                .subject = subject,
                                .at = question.at,
                                .id_of = [&](const stream::event_view& event) { return writer.event_id(event); }};
  return as_text(why_not::why_not(asked, kept.finish()));
}

std::string answers_of(const fs::path& path) {
  const auto text = text_of(path);
  const auto read = [&](const std::string& name) {
    return rules::read_text_file((path.parent_path() / name).string());
  };
  auto compiled = rules::compile_text(text, {}, read);
  std::string messages;
  for (const auto& finding : compiled.findings) messages += rules::render(finding, compiled.files);
  INFO(messages);
  REQUIRE(compiled.result);
  compiled.files.at(0).path = path.filename().string();
  std::string answers;
  for (const auto& question : questions_of(text)) {
    if (!answers.empty()) answers += '\n';
    answers += answer_to(question, compiled, text_of(fs::path(path).replace_extension(".ndjson")));
  }
  return answers;
}

}  // namespace

TEST_CASE("why there is no alert is said to the letter") {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(golden)) {
    if (entry.path().extension() == ".weir") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  REQUIRE(files.size() >= 5);
  for (const auto& path : files) {
    DYNAMIC_SECTION(path.filename().string()) {
      const auto expected = fs::path(path).replace_extension(".expected");
      const auto found = answers_of(path);
      if (!fs::exists(expected) && std::getenv("WEIR_GOLDEN_WRITE") != nullptr) {
        std::ofstream(expected, std::ios::binary) << found;
      }
      CHECK(found == text_of(expected));
    }
  }
}
