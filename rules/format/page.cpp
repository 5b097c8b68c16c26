#include "rules/format/page.hpp"

#include <algorithm>

#include "rules/format/columns.hpp"
#include "rules/format/line_breaks.hpp"
#include "rules/format/sentences.hpp"

namespace weir::rules::formatting {

namespace {

constexpr std::size_t comment_gap = 2;

/// A line of the page: what stands in it, and the comment behind that.
struct page_line {
  std::string text;
  std::string_view comment;
  std::size_t indent = 0;  // of the sentence it belongs to
};

class writing {
 public:
  explicit writing(text_pieces& text) : text_(text), page_(sentences_of(text)) {}

  std::string run() {
    join_comments();
    align(text_, page_);
    for (const sentence& s : page_.sentences) write(s);
    write_comments(text_.pieces.back().before, 0, lines_.empty());
    place_comments();
    return joined();
  }

 private:
  /// Comments that stand below one another behind a token are one comment, wherever they began: a sentence goes on
  /// behind it.
  void join_comments() {
    for (const sentence& s : page_.sentences) {
      for (std::size_t i = s.tokens.first + 1; i < s.tokens.last; ++i) {
        auto& behind = text_.pieces[i - 1].behind;
        if (behind.empty()) continue;
        for (const auto& comment : text_.pieces[i].before) behind.push_back(comment.text);
        text_.pieces[i].before.clear();
      }
    }
  }

  void write(const sentence& s) {
    const piece& first = text_.pieces[s.tokens.first];
    const bool parted = s.stands_alone && !s.first_in_block;
    const std::size_t comment_indent = s.indent + (s.kind == sentence_kind::closing ? indent_width : 0);
    if (parted) blank_line();
    write_comments(first.before, comment_indent, s.first_in_block || parted);
    const bool keeps_blank = first.blank_before && s.kind != sentence_kind::closing;
    if (keeps_blank && (!s.first_in_block || !first.before.empty())) blank_line();
    write_tokens(s);
  }

  void write_comments(const std::vector<comment_line>& comments, std::size_t indent, bool first_in_block) {
    for (const auto& comment : comments) {
      if (comment.blank_before && !first_in_block) blank_line();
      first_in_block = false;
      lines_.push_back({std::string(indent, ' ').append(comment.text), {}, indent});
    }
  }

  void blank_line() {
    const bool wanted = !lines_.empty() && !(lines_.back().text.empty() && lines_.back().comment.empty());
    if (wanted) lines_.emplace_back();
  }

  void write_tokens(const sentence& s) {
    const line_starts starts = break_lines(text_, page_, s);
    for (std::size_t i = s.tokens.first; i < s.tokens.last; ++i) {
      const auto start = starts[i - s.tokens.first];
      if (start && i > s.tokens.first) write_comments(text_.pieces[i].before, *start, true);
      if (start) {
        lines_.push_back({std::string(*start, ' '), {}, s.indent});
      } else {
        lines_.back().text.append(page_.gaps[i], ' ');
      }
      lines_.back().text += text_.word(i);
      write_behind(text_.pieces[i].behind);
    }
  }

  void write_behind(const std::vector<std::string_view>& comments) {
    for (const auto& comment : comments) {
      if (&comment != &comments.front()) lines_.push_back({{}, {}, lines_.back().indent});
      lines_.back().comment = comment;
    }
  }

  /// Comments behind neighbouring lines stand in one column.
  void place_comments() {
    for (std::size_t first = 0; first < lines_.size(); ++first) {
      if (lines_[first].comment.empty()) continue;
      std::size_t last = first;
      std::size_t column = 0;
      for (; last < lines_.size() && shares_column(first, last); ++last) {
        if (!lines_[last].comment.empty()) column = std::max(column, width_of(lines_[last].text) + comment_gap);
      }
      for (std::size_t i = first; i < last; ++i) {
        auto& line = lines_[i];
        if (!line.comment.empty()) line.text.append(column - width_of(line.text), ' ').append(line.comment);
      }
      first = last - 1;
    }
  }

  /// In a block of declarations a line without a comment may stand between.
  bool shares_column(std::size_t first, std::size_t line) const {
    const auto is_declaration = [&](std::size_t i) {
      const auto& text = lines_[i].text;
      return !text.empty() && text[0] != ' ' && text[0] != '#' && text[0] != '}';
    };
    if (lines_[line].indent != lines_[first].indent) return false;
    return !lines_[line].comment.empty() || (is_declaration(first) && is_declaration(line));
  }

  std::string joined() const {
    const std::size_t first_end = text_.source.text.find('\n');
    const bool with_returns =
        first_end != std::string_view::npos && first_end > 0 && text_.source.text[first_end - 1] == '\r';
    std::string text;
    for (const page_line& line : lines_) {
      text += line.text;
      text += with_returns ? "\r\n" : "\n";
    }
    return text;
  }

  text_pieces& text_;
  layout page_;
  std::vector<page_line> lines_;
};

bool is_sound(const syntax::token& t) {
  using enum syntax::token_kind;
  return t.kind != bad_number && t.kind != open_text && t.kind != stray;
}

}  // namespace

std::string lay_out(std::string_view text) {
  text_pieces pieces = take_apart(text);
  if (!std::ranges::all_of(pieces.source.tokens, is_sound)) return std::string(text);
  return writing(pieces).run();
}

}  // namespace weir::rules::formatting
