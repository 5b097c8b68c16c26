#include "rules/syntax/clauses.hpp"

#include <vector>

#include "rules/syntax/ast_adapted.hpp"
#include "rules/syntax/boundaries.hpp"
#include "rules/syntax/steps.hpp"
#include "rules/syntax/tests.hpp"

namespace weir::rules::syntax {

namespace {

struct severity_class : annotated {};
struct score_class : annotated {};
struct tags_class : annotated {};
struct tag_class : annotated {};
struct tag_parts_class;
struct mode_class : annotated {};
struct when_class : annotated {};
struct unless_class : annotated {};
struct emit_class : annotated {};
struct suppress_class : annotated {};
struct suppress_key_class;
struct reason_class : annotated {};
struct raise_class : annotated {};
struct raised_field_class : annotated {};
struct raise_end_class;
struct setting_class : annotated {};
struct tag_list_class;
struct key_list_class;

constexpr x3::rule<severity_class, ast::severity_clause> severity{"`severity`"};
constexpr x3::rule<score_class, ast::score_clause> score{"`score`"};
constexpr x3::rule<tags_class, ast::tags_clause> tags{"`tags`"};
constexpr x3::rule<tag_class, ast::name> tag{"a tag such as aml.layering"};
constexpr x3::rule<tag_parts_class, std::vector<ast::identifier>> tag_parts{"a tag such as aml.layering"};
constexpr x3::rule<tag_list_class, std::vector<ast::name>> tag_list{"a tag such as aml.layering"};
constexpr x3::rule<mode_class, ast::mode_clause> mode{"`mode`"};
constexpr x3::rule<when_class, ast::when_clause> when{"`when`"};
constexpr x3::rule<unless_class, ast::unless_clause> unless{"`unless`"};
constexpr x3::rule<emit_class, ast::emit_clause> emit{"`emit`"};
constexpr x3::rule<suppress_class, ast::suppress_clause> suppress{"`suppress`"};
constexpr x3::rule<suppress_key_class, std::vector<ast::expression>> suppress_key{"a key"};
constexpr x3::rule<key_list_class, std::vector<ast::expression>> key_list{"a key such as `card`"};
constexpr x3::rule<reason_class, ast::reason_clause> reason{"`reason`"};

constexpr x3::rule<raise_class, ast::raise_clause> raise{"`raise`"};
constexpr x3::rule<raised_field_class, ast::raised_field> raised_field{"a field such as `user: acct`"};
constexpr x3::rule<raise_end_class> raise_end{"a field such as `user: acct`, or `}`,"};
constexpr bare_word_rule raised_name{"the name of a field"};

using setting_rule = x3::rule<setting_class, ast::identifier>;  // any word that does not begin the next clause
constexpr setting_rule setting{"a word"};
constexpr setting_rule level{"low, medium, high or critical"};
constexpr setting_rule mode_name{"live, shadow or off"};
constexpr setting_rule emission{"`each`, `first` or `all`"};
constexpr setting_rule tag_word{"a tag such as aml.layering"};

const auto setting_def = !boundary >> bare_word;
const auto severity_def = keyword("severity") > level;
const auto score_def = keyword("score") > whole_number;
const auto tag_parts_def = tag_word >> *('.' > tag_word);
const auto tag_def = tag_parts;
const auto tag_list_def = tag % ',';
const auto tags_def = keyword("tags") > tag_list;
const auto mode_def = keyword("mode") > mode_name;
const auto when_def = keyword("when") > condition;
const auto unless_def = keyword("unless") > condition;
const auto emit_def = keyword("emit") > emission > -(keyword("limit") > whole_number);
const auto key_list_def = !keyword("for") >> (expression % ',');
const auto suppress_key_def = keyword("by") > key_list;
const auto suppress_def = keyword("suppress") > -suppress_key > keyword("for") > duration;
const auto reason_def = keyword("reason") > reason_text;
const auto raised_field_def = raised_name >> ':' > expression;
const auto raise_end_def = x3::lit('}');
const auto raise_def = keyword("raise") > event_name > '{' > *(raised_field >> -x3::lit(',')) > raise_end;

BOOST_SPIRIT_DEFINE(setting, severity, score, tags, tag_list, tag, tag_parts, mode, when, unless)
BOOST_SPIRIT_DEFINE(emit, suppress, suppress_key, key_list, reason, raise, raised_field, raise_end)

}  // namespace

const auto clause_def =
    severity | score | tags | mode | on | match | when | unless | emit | suppress | reason | raise | test;

BOOST_SPIRIT_DEFINE(clause)
BOOST_SPIRIT_INSTANTIATE(clause_rule, iterator, parse_context)

}  // namespace weir::rules::syntax
