#pragma once

#include "rules/syntax/ast.hpp"
#include "rules/syntax/config.hpp"

namespace weir::rules::syntax {

/// Base of the rules' identities: a node that was read is told its place, without the blanks behind it.
struct annotated {
  template <typename Context>
  void on_success(const iterator& first, const iterator& last, ast::located& node, const Context& context) const {
    const reading& source = x3::get<reading_tag>(context);
    node.begin = source.offset + source.position(first);
    node.end = source.offset + std::max(source.position(first), end_of_last_token(source, last));
  }

 private:
  static std::uint32_t end_of_last_token(const reading& source, iterator last) {
    const std::uint32_t position = source.position(last);
    const bool skipped = last == source.end() || (last != source.begin() && is_blank(last[-1]));
    if (!skipped) return position;
    const std::size_t next = token_at(source.tokens, position);
    if (next < source.tokens.size() && source.tokens[next].begin < position) return position;
    return next == 0 ? 0 : source.tokens[next - 1].end;
  }
};

}  // namespace weir::rules::syntax
