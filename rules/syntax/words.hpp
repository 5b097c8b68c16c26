#pragma once

#include <string>
#include <string_view>

#include "rules/syntax/config.hpp"

// Terminals and directives of our own.
namespace weir::rules::syntax {

/// A word of the language, whole: `no` is not the start of `notes`.
struct keyword : x3::parser<keyword> {
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;

  constexpr explicit keyword(std::string_view written) : word(written) {}

  template <typename Context, typename RuleContext, typename Attribute>
  bool parse(iterator& first, const iterator& last, const Context& context, RuleContext&, Attribute&) const {
    x3::skip_over(first, last, context);
    const auto left = static_cast<std::size_t>(last - first);
    if (left < word.size() || std::string_view(first, word.size()) != word) return false;
    if (left > word.size() && is_word_part(first[word.size()])) return false;
    first += word.size();
    return true;
  }

  std::string_view word;
};

/// What a parser refuses to read, and why. It says more than "expected …" can.
struct refusal {
  iterator begin;
  iterator end;
  std::string message;
  std::string hint;
};

/// refused(p, message, hint): matches nothing, and throws a refusal where `p` would match.
template <typename Subject>
struct refused_directive : x3::unary_parser<Subject, refused_directive<Subject>> {
  using base = x3::unary_parser<Subject, refused_directive<Subject>>;
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;
  static constexpr bool is_pass_through_unary = false;

  constexpr refused_directive(const Subject& inner, const char* message, const char* hint)
      : base(inner), message_(message), hint_(hint) {}

  template <typename Context, typename RuleContext, typename Attribute>
  bool parse(iterator& first, const iterator& last, const Context& context, RuleContext&, Attribute&) const {
    iterator probe = first;
    if (!this->subject.parse(probe, last, context, x3::unused, x3::unused)) return true;
    iterator begin = first;
    x3::skip_over(begin, last, context);
    throw refusal{begin, probe, message_, hint_};
  }

 private:
  const char* message_;
  const char* hint_;
};

template <typename Subject>
constexpr auto refused(const Subject& subject, const char* message, const char* hint = "") {
  using parser = typename x3::extension::as_parser<Subject>::value_type;
  return refused_directive<parser>(x3::as_parser(subject), message, hint);
}

inline constexpr int max_depth = 100;

/// nested[p]: reads `p` one level deeper; refuses what is nested deeper than any reader of a rule file could follow,
/// the parser and all later passes among them: they recurse.
template <typename Subject>
struct nested_directive : x3::unary_parser<Subject, nested_directive<Subject>> {
  using base = x3::unary_parser<Subject, nested_directive<Subject>>;
  static constexpr bool is_pass_through_unary = true;

  constexpr explicit nested_directive(const Subject& inner) : base(inner) {}

  template <typename Context, typename RuleContext, typename Attribute>
  bool parse(iterator& first, const iterator& last, const Context& context, RuleContext& rcontext,
             Attribute& attribute) const {
    struct level {
      explicit level(int& depth) : depth_(depth) { ++depth_; }
      ~level() { --depth_; }
      level(const level&) = delete;
      level& operator=(const level&) = delete;
      int& depth_;
    };
    const level deeper(x3::get<reading_tag>(context).depth);
    if (deeper.depth_ > max_depth) {
      x3::skip_over(first, last, context);
      throw refusal{first, first, "this is nested more than 100 levels deep", "give a part of it a name with `let`"};
    }
    return this->subject.parse(first, last, context, rcontext, attribute);
  }
};

struct nested_generator {
  template <typename Subject>
  constexpr auto operator[](const Subject& subject) const {
    using parser = typename x3::extension::as_parser<Subject>::value_type;
    return nested_directive<parser>(x3::as_parser(subject));
  }
};
inline constexpr nested_generator nested{};

}  // namespace weir::rules::syntax

namespace boost::spirit::x3 {

template <>
struct get_info<weir::rules::syntax::keyword> {
  using result_type = std::string;
  std::string operator()(const weir::rules::syntax::keyword& k) const { return '`' + std::string(k.word) + '`'; }
};

template <typename Subject>
struct get_info<weir::rules::syntax::nested_directive<Subject>> {
  using result_type = std::string;
  std::string operator()(const weir::rules::syntax::nested_directive<Subject>& p) const { return what(p.subject); }
};

}  // namespace boost::spirit::x3
