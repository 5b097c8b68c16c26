#include "rules/format/pieces.hpp"

#include <algorithm>
#include <utility>

namespace weir::rules::formatting {

namespace {

using syntax::token;
using syntax::token_kind;

class taking_apart {
 public:
  explicit taking_apart(std::string_view text) : text_(text) {}

  text_pieces run() {
    for (const token& t : syntax::scan_with_comments(text_)) {
      if (t.kind == token_kind::comment) {
        take_comment(t);
      } else {
        take_token(t);
      }
      last_end_ = t.end;
    }
    take_token({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(text_.size()), {}, true});
    tokens_.pop_back();
    return {{text_, 0, std::move(tokens_), 0}, std::move(pieces_)};
  }

 private:
  void take_token(const token& t) {
    next_.text = text_.substr(t.begin, t.end - t.begin);
    next_.new_line = t.first_on_line;
    next_.blank_before = blank_line_before(t);
    pieces_.push_back(std::exchange(next_, {}));
    tokens_.push_back(t);
    comment_column_ = no_column;
  }

  void take_comment(const token& t) {
    const std::string_view comment = text_.substr(t.begin, t.end - t.begin);
    const bool goes_on = comment_column_ == column_of(t) && !blank_line_before(t) && next_.before.empty();
    if (!t.first_on_line || goes_on) {
      comment_column_ = column_of(t);
      if (!pieces_.empty()) return pieces_.back().behind.push_back(comment);
    }
    next_.before.push_back({comment, blank_line_before(t)});
  }

  std::size_t column_of(const token& t) const {
    const std::size_t line_end = text_.substr(0, t.begin).rfind('\n');
    const std::size_t line_begin = line_end == std::string_view::npos ? 0 : line_end + 1;
    return width_of(text_.substr(line_begin, t.begin - line_begin));
  }

  bool blank_line_before(const token& t) const {
    return std::ranges::count(text_.substr(last_end_, t.begin - last_end_), '\n') > 1;
  }

  static constexpr std::size_t no_column = std::string_view::npos;

  std::string_view text_;
  std::vector<token> tokens_;
  std::vector<piece> pieces_;
  piece next_;
  std::size_t last_end_ = 0;
  std::size_t comment_column_ = no_column;  // of the comment that stands behind the last token
};

}  // namespace

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

text_pieces take_apart(std::string_view text) { return taking_apart(text).run(); }

}  // namespace weir::rules::formatting
