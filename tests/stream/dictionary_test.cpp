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

TEST_CASE("an id that the stream has not shown for long is given to another text, and a constant's never") {
  symbols names{schema{}};
  dictionary& texts = names.texts();
  const symbol constant = texts.intern("constant");
  names.recycle(id_recycling{.retention = std::chrono::seconds{10}, .epochs = 10, .handed_back_least = 1});
  const auto at = [](int seconds) { return timestamp{std::chrono::seconds{seconds}}; };
  for (int second = 0; second < 1000; ++second) {
    CHECK(texts.intern_passing("always") == symbol{1});
    texts.intern_passing("once " + std::to_string(second));
    names.pass(at(second), at(second));
  }
  CHECK(texts.ids() < 60);
  CHECK(texts.size() < 60);
  CHECK(texts.generation() > 0);
  CHECK(texts[constant] == "constant");
  CHECK(texts.find("constant") == constant);
  CHECK_FALSE(texts.find("once 5").has_value());
  CHECK(texts.find("once 999").has_value());
}

TEST_CASE("without a bound on what is remembered, no id is given to another text") {
  symbols names{schema{}};
  for (int second = 0; second < 1000; ++second) {
    names.texts().intern_passing(std::to_string(second));
    names.pass(timestamp{std::chrono::seconds{second}}, timestamp{std::chrono::seconds{second}});
  }
  CHECK(names.texts().ids() == 1000);
  CHECK(names.texts().generation() == 0);
}

TEST_CASE("memory stays level over a million texts of which each is seen for a while") {
  symbols names{schema{}};
  dictionary& texts = names.texts();
  names.recycle(id_recycling{.retention = std::chrono::seconds{100}});
  std::size_t most = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    texts.intern_passing(std::to_string(i));
    texts.intern_passing(std::to_string(std::max(0, i - 5000)));
    if (i % 1000 != 0) continue;
    const timestamp now{std::chrono::seconds{i / 1000}};
    names.pass(now, now);
    if (i == 300'000) most = texts.ids();
  }
  CHECK(texts.ids() <= most + most / 10);
  CHECK(texts.ids() < 250'000);  // of which 105,000 to 120,000 may be asked for
}
