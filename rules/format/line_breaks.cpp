#include "rules/format/line_breaks.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "rules/syntax/spacing.hpp"

namespace weir::rules::formatting {

namespace {

constexpr std::size_t nowhere = std::string_view::npos;

/// Operators, those first before which a line is rather broken.
enum class rank : std::uint8_t { joining, comparing, adding, count };

/// A token before which a line may be broken.
struct candidate {
  std::size_t token = 0;
  std::size_t priority = 0;      // the less, the sooner: by brackets around it, then by rank
  std::size_t anchor = nowhere;  // the token that the broken line is placed by
  bool joins = false;  // `and`, `or`: what stands behind it comes under the anchor; else it stands there itself
};

constexpr std::size_t priority_of(std::size_t level, rank r) {
  return level * static_cast<std::size_t>(rank::count) + static_cast<std::size_t>(r);
}

std::optional<rank> rank_of(std::string_view word) {
  const auto is_any = [&](std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
  };
  if (is_any({"and", "or"})) return rank::joining;
  if (is_any({"=", "!=", "<", "<=", ">", ">="})) return rank::comparing;
  if (is_any({"+", "-", "??"})) return rank::adding;
  return std::nullopt;
}

/// Finds the operators of a sentence's conditions.
class finding_operators {
 public:
  finding_operators(const text_pieces& text, const sentence& s) : text_(text), tokens_(s.tokens) {}

  std::vector<candidate> run() {
    for (std::size_t i = tokens_.first; i < tokens_.last; ++i) read(i);
    return std::move(found_);
  }

 private:
  struct bracket {
    std::size_t condition = nowhere;  // its first token
    std::size_t operand = nowhere;    // the first token behind the last `and` or `or`
    std::size_t betweens = 0;         // whose `and` is still to come
  };

  static bracket begun_at(std::size_t token) { return {token, token, 0}; }

  bool begins_condition(std::size_t i) const {
    const std::string_view word = text_.word(i);
    if (i == tokens_.first) return word == "when" || word == "unless";
    const bool declares = text_.word(tokens_.first) == "let" || text_.word(tokens_.first) == "param";
    const bool is_body = declares && open_.size() == 1 && open_[0].condition == nowhere && word == "=";
    return word == "where" || word == "," || word == ":" || is_body;
  }

  bool is_path() const { return text_.word(tokens_.first) == "match" && text_.word(tokens_.first + 1) == "("; }

  void read(std::size_t i) {
    const std::string_view word = text_.word(i);
    if (word == "(" || word == "[" || word == "{") {
      open_.push_back(begun_at(i + 1));
    } else if ((word == ")" || word == "]" || word == "}") && open_.size() > 1) {
      open_.pop_back();
    } else if (begins_condition(i)) {
      if (word == "where" && open_.size() == 1 && is_path()) found_.push_back({i, 0, nowhere, false});
      open_.back() = begun_at(i + 1);
    } else if (word == "between") {
      ++open_.back().betweens;
    } else if (word == "and" && open_.back().betweens > 0) {
      --open_.back().betweens;
    } else if (const auto r = rank_of(word); r && open_.back().condition != nowhere) {
      read_operator(i, *r);
    }
  }

  void read_operator(std::size_t i, rank r) {
    if (!syntax::ends_operand(text_.source, i - 1) || text_.word(i + 1) == "[") return;  // a sign, an edge of a path
    bracket& here = open_.back();
    const std::size_t priority = priority_of(open_.size(), r);
    if (r == rank::joining) {
      found_.push_back({i, priority, here.condition, true});
      here.operand = i + 1;
    } else {
      found_.push_back({i, priority, here.operand, false});
    }
  }

  const text_pieces& text_;
  syntax::token_range tokens_;
  std::vector<bracket> open_{1};
  std::vector<candidate> found_;
};

class breaking {
 public:
  breaking(const text_pieces& text, const layout& page, const sentence& s)
      : text_(text), page_(page), sentence_(s), starts_(s.tokens.last - s.tokens.first) {}

  line_starts run() {
    candidates_ = finding_operators(text_, sentence_).run();
    chosen_.assign(candidates_.size(), false);
    for (std::size_t i = 0; i < candidates_.size(); ++i) chosen_[i] = is_authors(candidates_[i].token);
    do {
      place();
    } while (choose_more());
    return std::move(starts_);
  }

 private:
  std::size_t first() const { return sentence_.tokens.first; }
  std::size_t last() const { return sentence_.tokens.last; }
  std::optional<std::size_t>& start(std::size_t token) { return starts_[token - first()]; }

  /// The author may have put the operator at the end of a line or at the beginning of one.
  bool is_authors(std::size_t token) const {
    return text_.pieces[token].new_line || (token + 1 < last() && text_.pieces[token + 1].new_line);
  }

  bool comment_before(std::size_t token) const {
    return !text_.pieces[token].before.empty() || !text_.pieces[token - 1].behind.empty();
  }

  /// Works out all columns for the breaks chosen.
  void place() {
    columns_.assign(starts_.size(), 0);
    std::ranges::fill(starts_, std::nullopt);
    starts_.front() = sentence_.indent;
    std::size_t end = sentence_.indent;
    std::size_t next = 0;  // candidate
    for (std::size_t i = first(); i < last(); ++i) {
      const bool may_break = next < candidates_.size() && candidates_[next].token == i;
      if (i > first() && comment_before(i)) start(i) = sentence_.indent + 2 * indent_width;
      if (may_break && (chosen_[next] || start(i))) start(i) = column_of(candidates_[next]);
      if (may_break) ++next;
      const std::size_t column = start(i) ? *start(i) : end + page_.gaps[i];
      columns_[i - first()] = column;
      end = column + width_of(text_.word(i));
    }
  }

  /// Where a line that begins with the candidate is placed, so that operands stand under each other.
  std::size_t column_of(const candidate& c) const {
    if (c.anchor == nowhere) return sentence_.indent + indent_width;
    const std::size_t operand = columns_[c.anchor - first()];
    const std::size_t width = c.joins ? text_.word(c.token).size() + 1 : 0;
    return std::max(sentence_.indent + 1, operand - std::min(operand, width));
  }

  /// In each line that is too long, chooses its candidates of the first priority. False if there are none.
  bool choose_more() {
    bool more = false;
    for (std::size_t begin = first(); begin < last();) {
      std::size_t end = begin + 1;
      while (end < last() && !start(end)) ++end;
      const std::size_t width = columns_[end - 1 - first()] + width_of(text_.word(end - 1));
      if (width > line_width) more |= choose_in_line(begin, end);
      begin = end;
    }
    return more;
  }

  bool choose_in_line(std::size_t begin, std::size_t end) {
    const auto open_in_line = [&](std::size_t i) {
      return !chosen_[i] && candidates_[i].token > begin && candidates_[i].token < end;
    };
    std::size_t first_priority = nowhere;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (open_in_line(i)) first_priority = std::min(first_priority, candidates_[i].priority);
    }
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (open_in_line(i) && candidates_[i].priority == first_priority) chosen_[i] = true;
    }
    return first_priority != nowhere;
  }

  const text_pieces& text_;
  const layout& page_;
  const sentence& sentence_;
  std::vector<candidate> candidates_;
  std::vector<bool> chosen_;
  std::vector<std::size_t> columns_;
  line_starts starts_;
};

}  // namespace

line_starts break_lines(const text_pieces& text, const layout& page, const sentence& s) {
  return breaking(text, page, s).run();
}

}  // namespace weir::rules::formatting
