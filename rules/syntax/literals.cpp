#include "rules/syntax/literals.hpp"

#include <optional>

#include "rules/syntax/ast_adapted.hpp"
#include "rules/syntax/boundaries.hpp"
#include "rules/syntax/vocabulary.hpp"

namespace weir::rules::syntax {

namespace {

struct reserved_symbols : x3::symbols<> {
  reserved_symbols() {
    for (const std::string_view word : reserved_words) add(std::string(word));
  }
};

struct escape_symbols : x3::symbols<char> {
  escape_symbols() { add("\"", '"')("\\", '\\')("n", '\n')("t", '\t')("{", '{'); }
};

const reserved_symbols reserved_symbol;
const escape_symbols escape_symbol;
const std::optional<ast::identifier> no_currency;

const auto digit = x3::char_("0-9");
const auto upper = x3::char_("A-Z");
const auto word_part = x3::char_("a-zA-Z0-9_");
const auto word_text = x3::raw[x3::char_("a-zA-Z_") >> *word_part];
const auto reserved = x3::lexeme[reserved_symbol >> !word_part];
const auto digits = +digit >> *('_' >> +digit);
const auto unit = x3::lit("us") | "ms" | "s" | "m" | "h" | "d" | "w";

struct escape_class;
struct text_end_class;
struct text_value_class;
const x3::rule<escape_class, char> escape = escape_expected;
const x3::rule<text_end_class> text_end = text_end_expected;
const x3::rule<text_value_class, std::string> text_value = "a text in double quotes";

const auto plain_character = ~x3::char_("\"\\\n");

const auto escape_def = escape_symbol;
const auto text_end_def = x3::lit('"');
const auto text_value_def = x3::lexeme['"' >> *(('\\' > escape) | plain_character) > text_end];

BOOST_SPIRIT_DEFINE(escape, text_end, text_value)

}  // namespace

const auto identifier_def = !reserved >> !boundary >> x3::lexeme[word_text];
const auto bare_word_def = x3::lexeme[word_text];
const auto currency_def = x3::lexeme[x3::raw[upper >> upper >> upper] >> !word_part] >> !x3::lit(':');
const auto number_def = x3::lexeme[x3::raw[digits >> -('.' >> +digit)] >> !word_part] >> -currency;
const auto whole_number_def = x3::lexeme[x3::raw[digits] >> !(word_part | ('.' >> digit))] >> x3::attr(no_currency);
const auto duration_def = x3::lexeme[x3::raw[+(digits >> unit)] >> !word_part];
const auto text_def = text_value;
const auto reason_text_def = x3::lexeme['"' >> x3::raw[*(('\\' > escape) | plain_character)] > text_end];
const auto boolean_def = (keyword("true") >> x3::attr(true)) | (keyword("false") >> x3::attr(false));

static constexpr identifier_rule identifier{"a name"};

BOOST_SPIRIT_DEFINE(identifier, bare_word, currency, number, whole_number, duration, text, reason_text, boolean)
BOOST_SPIRIT_INSTANTIATE(identifier_rule, iterator, parse_context)
BOOST_SPIRIT_INSTANTIATE(bare_word_rule, iterator, parse_context)
BOOST_SPIRIT_INSTANTIATE(currency_rule, iterator, parse_context)
BOOST_SPIRIT_INSTANTIATE(number_rule, iterator, parse_context)
BOOST_SPIRIT_INSTANTIATE(whole_number_rule, iterator, parse_context)
BOOST_SPIRIT_INSTANTIATE(duration_rule, iterator, parse_context)
BOOST_SPIRIT_INSTANTIATE(text_rule, iterator, parse_context)
BOOST_SPIRIT_INSTANTIATE(reason_text_rule, iterator, parse_context)
BOOST_SPIRIT_INSTANTIATE(boolean_rule, iterator, parse_context)

}  // namespace weir::rules::syntax
