#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace weir::rules::syntax {

/// What a token looks like. The last three are in no rule file that is right.
enum class token_kind : std::uint8_t { word, number, text, symbol, comment, bad_number, open_text, stray };

struct token {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  token_kind kind{};
  bool first_on_line = false;
};

/// Cuts a text into its tokens, blanks and comments left out. The grammar reads characters, not these: they tell where
/// long blanks end, what stands before and after an error, and where to go on after one.
std::vector<token> scan(std::string_view text);

/// The same, with every comment as a token of its own: from its `#` to the last character of its line that is no blank.
std::vector<token> scan_with_comments(std::string_view text);

/// True if two symbols written without a blank between them would be another token.
bool would_join(std::string_view first, std::string_view second);

/// Index of the first token that ends behind byte `position`, or their number if none does.
std::size_t token_at(const std::vector<token>& tokens, std::uint32_t position);

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_word_begin(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_word_part(char c) { return is_word_begin(c) || is_digit(c); }

/// Whether `text` is a number such as 5_000 or 0.9, or a duration such as 1h30m.
bool is_number(std::string_view text);
bool is_duration(std::string_view text);

}  // namespace weir::rules::syntax
