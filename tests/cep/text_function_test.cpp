#include "cep/text_function.hpp"

#include <catch2/catch.hpp>

namespace weir::cep {

TEST_CASE("letters change their case one for one, whatever the alphabet") {
  CHECK(lower("ÀÉÎ ΣΑΣ ЖУК 1!") == "àéî σασ жук 1!");
  CHECK(upper("àéî σας жук") == "ÀÉÎ ΣΑΣ ЖУК");
  CHECK(upper("") == "");
}

TEST_CASE("what is not UTF-8 stays as it is") {
  CHECK(lower("A\xff\xc3"
              "B") ==
        "a\xff\xc3"
        "b");
  CHECK(upper("\xe2\x82") == "\xe2\x82");
}

TEST_CASE("a text is as long as it has code points") {
  CHECK(length("") == 0);
  CHECK(length("né 😀") == 4);
}

TEST_CASE("a pattern that cannot be read says why") {
  CHECK(why_not_a_pattern("a+b").empty());
  CHECK(why_not_a_pattern("(a").find("missing )") != std::string::npos);
}

TEST_CASE("what a text gave is remembered, and new texts are asked anew") {
  stream::dictionary texts;
  const std::string part = "shop";
  text_function ends(operation::ends_with, texts, texts, &part);
  const auto kiosk = texts.intern("kiosk");
  CHECK_FALSE(ends(kiosk, kiosk).boolean);
  const auto shop = texts.intern("web-shop");
  CHECK(ends(shop, shop).boolean);
  CHECK(ends(shop, shop).boolean);
  CHECK_FALSE(ends(kiosk, kiosk).boolean);
}

TEST_CASE("lower interns what it gives, also while the dictionary grows") {
  stream::dictionary texts;
  text_function small(operation::lower, texts, texts, nullptr);
  const auto large = texts.intern("ABC");
  const auto first = small(large, large);
  CHECK(texts[first.id] == "abc");
  CHECK(small(first.id, first.id).id == first.id);
  CHECK(small(large, large).id == first.id);
}

}  // namespace weir::cep
