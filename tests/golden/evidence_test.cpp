// The rule files in evidence/: which events each alert is made of, in their `.expected` files. The events are those of
// the rules' `test` blocks, numbered as they are written; all rules of a file run together. Both the engine and the
// oracle must say just this: an expectation is derived from docs/semantics.md, not from either. What the tests in the
// files expect is not looked at. With WEIR_GOLDEN_WRITE set, an expectation that is not there yet is written, to be
// read against the definitions before it is kept.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/compile.hpp"
#include "tests/support/engine_run.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/oracle_strata.hpp"

namespace {

namespace fs = std::filesystem;
using namespace weir;
using namespace weir::testing;

std::vector<fs::path> golden_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(WEIR_GOLDEN_FOLDER) / "evidence")) {
    if (entry.path().extension() == ".weir") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::string content_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

rules::program compiled(const fs::path& file) {
  auto compilation = rules::compile({file.string()});
  std::string errors;
  for (const auto& finding : compilation.findings) {
    if (finding.level == rules::diagnostic_level::error) errors += rules::render(finding, compilation.files) + "\n";
  }
  INFO(file << "\n" << errors);
  REQUIRE(compilation.result.has_value());
  return std::move(*compilation.result);
}

struct as_plain {
  plain_value operator()(cep::int128 n) const { return static_cast<std::int64_t>(n); }
  template <class Value>
  plain_value operator()(const Value& v) const {
    return v;
  }
};

// A position is the number of the event's line in the test.
std::vector<plain_event> events_of(const rules::rule_test& test, const stream::schema& types) {
  std::vector<plain_event> events;
  for (const rules::test_event& e : test.events) {
    plain_event event{e.type, e.at, {stream::source_id{}, events.size() + 1}, {}};
    event.fields.resize(types[e.type].fields.size());
    for (const auto& [field, value] : e.fields) {
      event.fields[static_cast<std::size_t>(field)] = std::visit(as_plain{}, value);
    }
    events.push_back(std::move(event));
  }
  sort_by_stream_order(events);
  return events;
}

struct value_text {
  const cep::value_type& type;

  std::string operator()(std::monostate) const { return "missing"; }
  std::string operator()(bool b) const { return b ? "true" : "false"; }
  std::string operator()(cep::int128 n) const {
    return type.unit == cep::unit::duration || type.unit == cep::unit::time
               ? stream::to_text(stream::duration(static_cast<std::int64_t>(n)))
               : cep::to_text(n, type.digits);
  }
  std::string operator()(double d) const { return fmt::format("{:.6g}", cep::in_whole_units(d, type)); }
  std::string operator()(const std::string& s) const { return s; }
  std::string operator()(const stream::ip_address& a) const { return stream::to_text(a); }
};

// "fail #1 #2, in #3"; what an alert has raised is named after that alert.
std::string events_text(const plain_alert& alert, const rules::rule& rule, const std::vector<plain_event>& events,
                        const stream::schema& types) {
  const std::vector<const cep::step*> steps = steps_of(rule.pattern);
  std::string text;
  for (std::size_t i = 0; i < alert.events.size(); ++i) {
    const auto& [place, step] = alert.events[i];
    const bool same_step = i > 0 && alert.events[i - 1].step == step;
    const std::string& label = steps[step]->label;
    if (!same_step) text += (i > 0 ? ", " : "") + (label.empty() ? types[steps[step]->events.type].name : label);
    text += place < events.size() ? fmt::format(" #{}", events[place].from.position)
                                  : fmt::format(" of alert {}", place - events.size() + 1);
  }
  return text;
}

std::string alert_text(const plain_alert& alert, const rules::program& program,
                       const std::vector<plain_event>& events) {
  const rules::rule& rule = *program.active()[alert.pattern];
  std::string text = rule.name;
  if (!alert.subject.empty()) text += fmt::format(" for {}", fmt::join(alert.subject, ", "));
  text += " at " + stream::to_text(alert.at.time_since_epoch()) + ": ";
  text += events_text(alert, rule, events, program.schema);
  for (std::size_t i = 0; i < alert.aggregates.size(); ++i) {
    const auto value = std::visit(value_text{rule.pattern.aggregates[i].type}, alert.aggregates[i]);
    text += fmt::format("; {} is {}", rule.value_names[i], value);
  }
  if (alert.suppressed > 0) text += fmt::format("; {} held back before", alert.suppressed);
  return text;
}

using finder = std::vector<plain_alert> (*)(const rules::program&, const std::vector<plain_event>&);

std::string alerts_text(const rules::program& program, finder find) {
  std::string text;
  for (const rules::rule& rule : program.rules) {
    for (const rules::rule_test& test : rule.tests) {
      text += test.name + "\n";
      const std::vector<plain_event> events = events_of(test, program.schema);
      const std::vector<plain_alert> alerts = find(program, events);
      if (alerts.empty()) text += "  no alert\n";
      for (const plain_alert& alert : alerts) text += "  " + alert_text(alert, program, events) + "\n";
    }
  }
  return text;
}

std::vector<plain_alert> by_definition(const rules::program& program, const std::vector<plain_event>& events) {
  return find_alerts(program, events);
}

std::vector<plain_alert> by_engine(const rules::program& program, const std::vector<plain_event>& events) {
  return run_engine(program, events, one_batch(events)).alerts;
}

}  // namespace

TEST_CASE("every alert is made of the events that the definitions say") {
  const auto files = golden_files();
  REQUIRE(files.size() > 20);
  for (const auto& file : files) {
    const rules::program program = compiled(file);
    const fs::path beside = fs::path(file).replace_extension(".expected");
    if (!fs::exists(beside) && std::getenv("WEIR_GOLDEN_WRITE") != nullptr) {
      std::ofstream(beside) << alerts_text(program, by_definition);
    }
    const std::string expected = content_of(beside);
    INFO(file);
    CHECK(alerts_text(program, by_definition) == expected);
    CHECK(alerts_text(program, by_engine) == expected);
  }
}
