#include "rules/index/scope_walker.hpp"

#include <algorithm>
#include <array>

#include "rules/index/glossary.hpp"
#include "rules/syntax/boundaries.hpp"
#include "rules/syntax/spacing.hpp"
#include "rules/syntax/vocabulary.hpp"

namespace weir::rules::indexing {

namespace {

/// Words between `match` or `then` and the event that a step takes, where something else than `where` follows.
constexpr std::array<std::string_view, 12> step_words = {"all", "any",      "at",    "least", "next",  "of",
                                                         "one", "optional", "order", "some",  "times", "to"};

bool is_any(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

scope_walker::scope_walker(const outlined_file& file, const name_table& names, std::size_t owner)
    : file_(file), names_(names), owner_(owner) {}

std::string_view scope_walker::before(std::size_t index, std::size_t steps) const {
  return index >= steps ? word(index - steps) : std::string_view();
}

std::size_t scope_walker::read(std::size_t index) {
  if (syntax::is_word(file_.source, index)) return read_word(index);
  read_symbol(index);
  return no_symbol;
}

// ---- what is no word

void scope_walker::read_symbol(std::size_t index) {
  const std::string_view here = word(index);
  if (here == "(" || here == "[" || here == "{") return open(index);
  if (here == ")" || here == "]" || here == "}") return close();
  if (here == ".") return;
  left_ = no_symbol;
  bracket& inside = open_.back();
  const bool lists_events =
      inside.kind == bracket_kind::group || (inside.kind == bracket_kind::aggregate && inside.event == no_symbol);
  if (here == "," && lists_events) inside = {inside.kind, no_symbol, false, true};
}

void scope_walker::open(std::size_t index) {
  const bracket& outside = open_.back();
  bracket inside{bracket_kind::call, outside.event, outside.in_where, false};
  const std::string_view last = before(index);
  if (word(index) == "(" && last == "of" && is_any(before(index, 2), {"all", "one"})) {
    inside = {bracket_kind::group, no_symbol, false, true};
  } else if (word(index) == "(" && find_term(last, term_kind::aggregate) != nullptr) {
    inside = {bracket_kind::aggregate, no_symbol, false, true};
  } else if (word(index) == "[") {
    const bool edge = last == "-";
    inside = edge ? bracket{bracket_kind::edge, no_symbol, false, true}
                  : bracket{bracket_kind::cell, outside.event, outside.in_where, false};
  } else if (word(index) == "{") {
    inside = {bracket_kind::fields, outside.event, false, false};
  } else if (outside.wants_event && is_any(last, {"match", "order", "->"})) {
    open_.back().wants_event = false;  // a path
  }
  left_of_bracket_.push_back(left_);
  open_.push_back(inside);
  left_ = no_symbol;
}

/// Behind `prev(login)` and `first(fail)` a point reads a field of the event, behind `clients[acct]` a column.
void scope_walker::close() {
  left_ = no_symbol;
  if (open_.size() == 1) return;
  const bracket closed = open_.back();
  open_.pop_back();
  if (closed.kind == bracket_kind::aggregate) left_ = closed.event;
  if (closed.kind == bracket_kind::cell) left_ = left_of_bracket_.back();
  left_of_bracket_.pop_back();
}

// ---- words

std::size_t scope_walker::read_word(std::size_t index) {
  if (before(index) == ".") {
    const std::size_t found = member(index);
    left_ = no_symbol;
    return found;
  }
  left_ = no_symbol;
  bracket& inside = open_.back();
  if (inside.kind == bracket_kind::fields && word(index + 1) == ":") {
    return names_.find(symbol_kind::field, word(index), inside.event);
  }
  if (begins_step(index)) {
    inside = {inside.kind, no_symbol, false, true};
    return no_symbol;
  }
  if (inside.wants_event) return read_event(index);
  if (word(index) == "where") inside.in_where = inside.event != no_symbol;
  if (word(index) == "within") inside.in_where = false;
  return read_name(index);
}

/// `on`, `match`, `then`, `no`, `raise`, whatever comes before them.
bool scope_walker::begins_step(std::size_t index) const {
  if (is_any(word(index), {"on", "match", "then", "no"})) return true;
  return word(index) == "raise" && open_.size() == 1 && syntax::begins_clause(file_.source, index);
}

/// `some` in `some fail: login`, not in `some where ok`, where an event is called so.
bool scope_walker::is_step_word(std::size_t index) const {
  if (!syntax::contains(step_words, word(index))) return false;
  const std::string_view next = word(index + 1);
  if (next == "(" || next.empty()) return true;
  const bool is_word = syntax::is_word(file_.source, index + 1);
  return (is_word && !syntax::contains(syntax::reserved_words, next)) || syntax::is_digit(next[0]) || next == "no";
}

std::size_t scope_walker::read_event(std::size_t index) {
  if (is_step_word(index)) return no_symbol;
  const std::string_view name = word(index);
  if (word(index + 1) == ":") return names_.find(symbol_kind::label, name, owner_);
  bracket& inside = open_.back();
  inside.wants_event = false;
  std::size_t found = names_.find(symbol_kind::event, name);
  // The label of a run, in an aggregate over it.
  if (found == no_symbol) found = names_.find_any({symbol_kind::label, symbol_kind::parameter}, name, owner_);
  if (found != no_symbol) inside.event = event_of(found);
  left_ = inside.event;
  return found;
}

std::size_t scope_walker::read_name(std::size_t index) {
  const std::string_view name = word(index);
  const bool asks_list = name == "in" && index > 0 && syntax::ends_operand(file_.source, index - 1);
  if (asks_list || syntax::contains(syntax::reserved_words, name)) return no_symbol;
  std::size_t found = no_symbol;
  if (word(index + 1) == "(") {
    found = names_.find(symbol_kind::let, name);
    if (found != no_symbol) return found;
    if (find_term(name, term_kind::aggregate) != nullptr || find_term(name, term_kind::function) != nullptr)
      return found;
  }
  if (event_at_hand() != no_symbol) found = names_.find(symbol_kind::field, name, event_at_hand());
  using enum symbol_kind;
  if (found == no_symbol && owner_ != no_symbol)
    found = names_.find_any({label, subject, vertex, parameter}, name, owner_);
  if (found == no_symbol) found = names_.find_any({param, list, table, model, graph, event}, name);
  left_ = meaning_of(found);
  return found;
}

std::size_t scope_walker::member(std::size_t index) const {
  if (left_ == no_symbol) return no_symbol;
  const auto kind = names_[left_].kind == symbol_kind::table ? symbol_kind::column : symbol_kind::field;
  return names_.find(kind, word(index), left_);
}

/// The event that a symbol stands for.
std::size_t scope_walker::event_of(std::size_t found) const {
  const symbol& s = names_[found];
  return s.kind == symbol_kind::event ? found : names_.find(symbol_kind::event, s.type);
}

/// What a point behind the symbol would read from.
std::size_t scope_walker::meaning_of(std::size_t found) const {
  if (found == no_symbol) return no_symbol;
  switch (names_[found].kind) {
    case symbol_kind::label:
    case symbol_kind::parameter:
    case symbol_kind::event: return event_of(found);
    case symbol_kind::table:
    case symbol_kind::graph: return found;
    default: return no_symbol;
  }
}

}  // namespace weir::rules::indexing
