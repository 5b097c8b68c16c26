#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/rules/check/compiling.hpp"

namespace {

using namespace weir;
using namespace weir::testing;

const std::string types = "entity card\nevent payment { at: time  card: card  merchant: text }\n";

std::vector<std::string> paths_of(const rules::compilation& compiled) {
  std::vector<std::string> paths;
  for (const auto& file : compiled.files) paths.push_back(file.path);
  return paths;
}

TEST_CASE("imports and lists are found beside the file that names them, each file once") {
  const auto read = reader_of({
      {"rules/a.weir", "import \"common/types.weir\"\nimport \"b.weir\"\nrule a for card { on payment }"},
      {"rules/b.weir",
       "import \"./common/../common/types.weir\"\nimport \"a.weir\"\nrule b for card { on payment where "
       "merchant in bad }"},
      {"rules/common/types.weir", types + "list bad : text from \"../lists/bad.csv\""},
      {"rules/lists/bad.csv", "m1\n"},
  });
  const auto compiled = rules::compile({"rules/a.weir", "rules/b.weir"}, {}, read);
  REQUIRE(compiled.result.has_value());
  CHECK(paths_of(compiled) == std::vector<std::string>{"rules/a.weir", "rules/common/types.weir", "rules/b.weir"});
  CHECK(compiled.result->rules.at(0).name == "a");
  CHECK(compiled.result->rules.at(1).name == "b");
  CHECK(compiled.result->data.lists.at(0).values == std::vector<std::string>{"m1"});
}

TEST_CASE("a file that is named but not there is an error without a place, and the others are checked") {
  const auto compiled = rules::compile({"nowhere.weir", "bad.weir"}, {},
                                       reader_of({{"bad.weir", types + "rule a for crad { on payment }"}}));
  CHECK_FALSE(compiled.result.has_value());
  REQUIRE(compiled.findings.size() == 1);
  CHECK(compiled.findings[0].message == "can't read nowhere.weir: no such file");
  CHECK(compiled.findings[0].where == rules::source_span{0, 0, 0});
  CHECK(rules::render(compiled.findings[0], compiled.files).starts_with("nowhere.weir:1:1: error:"));
}

TEST_CASE("errors come by file and position") {
  const auto compiled =
      rules::compile({"a.weir", "b.weir"}, {},
                     reader_of({{"a.weir", types + "rule a for card { on payment where x }\nparam p = y"},
                                {"b.weir", "rule b for card { on payment where z }"}}));
  REQUIRE(compiled.findings.size() == 3);
  CHECK(compiled.findings[0].message == "there is no `x` here");
  CHECK(compiled.findings[1].message == "there is no `y` here");
  CHECK(compiled.findings[2].message == "there is no `z` here");
}

TEST_CASE("a list is one value a line, or a file's first column") {
  const auto values = [](const std::string& text) {
    return program_of("list bad : text from \"bad.txt\"", {}, {{"bad.txt", text}}).data.lists.at(0).values;
  };
  using list = std::vector<std::string>;
  CHECK(values("a\nb\n") == list{"a", "b"});
  CHECK(values("a\r\n\r\n  b  \r\n# c\nd") == list{"a", "b", "d"});
  CHECK(values("\xef\xbb\xbf"
               "bad,since\nm 1,2020\n\"x, y\",2021\n\"say \"\"hi\"\"\",2022\n") == list{"m 1", "x, y", "say \"hi\""});
  CHECK(values("text\na\ntext\n") == list{"a", "text"});
  CHECK(values("").empty());
}

TEST_CASE("a list of ints holds whole numbers") {
  const std::string list = "list codes : int from \"codes.txt\"";
  CHECK(program_of(list, {}, {{"codes.txt", "codes\n5\n-7\n"}}).data.lists.at(0).values ==
        std::vector<std::string>{"5", "-7"});
  CHECK(errors_in(list, {}, {{"codes.txt", "5\n5.5\n"}}) == "codes.txt, line 2: \"5.5\" is not a whole number\n");
  CHECK(errors_in(list) == "can't read codes.txt: no such file\n");
}

TEST_CASE("reading a file that is not there, or is a folder, says why") {
  const auto folder = std::filesystem::temp_directory_path();
  CHECK(rules::read_text_file((folder / "weir-nowhere.weir").string()).error() == "No such file or directory");
  CHECK(rules::read_text_file(folder.string()).error() == "Is a directory");
}

}  // namespace
