#include "rules/syntax/shape.hpp"

#include "rules/syntax/boundaries.hpp"
#include "rules/syntax/spacing.hpp"
#include "rules/syntax/vocabulary.hpp"

namespace weir::rules::syntax {

namespace {

bool opens(std::string_view token) { return token == "(" || token == "[" || token == "{"; }
bool closes(std::string_view token) { return token == ")" || token == "]" || token == "}"; }

/// The first token at bracket level zero, from `from` on, of which `found` holds; `last` if there is none. A bracket
/// that closes more than was opened ends the search, too.
template <typename Found>
std::size_t find_at_level(const reading& source, std::size_t from, std::size_t last, Found found) {
  std::size_t level = 0;
  for (std::size_t i = from; i < last; ++i) {
    const std::string_view here = word_at(source, i);
    if (level == 0 && found(i)) return i;
    if (opens(here)) ++level;
    if (closes(here) && level-- == 0) return i;
  }
  return last;
}

bool something_may_begin(const reading& source, std::size_t index) {
  return index == 0 || ends_operand(source, index - 1);
}

bool declaration_begins(const reading& source, std::size_t index) {
  return begins_declaration(source, index) && something_may_begin(source, index);
}

bool clause_begins(const reading& source, std::size_t index) {
  return begins_clause(source, index) && something_may_begin(source, index);
}

class outline {
 public:
  explicit outline(const reading& source) : source_(source), count_(source.tokens.size()) {}

  std::vector<declaration_shape> run() const {
    std::vector<declaration_shape> all;
    for (std::size_t at = 0; at < count_; at = all.back().all.last) all.push_back(read(at));
    return all;
  }

 private:
  std::string_view word(std::size_t index) const { return word_at(source_, index); }

  declaration_shape read(std::size_t begin) const {
    if (word(begin) == "rule") return rule(begin);
    if (word(begin) == "event") return event(begin);
    const std::size_t end = other_end(begin);
    return {{begin, end}, {begin, end}, {}};
  }

  /// Behind the word that begins a declaration and its name, which may be spelt like one.
  std::size_t other_end(std::size_t begin) const {
    const bool named = contains(declaration_words, word(begin));
    const std::size_t behind_name = std::min(begin + (named ? 2 : 1), count_);
    if (word(begin) == "entity" || word(begin) == "import") return behind_name;
    return next_declaration(behind_name);
  }

  std::size_t next_declaration(std::size_t from) const {
    for (std::size_t i = from; i < count_; ++i) {
      if (declaration_begins(source_, i)) return i;
    }
    return count_;
  }

  std::size_t body_of(std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i) {
      if (word(i) == "{") return i;
    }
    return end;
  }

  declaration_shape event(std::size_t begin) const {
    const std::size_t limit = next_declaration(std::min(begin + 2, count_));
    const std::size_t open = body_of(begin, limit);
    if (open == limit) return {{begin, limit}, {begin, limit}, {}};
    const std::size_t close = closing_bracket(source_, open, limit);
    return {{begin, std::min(close + 1, limit)}, {begin, open}, {}};
  }

  declaration_shape rule(std::size_t begin) const {
    const std::size_t limit = next_declaration(std::min(begin + 2, count_));
    declaration_shape shape{{begin, limit}, {begin, head_end(begin, limit)}, {}};
    std::size_t at = shape.head.last + (word(shape.head.last) == "{" ? 1 : 0);
    while (at < limit && word(at) != "}") {
      const std::size_t end = clause_end(at, limit);
      shape.clauses.push_back({at, end});
      at = end;
    }
    if (at < limit) shape.all.last = at + 1;
    return shape;
  }

  /// The `{` of the body, or the clause before which it is missing.
  std::size_t head_end(std::size_t begin, std::size_t limit) const {
    for (std::size_t i = begin + 1; i < limit; ++i) {
      if (word(i) == "{" || (source_.tokens[i].first_on_line && clause_begins(source_, i))) return i;
    }
    return limit;
  }

  std::size_t clause_end(std::size_t begin, std::size_t limit) const {
    const auto begins = [&](std::size_t i) { return clause_begins(source_, i); };
    std::size_t end = find_at_level(source_, begin + 1, limit, begins);
    // A bracket that closes nothing is part of the clause it stands in.
    while (end < limit && (word(end) == ")" || word(end) == "]")) end = find_at_level(source_, end + 1, limit, begins);
    return end;
  }

  const reading& source_;
  std::size_t count_;
};

/// Whether the `within` at `index` is the whole match's. Behind an absence the first one is the absence's; one that
/// goes on with `of` is a step's.
bool is_matchs_own(const reading& source, std::size_t index, std::size_t last, bool absence) {
  return !absence && !(index + 2 < last && word_at(source, index + 2) == "of");
}

}  // namespace

std::size_t closing_bracket(const reading& source, std::size_t open, std::size_t last) {
  return find_at_level(source, open + 1, last, [](std::size_t) { return false; });
}

std::vector<declaration_shape> declarations_of(const reading& source) { return outline(source).run(); }

std::vector<token_range> match_parts(const reading& source, token_range clause) {
  std::vector<token_range> parts;
  std::size_t begin = clause.first;
  bool absence = word_at(source, begin + 1) == "no";
  const auto begins_part = [&](std::size_t i) {
    if (word_at(source, i) == "then") return true;
    if (word_at(source, i) != "within") return false;
    const bool own = is_matchs_own(source, i, clause.last, absence);
    absence = false;
    return own;
  };
  while (begin < clause.last) {
    const std::size_t end = find_at_level(source, begin + 1, clause.last, begins_part);
    parts.push_back({begin, end});
    begin = end;
    absence = word_at(source, begin) == "then" && word_at(source, begin + 1) == "no";
  }
  return parts;
}

std::vector<token_range> test_lines(const reading& source, token_range clause) {
  std::size_t begin = clause.first;
  while (begin < clause.last && word_at(source, begin) != "{") ++begin;
  if (begin == clause.last) return {};
  const std::size_t close = closing_bracket(source, begin, clause.last);
  const auto begins_line = [&](std::size_t i) {
    if (!is_word(source, i) || !ends_operand(source, i - 1)) return false;
    return word_at(source, i) == "expect" || word_at(source, i + 1) == "{";
  };
  std::vector<token_range> lines;
  for (++begin; begin < close; begin = lines.back().last) {
    lines.push_back({begin, std::max(begin + 1, find_at_level(source, begin + 1, close, begins_line))});
  }
  return lines;
}

std::vector<token_range> braced_fields(const reading& source, std::size_t open) {
  const std::size_t close = closing_bracket(source, open, source.tokens.size());
  const auto begins_field = [&](std::size_t i) {
    // A name behind something complete; in a value, two names in a row have an operator among them.
    if (!is_word(source, i) || !ends_operand(source, i - 1)) return false;
    const std::string_view next = word_at(source, i + 1);
    return next == ":" || next == ",";
  };
  std::vector<token_range> fields;
  for (std::size_t begin = open + 1; begin < close; begin = fields.back().last) {
    fields.push_back({begin, std::max(begin + 1, find_at_level(source, begin + 1, close, begins_field))});
  }
  return fields;
}

}  // namespace weir::rules::syntax
