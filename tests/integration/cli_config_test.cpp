#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "apps/weir/config.hpp"
#include "apps/weir/exit_code.hpp"
#include "apps/weir/inputs.hpp"

namespace {

using namespace std::chrono_literals;
using namespace weir;

/// A folder with a weir.toml in it.
struct toml_file {
  std::filesystem::path folder;
  std::string path;

  explicit toml_file(const std::string& text) {
    auto pattern = (std::filesystem::temp_directory_path() / "weir_config_XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder = pattern;
    path = (folder / "weir.toml").string();
    std::ofstream(path) << text;
  }
  ~toml_file() { std::filesystem::remove_all(folder); }
};

/// What is wrong with the text, "weir.toml" standing for the file's path.
std::string findings_of(const std::string& text) {
  const toml_file file(text);
  const auto loaded = app::load_config(file.path);
  REQUIRE_FALSE(loaded);
  auto findings = loaded.error();
  for (auto at = findings.find(file.path); at != std::string::npos; at = findings.find(file.path)) {
    findings.replace(at, file.path.size(), "weir.toml");
  }
  return findings;
}

app::config loaded(const std::string& text) {
  const toml_file file(text);
  auto config = app::load_config(file.path);
  if (!config) FAIL(config.error());
  return *config;
}

}  // namespace

TEST_CASE("a rule has its own limits, and those of all where it has none") {
  const auto limits = loaded(R"(
[limits]
events_per_subject = 100
subjects_per_rule = 7
at_subjects = "stop"
[limits.rules.many]
events_per_subject = 5
at_events = "refuse"
)")
                          .limits;
  CHECK(limits.of("other").events == cep::state_limit{100, cep::limit_policy::evict});
  CHECK(limits.of("other").subjects == cep::state_limit{7, cep::limit_policy::stop});
  CHECK(limits.of("many").events == cep::state_limit{5, cep::limit_policy::refuse});
  CHECK(limits.of("many").subjects == limits.of("other").subjects);
  CHECK_FALSE(loaded("").limits.of("many").any());
}

TEST_CASE("every key of a configuration is read") {
  const toml_file file(R"(
rules = ["rules/aml.weir", "/etc/weir/cards.weir"]

[engine]
batch_rows = 7
batch_ms = 25
threads = 1

[params]
ratio = 0.95
floor = "500 EUR"
times = 3
strict = true

[source.transfers]
type = "file"
path = "transactions.csv.gz"
event = "transfer"
at = { field = "time", unit = "1h" }
map = { from = "sourceNodeId", to = "targetNodeId", amount = "value" }
lateness = "5s"
follow = true
idle = "1m"

[source.a_second]
type = "stdin"
format = "csv"
event = { field = "kind" }
at = "ts"
lateness = "all"

[sink.file]
type = "jsonl"
path = "alerts.jsonl"
append = true
shadow = true

[sink.people]
type = "console"

[sink.wire]
type = "zmq"
endpoint = "tcp://*:5556"
queue_messages = 5
wait_subscriber = "10s"

[output]
set_aside = "aside.ndjson"
)");
  const auto config = app::load_config(file.path);
  if (!config) FAIL(config.error());
  CHECK(config->rules == std::vector<std::string>{(file.folder / "rules/aml.weir").string(), "/etc/weir/cards.weir"});
  CHECK(config->batch_rows == 7);
  CHECK(config->batch_time == 25ms);
  CHECK(config->params == std::map<std::string, std::string>{
                              {"ratio", "0.95"}, {"floor", "500 EUR"}, {"times", "3"}, {"strict", "true"}});
  CHECK(config->set_aside_path == (file.folder / "aside.ndjson").string());

  REQUIRE(config->sources.size() == 2);
  const auto& first = config->sources[0];  // in the order of the file, not of the names
  CHECK(first.name == "transfers");
  CHECK(first.path == (file.folder / "transactions.csv.gz").string());
  CHECK_FALSE(first.syntax);
  CHECK(first.event == "transfer");
  CHECK(first.time_field == "time");
  CHECK(first.time_unit == 1h);
  CHECK(first.renamed.at("from") == "sourceNodeId");
  CHECK(first.lateness == std::optional<stream::duration>(5s));
  CHECK(first.follow);
  CHECK(first.idle == std::optional<stream::duration>(1min));
  const auto& second = config->sources[1];
  CHECK(second.path == "-");
  CHECK(second.syntax == stream::record_syntax::csv);
  CHECK(second.event.empty());
  CHECK(second.event_field == "kind");
  CHECK(second.time_field == "ts");
  CHECK_FALSE(second.lateness);

  REQUIRE(config->sinks.size() == 3);
  const auto& jsonl = std::get<app::jsonl_sink_config>(config->sinks[0]);
  CHECK(jsonl.path == (file.folder / "alerts.jsonl").string());
  CHECK(jsonl.append);
  CHECK(jsonl.shadow);
  CHECK_FALSE(std::get<app::console_sink_config>(config->sinks[1]).shadow);
  const auto& wire = std::get<app::zmq_sink_config>(config->sinks[2]);
  CHECK(wire.endpoint == "tcp://*:5556");
  CHECK(wire.queue_messages_max == 5);
  CHECK(wire.wait_subscriber == 10s);
}

TEST_CASE("what is not said has its default") {
  const auto config = loaded("[source.payments]\npath = \"p.ndjson\"\n");
  const auto& source = config.sources.at(0);
  CHECK(source.time_field == "at");
  CHECK(source.time_unit == 1ms);
  CHECK(source.lateness == std::optional<stream::duration>(0s));
  CHECK(source.event.empty());
  CHECK(source.event_field == "event");
  CHECK(config.batch_rows == 4096);
  CHECK(config.set_aside_path == "set-aside.ndjson");
}

TEST_CASE("unknown keys are errors, all at once, each with its line and what was meant") {
  CHECK(findings_of(R"(rulez = ["a.weir"]

[engine]
batch_row = 7

[source.transfers]
path = "t.csv"
latness = "5s"
at = { feild = "time" }

[sink.alerts]
type = "jsonl"
pth = "alerts.jsonl"
)") == R"(weir.toml:1: unknown key "rulez"; did you mean "rules"?
weir.toml:4: unknown key "engine.batch_row"; did you mean "batch_rows"?
weir.toml:8: unknown key "source.transfers.latness"; did you mean "lateness"?
weir.toml:9: unknown key "source.transfers.at.feild"; did you mean "field"?
weir.toml:11: [sink.alerts] needs path
weir.toml:13: unknown key "sink.alerts.pth"; did you mean "path"?)");
}

TEST_CASE("values of the wrong kind are errors that say what is wanted") {
  CHECK(findings_of("rules = \"a.weir\"\n") == "weir.toml:1: rules must be a list of texts");
  CHECK(findings_of("[engine]\nbatch_ms = 0\n") ==
        "weir.toml:2: engine.batch_ms must be a whole number from 1 to 60000");
  CHECK(findings_of("[source.a]\npath = \"a.csv\"\nfollow = \"yes\"\n") ==
        "weir.toml:3: source.a.follow must be true or false");
  CHECK(findings_of("[source.a]\npath = \"a.csv\"\nlateness = \"late\"\n") ==
        "weir.toml:3: source.a.lateness \"late\" is neither a duration such as \"5s\" nor \"all\"");
  CHECK(findings_of("[source.a]\npath = \"a.csv\"\nidle = \"a while\"\n") ==
        "weir.toml:3: source.a.idle \"a while\" is not a duration such as \"250ms\", \"5s\" or \"1h30m\"");
  CHECK(findings_of("[source.a]\ntype = \"kafka\"\npath = \"a\"\n") ==
        "weir.toml:2: source.a.type cannot be \"kafka\"; it is one of file, stdin");
  CHECK(findings_of("[sink.a]\ntype = \"consol\"\n") ==
        "weir.toml:2: sink.a.type cannot be \"consol\"; did you mean \"console\"?");
  CHECK(findings_of("[sink.a]\npath = \"a\"\n") == "weir.toml:1: [sink.a] needs type: jsonl, console or zmq");
  CHECK(findings_of("[source]\na = 1\n") == "weir.toml:2: source.a must be a table: [source.a]");
}

TEST_CASE("a file that is not TOML says where") {
  CHECK_THAT(findings_of("rules = [\n\n[engine\n"), Catch::StartsWith("weir.toml:"));
}

TEST_CASE("a configuration that is not there says so") {
  const auto missing = app::load_config("/nowhere/weir.toml");
  REQUIRE_FALSE(missing);
  CHECK(missing.error() == "/nowhere/weir.toml: No such file or directory");
}

TEST_CASE("an input names its event, its file, or standard input") {
  const auto sources =
      app::parse_inputs({"payment=a.csv", "payment=b.csv", "logs/mixed.ndjson.gz", "login=-", "./x=y.csv"});
  REQUIRE(sources.size() == 5);
  CHECK(sources[0].event == "payment");
  CHECK(sources[0].name == "payment");
  CHECK(sources[1].name == "payment.2");
  CHECK(sources[2].event.empty());
  CHECK(sources[2].name == "mixed");
  CHECK(sources[3].path == "-");
  CHECK(sources[4].path == "./x=y.csv");
  CHECK_THROWS_AS(app::parse_inputs({"payment="}), app::failure);
}

TEST_CASE("a source that the rules do not know is an error with what was meant") {
  stream::schema types;
  types.add({"payment", {stream::field{.name = "amount", .type = {.kind = stream::type_kind::integer}}}});
  const auto message = [&](const app::source_config& source) -> std::string {
    try {
      app::resolve({source}, types);
      return "";
    } catch (const app::failure& error) {
      CHECK(error.code() == app::exit_code::usage);
      return error.what();
    }
  };
  auto source = app::parse_inputs({"paymant=p.csv"}).front();
  CHECK(message(source) == "source \"paymant\": the rules declare no event \"paymant\"; did you mean \"payment\"?");
  source.event = "payment";
  CHECK(message(source).empty());
  source.renamed = {{"amuont", "value"}};
  CHECK(message(source) == "source \"paymant\": the rules declare no field \"amuont\"; did you mean \"amount\"?");
  source.renamed.clear();
  source.path = "p.txt";
  CHECK(message(source) ==
        "source \"paymant\": the name p.txt does not tell whether it is ndjson or csv; say format = …");
}
