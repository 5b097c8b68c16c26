#include "rules/sigma/condition.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace weir::sigma {

namespace {

constexpr int depth_max = 50;

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  bool in_word = false;
  for (const char c : text) {
    const bool bracket = c == '(' || c == ')' || c == '|';
    if (bracket) {
      words.emplace_back(1, c);
    } else if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      if (!in_word) words.emplace_back();
      words.back() += c;
    }
    in_word = !bracket && std::isspace(static_cast<unsigned char>(c)) == 0;
  }
  return words;
}

std::string small(std::string word) {
  std::ranges::transform(word, word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return word;
}

/// From the loosest to the tightest: or, and, not, `1 of`, brackets.
class condition_parser {
 public:
  explicit condition_parser(const condition_text& written) : written_(written), words_(split(written.text)) {}

  condition parse() {
    if (std::ranges::find(words_, "|") != words_.end()) {
      fail("conditions with `|` are obsolete in Sigma and not read: write a correlation");
    }
    condition whole = parse_chain("or", condition_kind::disjunction);
    if (at_ != words_.size()) fail("`" + words_[at_] + "` is not expected here");
    return whole;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw cannot_say(written_.where, "the condition cannot be read: " + why);
  }

  std::string next() const { return at_ < words_.size() ? words_[at_] : std::string{}; }
  bool take(const char* word) {
    if (small(next()) != word) return false;
    ++at_;
    return true;
  }

  condition parse_chain(const char* joint, condition_kind kind) {
    const bool loosest = kind == condition_kind::disjunction;
    condition chain{.kind = kind, .name = {}, .parts = {}};
    do {
      chain.parts.push_back(loosest ? parse_chain("and", condition_kind::conjunction) : parse_negation());
    } while (take(joint));
    return chain.parts.size() == 1 ? std::move(chain.parts.front()) : chain;
  }

  condition parse_negation() {
    if (!take("not")) return parse_operand();
    if (++depth_ > depth_max) fail("it is nested too deeply");
    condition whole{.kind = condition_kind::negation, .name = {}, .parts = {parse_negation()}};
    --depth_;
    return whole;
  }

  condition parse_operand() {
    if (take("(")) {
      if (++depth_ > depth_max) fail("it is nested too deeply");
      condition inner = parse_chain("or", condition_kind::disjunction);
      --depth_;
      if (!take(")")) fail("a bracket is not closed");
      return inner;
    }
    const std::string word = next();
    if (word.empty() || word == ")") fail("a search identifier is expected at its end, or before `)`");
    ++at_;
    if (small(next()) != "of") return {.kind = condition_kind::search, .name = word, .parts = {}};
    ++at_;
    const std::string amount = small(word);
    const bool all = amount == "all";
    if (!all && amount != "1" && amount != "any") fail("`" + word + " of` is not read, only `1 of` and `all of`");
    const std::string pattern = next();
    if (pattern.empty()) fail("nothing follows `of`");
    ++at_;
    return {.kind = all ? condition_kind::all_of : condition_kind::one_of, .name = pattern, .parts = {}};
  }

  const condition_text& written_;
  std::vector<std::string> words_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

/// `*` stands for any characters.
bool fits(std::string_view name, std::string_view pattern) {
  if (pattern.empty()) return name.empty();
  if (pattern.front() != '*') {
    return !name.empty() && name.front() == pattern.front() && fits(name.substr(1), pattern.substr(1));
  }
  for (std::size_t skipped = 0; skipped <= name.size(); ++skipped) {
    if (fits(name.substr(skipped), pattern.substr(1))) return true;
  }
  return false;
}

}  // namespace

condition parse_condition(const condition_text& written) { return condition_parser(written).parse(); }

std::vector<const search*> find_searches(const rule& from, const std::string& pattern) {
  std::vector<const search*> found;
  for (const auto& [name, one] : from.searches) {
    const bool meant = small(pattern) == "them" ? !name.starts_with('_') : fits(name, pattern);
    if (meant) found.push_back(&one);
  }
  return found;
}

}  // namespace weir::sigma
