#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cep/engine.hpp"
#include "rules/alert.hpp"
#include "rules/compile.hpp"
#include "stream/intake.hpp"

// alert_lines/: what the JSON of an alert looks like to the last byte, for every kind of field and value. The one thing
// that is not there is the hash of a rule's content, which says HASH.
namespace {

using namespace weir;
using namespace std::chrono_literals;

const std::filesystem::path folder = std::filesystem::path(WEIR_GOLDEN_FOLDER) / "alert_lines";
constexpr stream::timestamp detected = std::chrono::sys_days{std::chrono::year{2024} / 5 / 2};

std::string content_of(const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(folder / name).rdbuf();
  return text.str();
}

void replace(std::string& text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  text.replace(at, what.size(), with);
}

// Live and shadow alerts are numbered apart, as in a run.
std::string alerts_of(const rules::program& program, const std::string& events) {
  stream::symbols names(program.schema);
  stream::intake intake(program.schema, names, {{.name = "all", .format = {}}});
  intake.feed(stream::source_id{}, stream::make_block(events));
  intake.end(stream::source_id{});
  stream::event_log log;
  cep::engine engine(program.patterns(), program.data, program.schema, names);
  const rules::alert_writer writer(program, names, {"all"});
  std::vector<stream::set_aside_record> aside;
  std::string lines;
  std::uint64_t live = 0;
  std::uint64_t shadow = 0;
  while (auto batch = intake.next(1000, aside)) {
    log.append(std::move(*batch));
    for (const cep::match& m : engine.advance(log)) {
      const rules::rule& cause = writer.cause(m);
      rules::line_buffer written;
      writer.put_json(written, m, log, cause.mode == rules::rule_mode::shadow ? ++shadow : ++live, detected);
      std::string line{written.text()};
      replace(line, cause.content_hash, "HASH");
      lines += line + "\n";
    }
  }
  CHECK(aside.empty());
  return lines;
}

TEST_CASE("an alert's line is what it was, to the last byte") {
  const auto compiled = rules::compile({(folder / "lines.weir").string()});
  REQUIRE(compiled.result.has_value());
  const std::string lines = alerts_of(*compiled.result, content_of("events.ndjson"));
  // With WEIR_GOLDEN_WRITE=1 a file that is missing is written: read it before it is kept.
  const bool write = std::getenv("WEIR_GOLDEN_WRITE") != nullptr && !exists(folder / "lines.expected");
  if (write) std::ofstream(folder / "lines.expected") << lines;
  CHECK(lines == content_of("lines.expected"));
}

}  // namespace
