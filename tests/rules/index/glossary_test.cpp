#include "rules/index/glossary.hpp"

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "rules/check/declared.hpp"
#include "rules/syntax/vocabulary.hpp"

using namespace weir::rules;
using namespace weir::rules::indexing;

TEST_CASE("every word that begins a declaration or a clause is explained, and no other is said to") {
  const auto explained = [](term_kind kind) {
    std::set<std::string_view> words;
    for (const auto& t : terms()) {
      if (t.kind == kind) words.insert(t.word);
    }
    return words;
  };
  CHECK(explained(term_kind::declaration) ==
        std::set<std::string_view>(syntax::declaration_words.begin(), syntax::declaration_words.end()));
  CHECK(explained(term_kind::clause) ==
        std::set<std::string_view>(syntax::clause_words.begin(), syntax::clause_words.end()));
}

TEST_CASE("every reserved word but true and false is explained") {
  for (const auto word : syntax::reserved_words) {
    if (word == "true" || word == "false") continue;
    CAPTURE(word);
    CHECK(std::ranges::any_of(terms(), [&](const term& t) { return t.word == word; }));
  }
}

TEST_CASE("the functions that are explained are those that are checked") {
  std::set<std::string> explained;
  for (const auto& t : terms()) {
    if (t.kind == term_kind::function) explained.insert(std::string(t.word));
  }
  const auto known = function_names();
  CHECK(explained == std::set<std::string>(known.begin(), known.end()));
}

TEST_CASE("a term is explained once for each of its places, in sentences") {
  std::set<std::pair<std::string_view, term_kind>> seen;
  for (const auto& t : terms()) {
    CAPTURE(t.word);
    CHECK(seen.insert({t.word, t.kind}).second);
    CHECK(t.signature.find(t.word) != std::string_view::npos);
    CHECK(t.meaning.ends_with('.'));
  }
}
