#pragma once

#include <cstddef>

#include "rules/syntax/config.hpp"

// Where a clause or a declaration begins, as far as two tokens can tell. Most words that begin one are no reserved
// words: a field may be called `score` or `list`.
namespace weir::rules::syntax {

std::string_view word_at(const reading& source, std::size_t index);  // empty behind the last token
bool is_word(const reading& source, std::size_t index);

/// `event payment`, `import "cards.weir"`.
bool begins_declaration(const reading& source, std::size_t index);

/// `when …`, `score 80`, `test "slow"`.
bool begins_clause(const reading& source, std::size_t index);

/// Like these two, but misspelt: `ruel r`, `sevrity high`.
bool seems_to_begin_declaration(const reading& source, std::size_t index);
bool seems_to_begin_clause(const reading& source, std::size_t index);

/// Matches, without reading it, what begins a clause or a declaration on a line of its own: where a name or a value
/// should stand, it is missing.
struct boundary_parser : x3::parser<boundary_parser> {
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;

  template <typename Context, typename RuleContext, typename Attribute>
  bool parse(iterator& first, const iterator& last, const Context& context, RuleContext&, Attribute&) const {
    x3::skip_over(first, last, context);
    const reading& source = x3::get<reading_tag>(context);
    const std::size_t index = token_at(source.tokens, source.position(first));
    if (index == source.tokens.size() || !source.tokens[index].first_on_line) return false;
    return begins_clause(source, index) || begins_declaration(source, index);
  }
};
inline constexpr boundary_parser boundary;

}  // namespace weir::rules::syntax
