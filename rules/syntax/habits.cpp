#include "rules/syntax/habits.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "rules/syntax/boundaries.hpp"
#include "rules/syntax/elsewhere.hpp"
#include "rules/syntax/vocabulary.hpp"

namespace weir::rules::syntax {

namespace {

template <std::size_t N>
bool is_one_of(std::string_view word, const std::string_view (&words)[N]) {
  return std::ranges::find(words, word) != std::end(words);
}

std::string small_letters(std::string_view word) {
  std::string small;
  for (const char c : word) small += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return small;
}

bool is_capitals(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// A token, what stands around it, and what was expected in its place.
class place {
 public:
  place(const reading& source, std::size_t index, std::string_view expected)
      : source_(source), index_(index), expected_(expected) {}

  std::string_view here() const { return word_at(source_, index_); }
  std::string_view before(std::size_t n = 1) const {
    return n > index_ ? std::string_view() : word_at(source_, index_ - n);
  }
  std::string_view behind(std::size_t n = 1) const { return word_at(source_, index_ + n); }
  std::size_t index() const { return index_; }
  std::string_view word(std::size_t index) const { return word_at(source_, index); }

  std::optional<token_kind> kind(std::ptrdiff_t offset = 0) const {
    const auto at = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(index_) + offset);
    return at < source_.tokens.size() ? std::optional(source_.tokens[at].kind) : std::nullopt;
  }
  bool is_number(std::ptrdiff_t offset = 0) const { return kind(offset) == token_kind::number; }
  bool first_on_line() const { return index_ < source_.tokens.size() && source_.tokens[index_].first_on_line; }

  bool expects(std::string_view what) const { return expected_.find(what) != std::string_view::npos; }
  bool expects_nothing_named() const { return expected_.empty(); }

 private:
  const reading& source_;
  std::size_t index_;
  std::string_view expected_;
};

std::string written(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

// ---- words

std::string in_capitals(const place& p) {
  const std::string small = small_letters(p.here());
  const bool known = contains(reserved_words, small) || contains(clause_words, small) ||
                     contains(declaration_words, small) || small == "in";
  return known && small != p.here() ? written({"words of the language have small letters: `", small, "`"}) : "";
}

std::string where_a_clause_begins(const place& p) {
  static constexpr std::pair<std::string_view, std::string_view> hints[] = {
      {"alert", "every match is an alert: `when` and `unless` say which ones count"},
      {"if", "a condition stands behind the event, in `where`, or in `when`"},
      {"having", "what holds where a match ends stands in `when`"},
      {"filter", "a condition stands behind the event, in `where`"},
      {"select", "say what it looks for: on EVENT where …"},
      {"group", "a rule holds for each of its subjects by itself: rule NAME for SUBJECT"},
      {"partition", "a rule holds for each of its subjects by itself: rule NAME for SUBJECT"},
      {"window", "a window stands behind what is counted: count(EVENT) over 10m"},
      {"description", "what an alert says is its `reason`; a remark for readers is a comment: # …"},
      {"comment", "what an alert says is its `reason`; a remark for readers is a comment: # …"},
      {"message", "what an alert says is its `reason`"},
      {"priority", "write severity high"},
      {"throttle", "write suppress for 6h"},
      {"cooldown", "write suppress for 6h"},
  };
  return p.expects_nothing_named() ? std::string(look_up(hints, p.here())) : "";
}

std::string operator_that_is_a_function(const place& p) {
  static constexpr std::pair<std::string_view, std::string_view> functions[] = {
      {"contains", "contains"},      {"starts_with", "starts_with"}, {"ends_with", "ends_with"},
      {"startswith", "starts_with"}, {"endswith", "ends_with"},      {"matches", "matches"},
      {"regexp", "matches"},         {"rlike", "matches"},           {"~", "matches"}};
  if (p.kind(-1) != token_kind::word) return "";
  if (p.here() == "like") {
    return written({"write contains(", p.before(), ", \"part\") or matches(", p.before(), ", \"pattern\")"});
  }
  const std::string_view function = look_up(functions, p.here());
  return function.empty() ? "" : written({"write ", function, "(", p.before(), ", …)"});
}

/// Of `average(payment.amount)` whose end stands before.
std::string function_before(const place& p) {
  if (p.before() != ")") return "";
  std::size_t open = 0;
  for (std::size_t i = p.index(); i-- > 0;) {
    if (p.word(i) == ")") ++open;
    if (p.word(i) != "(" || --open > 0) continue;
    const std::string_view known = i > 0 ? name_here(p.word(i - 1)) : std::string_view();
    return known.empty() ? "" : written({"`", p.word(i - 1), "` is called `", known, "` here"});
  }
  return "";
}

// ---- steps

/// Whether a step of a match has been read up to here, and not yet its `where`.
bool is_behind_step(const place& p) {
  for (std::size_t i = p.index(); i-- > 0;) {
    if (p.word(i) == "match") return true;
    if (p.word(i) == "where" || p.word(i) == "{" || contains(clause_words, p.word(i))) return false;
  }
  return false;
}

std::string joined_otherwise(const place& p) {
  static constexpr std::string_view joints[] = {",", "->", "and", "followed", "&", "after", "before", "next"};
  if (!p.expects_nothing_named()) return "";
  if (is_one_of(p.here(), joints) && is_behind_step(p)) return "steps are joined by `then`";
  if (p.here() == "without") return "what must not come is a step: then no EVENT within 30s";
  return "";
}

bool begins_step(std::string_view word) {
  static constexpr std::string_view words[] = {"on", "match", "then", "next", "optional", "times", "some", ":"};
  return is_one_of(word, words);
}

std::string behind_event(const place& p) {
  if (!p.expects_nothing_named() || p.kind(-1) != token_kind::word || !begins_step(p.before(2))) return "";
  if (p.here() == "as") return written({"a label stands before its event: ", p.behind(), ": ", p.before()});
  if (p.here() == "=") return written({"a label has a colon behind it: ", p.before(), ": ", p.behind()});
  if (p.here() == "(" && p.before() != "any")
    return written({"a condition stands behind `where`: ", p.before(), " where …"});
  if (p.before(2) == "on") return "";  // it takes one event
  const bool counted = p.here() == "*" || p.here() == "{" || p.here() == "+";
  if (p.is_number() || (counted && p.is_number(1))) {
    return written(
        {"how many stands before the event: ", p.is_number() ? p.here() : p.behind(), " times ", p.before()});
  }
  if (counted) return written({"how many stands before the event: some ", p.before()});
  return "";
}

// ---- numbers, money, durations

std::string money_otherwise(const place& p) {
  constexpr std::size_t letters = 3;
  static constexpr std::string_view signs[] = {"$", "€", "£", "¥"};
  if (is_one_of(p.here(), signs)) return "a currency stands behind its amount: 500 EUR";
  if (p.is_number() && p.before().size() == letters && is_capitals(p.before())) {
    return written({"a currency stands behind its amount: ", p.here(), " ", p.before()});
  }
  const bool small = p.kind() == token_kind::word && p.here().size() == letters && syntax::is_number(p.before()) &&
                     !contains(reserved_words, p.here());
  std::string capitals;
  for (const char c : p.here()) capitals += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const bool is_currency = small && (p.expects_nothing_named() || p.expects("currency")) && unit_here(p.here()).empty();
  return is_currency ? written({"a currency has capital letters: ", p.before(), " ", capitals}) : "";
}

std::string sign_otherwise(const place& p) {
  if (p.here() == "%") {
    return p.is_number(-1) ? "a share is a number: 0.9 is 90 %" : "there is no remainder of a division";
  }
  if (p.here() == "|" && small_letters(p.behind()) == "null")
    return written({"what may be missing has a `?`: ", p.before(), "?"});
  if (p.here() == "|") return "write `or`";
  if (p.here() == "-" && p.behind() == "-") return "a comment begins with `#`";
  if (p.here() == "+" && p.kind(-1) == token_kind::text) return "values stand within the text: \"paid {p.amount}\"";
  if (p.here() == ":" && contains(clause_words, p.before()))
    return written({"no `:` stands behind `", p.before(), "`"});
  return "";
}

std::string duration_otherwise(const place& p) {
  static constexpr std::string_view fillers[] = {"last", "past", "previous", "the"};
  const bool window = p.expects("a window");
  static constexpr std::string_view calendar[] = {"day", "week", "month"};
  const bool zone_missing = p.expects("name of a list") && is_one_of(p.before(2), calendar);
  if (zone_missing || (p.before(2) == "in" && is_one_of(p.before(3), calendar))) {
    return "a time zone stands in quotes: over day in \"Europe/Paris\"";
  }
  if (!window && !p.expects("a duration")) return "";
  if (p.is_number() && is_one_of(p.behind(), {"month", "months", "year", "years"})) {
    return window ? "write over month, which begins with its first day, or over 30d"
                  : "months differ in length: write 30d";
  }
  const std::string_view unit = unit_here(p.behind());
  if (p.is_number() && !unit.empty()) {
    return written({p.behind() == unit ? "a duration has no blank in it: " : "write ", p.here(), unit});
  }
  if (is_one_of(p.here(), fillers)) return written({"leave out `", p.here(), "`"});
  if (p.here() == "today") return "write over day, which begins at midnight";
  return "";
}

// ---- aggregates

std::string window_otherwise(const place& p) {
  static constexpr std::string_view words[] = {"in", "within", "during", "last", "for", "per"};
  const bool behind_bracket = p.before() == ")" && (p.expects_nothing_named() || p.expects("`over` and a window"));
  if (behind_bracket && is_one_of(p.here(), words)) return "a window is written with `over`: count(EVENT) over 10m";
  if (p.here() == "where" && p.before(2) == "over")
    return "a condition stands inside the bracket: count(EVENT where …)";
  if (p.before() == "prior") return "`prior` stands behind `over`: avg(EVENT.FIELD) over prior 30d";
  if (!p.expects("`where` or `)`")) return "";
  if (p.before() == "distinct") return "write distinct(EVENT.FIELD)";
  const bool window = p.here() == "over" || p.here() == "within" || p.here() == ",";
  return window ? "the window stands behind the bracket: count(EVENT) over 10m" : "";
}

// ---- where one thing is expected

std::string in_a_declaration(const place& p) {
  static constexpr std::string_view types[] = {"time", "text", "int", "bool", "float", "decimal", "duration", "ip"};
  if (p.before(2) == "entity" && p.here() == ",") return written({"each has a declaration: entity ", p.behind()});
  if (p.expects("`=`") && p.before(2) == "param" && p.here() == ":")
    return written({"a param has the type of its value: param ", p.before(), " = …"});
  if (p.expects("`(`") && p.before(2) == "let") return written({"a constant is a param: param ", p.before(), " = …"});
  if (p.expects("`from`") && p.here() == "=") return "the values stand in a file, one a line: from \"FILE\"";
  if (p.expects("`:`") && is_one_of(p.before(), types) && p.kind() == token_kind::word) {
    return written({"the name comes first: ", p.here(), ": ", p.before()});
  }
  if (!p.expects("`{`") || p.here() == "{") return "";
  if (p.here() == "(") return "fields stand in braces: { at: time … }";
  if (p.here() == "-") return written({"a name has `_` where others have `-`: ", p.before(), "_", p.behind()});
  if (p.before() == "each") return written({"a rule is about each one by itself: for ", p.here()});
  return "";
}

std::string in_a_clause(const place& p) {
  if (p.expects("`missing`") && small_letters(p.here()) == "null") return "write `missing`";
  if (p.expects("name of a list") && p.here() == "[") return "declare it: list NAME: TYPE from \"FILE\"";
  if (p.expects("`times`")) return written({"write ", p.before(), " times"});
  if (p.expects("an event name") && p.here() == "not") return "what must not come is written `no`";
  if (p.expects("an event name") && p.here() == "*") return "name the event that is counted: count(EVENT)";
  if (p.expects("an entity or a type") && p.before() == ":" && p.here() != "{")
    return "a rule's clauses stand in braces: { … }";
  if (p.expects("`for`") && p.before() == "suppress") {
    return is_one_of(p.here(), {"per", "on"}) ? "write suppress by" : written({"write suppress for ", p.here()});
  }
  return "";
}

std::string in_a_test(const place& p) {
  if (p.expects("`alert`, `no alert`") && is_one_of(p.here(), {"none", "nothing"})) return "write expect no alert";
  if (p.expects("an event such as") && p.here() == "for")
    return "whom an alert is for stands before its time: for C1 at 9m";
  if (p.expects("a value such as") && p.here() == ":" && p.is_number(-1)) {
    return "write the time since the test began: 9m";
  }
  return "";
}

std::string in_quotes(const place& p) {
  if (p.kind() != token_kind::text || p.expects("quotes")) return "";
  const bool word = p.expects("name") || p.expects("low, medium") || p.expects("live, shadow") || p.expects("`each`");
  return word ? "it stands without quotes" : "";
}

}  // namespace

std::string hint_for_name_behind(const reading& source, std::size_t index) {
  const place p(source, index, "");
  const bool name = p.kind() == token_kind::word && !p.first_on_line() && !contains(reserved_words, p.here()) &&
                    !contains(other_words, p.here());
  if (!name || p.kind(-1) != token_kind::word || !begins_step(p.before(2))) return "";
  return written({"a label stands before its event: ", p.here(), ": ", p.before()});
}

std::string hint_for_habit(const reading& source, std::size_t index, std::string_view expected) {
  const place p(source, index, expected);
  for (const auto recognised : {in_capitals, where_a_clause_begins, operator_that_is_a_function, function_before,
                                joined_otherwise, behind_event, money_otherwise, sign_otherwise, duration_otherwise,
                                window_otherwise, in_a_declaration, in_a_clause, in_a_test, in_quotes}) {
    if (std::string hint = recognised(p); !hint.empty()) return hint;
  }
  return "";
}

}  // namespace weir::rules::syntax
