#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

#include <boost/spirit/home/x3.hpp>

#include "rules/syntax/tokens.hpp"

// What all parts of the grammar are instantiated for: iterator, skipper, context.
namespace weir::rules::syntax {

namespace x3 = boost::spirit::x3;

using iterator = const char*;

/// A text while it is read, and what the grammar needs to know beside it.
struct reading {
  std::string_view text;
  std::uint32_t offset = 0;   // of the text in its file
  std::vector<token> tokens;  // of the text
  int depth = 0;              // how deep the expression being read is nested

  iterator begin() const { return text.data(); }
  iterator end() const { return text.data() + text.size(); }
  std::uint32_t position(iterator i) const { return static_cast<std::uint32_t>(i - begin()); }
};

struct reading_tag;  // finds it in the parsers' context

/// The skipper: white space and comments. A run of blanks is crossed many times over, once for each parser that is
/// tried behind it; so where it is long the tokens tell its end.
struct blanks : x3::parser<blanks> {
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;

  explicit blanks(const reading& source) : source_(&source) {}

  template <typename Context, typename RuleContext, typename Attribute>
  bool parse(iterator& first, const iterator& last, const Context&, RuleContext&, Attribute&) const {
    constexpr std::ptrdiff_t short_run = 32;
    const iterator start = first;
    const iterator near = last - first < short_run ? last : first + short_run;
    while (first != near && is_blank(*first)) ++first;
    if (first != last && (first == near || *first == '#')) first = next_token(first, last);
    return first != start;
  }

 private:
  iterator next_token(iterator from, iterator last) const {
    const std::size_t next = token_at(source_->tokens, source_->position(from));
    if (next == source_->tokens.size()) return last;
    return std::clamp(source_->begin() + source_->tokens[next].begin, from, last);
  }

  const reading* source_;
};

using skip_context = x3::context<x3::skipper_tag, const blanks>;
using parse_context = x3::context<reading_tag, reading, skip_context>;

}  // namespace weir::rules::syntax
