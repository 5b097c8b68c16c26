#include "stream/dictionary.hpp"

#include <catch2/catch.hpp>

using namespace weir::stream;

TEST_CASE("a text has one dense id for good") {
  dictionary names;
  CHECK(names.intern("a") == symbol{0});
  CHECK(names.intern("b") == symbol{1});
  CHECK(names.intern("a") == symbol{0});
  CHECK(names.intern("") == symbol{2});
  CHECK(names[symbol{1}] == "b");
  CHECK(names.find("b") == symbol{1});
  CHECK_FALSE(names.find("c").has_value());
  CHECK(names.size() == 3);
}

TEST_CASE("texts of every length are told apart, whatever they begin with") {
  dictionary names;
  std::vector<std::string> texts;
  for (std::size_t size = 0; size < 64; ++size) {
    texts.push_back(std::string(size, 'x'));
    texts.push_back(std::string(size, '\0'));
    texts.push_back(std::string(size, 'x') + 'y');
  }
  std::vector<symbol> ids;
  for (const std::string& text : texts) ids.push_back(names.intern(text));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CHECK(names[ids[i]] == texts[i]);
    CHECK(names.find(texts[i]) == ids[i]);
  }
  CHECK(names.size() == texts.size() - 1);  // the empty text is there twice
  CHECK_FALSE(names.find("xyx").has_value());
}

TEST_CASE("texts stay where they are while others come, long ones too") {
  dictionary names;
  const std::string_view first = names[names.intern("first")];
  const std::string long_text(1 << 20, 'x');
  names.intern(long_text);
  for (int i = 0; i < 50'000; ++i) names.intern(std::to_string(i));
  CHECK(first == "first");
  CHECK(names[symbol{0}].data() == first.data());
  CHECK(names[symbol{1}] == long_text);
  CHECK(names[*names.find("49999")] == "49999");
}
