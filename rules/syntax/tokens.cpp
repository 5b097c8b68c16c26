#include "rules/syntax/tokens.hpp"

#include <algorithm>
#include <array>

namespace weir::rules::syntax {

namespace {

constexpr std::array<std::string_view, 5> two_character_symbols = {"!=", "<=", ">=", "??", "->"};
constexpr std::array<std::string_view, 8> foreign_symbols = {"==", "=>", "=<", "&&",
                                                             "||", "<>", "//", "/*"};  // of other languages
constexpr std::string_view symbols = "{}():,.=<>?+-*/[]";

enum class comments : std::uint8_t { dropped, kept };

class scanner {
 public:
  scanner(std::string_view text, comments treatment) : text_(text), keeps_comments_(treatment == comments::kept) {}

  std::vector<token> run() {
    while (skip_blanks()) {
      const std::size_t begin = at_;
      const token_kind kind = read_token();
      tokens_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_), kind, line_begins_});
      line_begins_ = false;
    }
    return std::move(tokens_);
  }

 private:
  bool skip_blanks() {
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '#' && !keeps_comments_) at_ = std::min(text_.find('\n', at_), text_.size());
      if (at_ == text_.size()) return false;
      if (!is_blank(text_[at_])) return true;
      if (text_[at_] == '\n') line_begins_ = true;
    }
    return false;
  }

  token_kind read_token() {
    const char c = text_[at_];
    if (is_word_begin(c)) return read_word();
    if (is_digit(c)) return read_number();
    if (c == '"') return read_text();
    if (c == '#') return read_comment();
    return read_symbol();
  }

  token_kind read_word() {
    while (at_ < text_.size() && is_word_part(text_[at_])) ++at_;
    return token_kind::word;
  }

  token_kind read_number() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (is_word_part(text_[at_]) || point_in_number())) ++at_;
    const std::string_view written = text_.substr(begin, at_ - begin);
    return is_number(written) || is_duration(written) ? token_kind::number : token_kind::bad_number;
  }

  bool point_in_number() const {
    return text_[at_] == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]) && is_digit(text_[at_ - 1]);
  }

  token_kind read_text() {
    for (++at_; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        return token_kind::text;
      }
      if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
    }
    return token_kind::open_text;
  }

  token_kind read_comment() {
    at_ = std::min(text_.find('\n', at_), text_.size());
    while (is_blank(text_[at_ - 1])) --at_;
    return token_kind::comment;
  }

  token_kind read_symbol() {
    const std::string_view two = text_.substr(at_, 2);
    if (std::ranges::find(foreign_symbols, two) != foreign_symbols.end()) {
      at_ += 2;
      return token_kind::stray;
    }
    if (std::ranges::find(two_character_symbols, two) != two_character_symbols.end()) {
      at_ += 2;
      return token_kind::symbol;
    }
    const char c = text_[at_++];
    if (symbols.find(c) != std::string_view::npos) return token_kind::symbol;
    while (at_ < text_.size() && (text_[at_] & 0xC0) == 0x80) ++at_;  // the rest of a character in UTF-8
    return token_kind::stray;
  }

  std::string_view text_;
  bool keeps_comments_;
  std::size_t at_ = 0;
  bool line_begins_ = true;
  std::vector<token> tokens_;
};

/// Length of the digits that `text` begins with, `_` between them if `grouped`.
std::size_t digits_length(std::string_view text, bool grouped) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) {
    ++length;
    if (grouped && length + 1 < text.size() && text[length] == '_' && is_digit(text[length + 1])) ++length;
  }
  return length;
}

std::size_t unit_length(std::string_view text) {
  for (const std::string_view unit : {"us", "ms", "s", "m", "h", "d", "w"}) {
    if (text.starts_with(unit)) return unit.size();
  }
  return 0;
}

}  // namespace

std::vector<token> scan(std::string_view text) { return scanner(text, comments::dropped).run(); }

std::vector<token> scan_with_comments(std::string_view text) { return scanner(text, comments::kept).run(); }

bool would_join(std::string_view first, std::string_view second) {
  const auto is_pair = [&](std::string_view pair) { return first == pair.substr(0, 1) && second == pair.substr(1); };
  return std::ranges::any_of(two_character_symbols, is_pair) || std::ranges::any_of(foreign_symbols, is_pair);
}

std::size_t token_at(const std::vector<token>& tokens, std::uint32_t position) {
  return static_cast<std::size_t>(std::ranges::upper_bound(tokens, position, {}, &token::end) - tokens.begin());
}

bool is_number(std::string_view text) {
  const std::size_t whole = digits_length(text, true);
  if (whole == 0) return false;
  const std::string_view rest = text.substr(whole);
  return rest.empty() || (rest.size() > 1 && rest[0] == '.' && digits_length(rest.substr(1), false) == rest.size() - 1);
}

bool is_duration(std::string_view text) {
  if (text.empty()) return false;
  while (!text.empty()) {
    const std::size_t digits = digits_length(text, true);
    if (digits == 0) return false;
    const std::size_t unit = unit_length(text.substr(digits));
    if (unit == 0) return false;
    text.remove_prefix(digits + unit);
  }
  return true;
}

}  // namespace weir::rules::syntax
