#include <catch2/catch.hpp>

#include "rules/reload.hpp"
#include "tests/rules/check/compiling.hpp"

namespace {

using namespace weir;
using namespace weir::testing;

const std::string table_text =
    "table clients : account -> { opened: time  country: text?  limit: money(EUR)?  vip: bool } from \"c.csv\"\n";

cep::value_table clients_of(const std::string& csv) {
  return program_of(table_text, {}, {{"c.csv", csv}}).data.tables.at(0);
}

TEST_CASE("a table's columns are found by the names in its file's first line") {
  const auto table = clients_of(
      "\xef\xbb\xbf# the bank's\r\n"
      "name,country,account,vip,opened,limit\r\n"
      "\"Ada, \"\"Countess\"\"\", DE ,A1,true,2020-05-01T00:00:00Z,12.5\r\n"
      "\r\n"
      "\"two\nlines\",,A2,false,1000,\n");
  CHECK(table.key.kind == cep::value_kind::entity);
  REQUIRE(table.columns.size() == 4);
  REQUIRE(table.rows.size() == 2);
  const auto& first = table.rows[0];
  CHECK(first.key == "A1");
  CHECK(first.values.at(0) == cep::constant_value(cep::int128{1'588'291'200'000'000}));
  CHECK(first.values.at(1) == cep::constant_value("DE"));
  CHECK(first.values.at(2) == cep::constant_value(cep::int128{1250}));
  CHECK(first.values.at(3) == cep::constant_value(true));
  const auto& second = table.rows[1];
  CHECK(second.key == "A2");
  CHECK(second.values.at(0) == cep::constant_value(cep::int128{1'000'000}));
  CHECK_FALSE(second.values.at(1).has_value());
  CHECK_FALSE(second.values.at(2).has_value());
}

TEST_CASE("a table's key stands in the first column where none is called like its type") {
  const auto program =
      program_of("table limits : int -> { n: int } from \"l.csv\"", {}, {{"l.csv", "number,n\n007,1\n8,-2\n"}});
  const auto& rows = program.data.tables.at(0).rows;
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].key == "7");
  CHECK(rows[1].values.at(0) == cep::constant_value(cep::int128{-2}));
}

TEST_CASE("a number that stands twice as a key is found however it is spelled") {
  CHECK(errors_in("table limits : int -> { n: int } from \"l.csv\"", {}, {{"l.csv", "k,n\n7,1\n07,2\n"}}) ==
        "l.csv, line 3: \"7\" stands in line 2 already\n");
}

TEST_CASE("an empty table file lacks its first line") {
  CHECK(errors_in(table_text, {}, {{"c.csv", "# nothing\n"}}) ==
        "c.csv, line 1: the file is empty: its first line names the columns\n");
}

const std::string model_text = R"({"learner": {
  "learner_model_param": {"base_score": "0", "num_class": "0", "num_feature": "2"},
  "objective": {"name": "reg:squarederror"},
  "gradient_booster": {"name": "gbtree", "model": {"trees": []}}}})";

TEST_CASE("a program knows the files that its rules read, and which version of them") {
  const auto program = program_of(table_text +
                                      "list good : text from \"good.txt\"\nlist bad : text from \"bad.txt\"\n"
                                      "model fraud : xgboost from \"m.json\"\n"
                                      "rule a for card { on payment where merchant in bad }\n"
                                      "rule b for card { on payment }\n",
                                  {},
                                  {{"c.csv", "account,opened,country,limit,vip\n"},
                                   {"good.txt", "m1\n"},
                                   {"bad.txt", "m2\n"},
                                   {"m.json", model_text}});
  REQUIRE(program.lists.size() == 2);
  CHECK(program.lists[1].file.name == "bad");
  CHECK(program.lists[1].file.path == "bad.txt");
  CHECK(program.lists[1].file.content_hash.size() == 16);
  CHECK(program.lists[1].file.content_hash != program.lists[0].file.content_hash);
  CHECK(program.tables.at(0).file.path == "c.csv");
  CHECK(program.models.at(0).file.path == "m.json");
  CHECK(program.rules[0].inputs == std::vector{rules::rule_input{rules::rule_input::kind::list, 1}});
  CHECK(program.rules[1].inputs.empty());
}

TEST_CASE("a graph's fields are those of its event") {
  const auto program = program_of("graph g : transfer(from -> to, weight amount) keep 30d refresh 10s");
  const auto& graph = program.graphs.at(0);
  CHECK(graph.name == "g");
  const cep::graph_shape& shape = graph;
  CHECK(shape == cep::graph_shape{.event = *program.schema.find("transfer"),
                                  .from = stream::field_id{0},
                                  .to = stream::field_id{1},
                                  .weight = stream::field_id{2},
                                  .keep = std::chrono::days(30),
                                  .refresh = std::chrono::seconds(10)});
  CHECK(program.data.graphs == std::vector{shape});
}

TEST_CASE("what has changed in the files of lists and tables is read again") {
  const std::string text = table_text + "list bad : text from \"bad.txt\"\nlist same : int from \"same.txt\"\n";
  std::map<std::string, std::string> files = {
      {"c.csv", "account,opened,country,limit,vip\nA1,1000,,,true\n"}, {"bad.txt", "m1\n"}, {"same.txt", "5\n"}};
  auto program = program_of(text, {}, files);
  const auto before = program;

  CHECK_FALSE(rules::reload(program, reader_of(files)).changed());

  files["bad.txt"] = "m1\nm2\n";
  files["c.csv"] = "account,opened,country,limit,vip\nA1,1000,DE,,true\n";
  const auto changes = rules::reload(program, reader_of(files));
  CHECK(changes.errors.empty());
  CHECK(changes.lists == std::vector<std::uint16_t>{0});
  CHECK(changes.tables == std::vector<std::uint16_t>{0});
  CHECK(program.data.lists[0].values == std::vector<std::string>{"m1", "m2"});
  CHECK(program.data.tables[0].rows[0].values[1] == cep::constant_value("DE"));
  CHECK(program.lists[0].file.content_hash != before.lists[0].file.content_hash);
  CHECK(program.lists[1].file.content_hash == before.lists[1].file.content_hash);
}

TEST_CASE("a file that is wrong, or gone, changes nothing") {
  std::map<std::string, std::string> files = {{"bad.txt", "m1\n"}, {"n.txt", "5\n"}};
  auto program = program_of("list bad : text from \"bad.txt\"\nlist n : int from \"n.txt\"\n", {}, files);
  files.erase("bad.txt");
  files["n.txt"] = "5\nsix\n";
  const auto changes = rules::reload(program, reader_of(files));
  CHECK_FALSE(changes.changed());
  CHECK(changes.errors ==
        std::vector<std::string>{"can't read bad.txt: no such file", "n.txt, line 2: \"six\" is not a whole number"});
  CHECK(program.data.lists[0].values == std::vector<std::string>{"m1"});
  CHECK(program.data.lists[1].values == std::vector<std::string>{"5"});
}

}  // namespace
