#pragma once

#include "rules/syntax/annotate.hpp"
#include "rules/syntax/words.hpp"

// Words, numbers, durations, texts. One rule may bear several names: what an error says was expected.
namespace weir::rules::syntax {

struct identifier_class : annotated {};
struct bare_word_class : annotated {};
struct currency_class : annotated {};
struct number_class : annotated {};
struct whole_number_class : annotated {};
struct duration_class : annotated {};
struct text_class : annotated {};
struct reason_text_class : annotated {};
struct boolean_class : annotated {};

using identifier_rule = x3::rule<identifier_class, ast::identifier>;  // no reserved word
using bare_word_rule = x3::rule<bare_word_class, ast::identifier>;    // any word
using currency_rule = x3::rule<currency_class, ast::identifier>;      // EUR
using number_rule = x3::rule<number_class, ast::number_literal>;      // 5_000 EUR
using whole_number_rule = x3::rule<whole_number_class, ast::number_literal>;
using duration_rule = x3::rule<duration_class, ast::duration_literal>;
using text_rule = x3::rule<text_class, ast::text_literal>;
using reason_text_rule = x3::rule<reason_text_class, ast::text_literal>;  // escapes left as they are
using boolean_rule = x3::rule<boolean_class, ast::boolean_literal>;

BOOST_SPIRIT_DECLARE(identifier_rule, bare_word_rule, currency_rule, number_rule, whole_number_rule, duration_rule,
                     text_rule, reason_text_rule, boolean_rule)

inline constexpr identifier_rule event_name{"an event name"};
inline constexpr identifier_rule field_name{"a field name"};
inline constexpr bare_word_rule bare_word{"a word"};
inline constexpr currency_rule currency{"a currency such as EUR"};
inline constexpr number_rule number{"a number"};
inline constexpr whole_number_rule whole_number{"a whole number"};
inline constexpr duration_rule duration{"a duration such as 10m"};
inline constexpr text_rule text{"a text in double quotes"};
inline constexpr reason_text_rule reason_text{"a text in double quotes"};
inline constexpr boolean_rule boolean{"true or false"};

inline constexpr const char* escape_expected = "an escape";
inline constexpr const char* text_end_expected = "the end of the text";

}  // namespace weir::rules::syntax
