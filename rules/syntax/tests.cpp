#include "rules/syntax/tests.hpp"

#include <vector>

#include "rules/syntax/ast_adapted.hpp"

namespace weir::rules::syntax {

namespace {

struct test_event_class : annotated {};
struct test_value_class : annotated {};
struct expectation_class : annotated {};
struct values_end_class;
struct lines_end_class;

constexpr x3::rule<test_event_class, ast::test_event> event{"an event"};
constexpr x3::rule<test_value_class, ast::test_value> value{"a value such as `amount: 1 EUR`"};
constexpr x3::rule<expectation_class, ast::test_expectation> expectation{"`expect`"};
constexpr x3::rule<values_end_class> values_end{"a value such as `amount: 1 EUR`, or `}`,"};
constexpr x3::rule<lines_end_class> lines_end{"an event such as `payment { at: 0m }`, `expect` or `}`"};

constexpr text_rule test_name{"the test's name in double quotes"};
constexpr bare_word_rule value_name{"the name of a field"};

struct alert_class;
struct one_value_class;
struct subject_value_class;
struct subject_values_class;
using one_value = decltype(ast::test_value::value);
constexpr x3::rule<alert_class> alert{"`alert`, `no alert` or `3 alerts`"};
constexpr x3::rule<one_value_class, one_value> any_value{"a word, a text, a number or a duration"};
constexpr x3::rule<subject_value_class, ast::subject_value> any_subject{"a word, a text or a number"};
constexpr x3::rule<subject_values_class, std::vector<ast::subject_value>> subjects{"a word, a text or a number"};

const auto any_value_def = duration | number | text | boolean | bare_word;
const auto any_subject_def = number | text | bare_word;
const auto subjects_def = any_subject >> *(',' > any_subject);
const auto is_negative = ('-' >> x3::attr(true)) | x3::attr(false);
const auto value_def = value_name >> ':' > is_negative > any_value;
const auto values_end_def = x3::lit('}');
const auto event_def = event_name >> '{' > *(value >> -x3::lit(',')) > values_end;

const auto alert_def = keyword("alerts") | keyword("alert");
const auto is_none = (keyword("no") >> x3::attr(true)) | x3::attr(false);
const auto expectation_def = keyword("expect") > is_none > -whole_number > alert > -(keyword("for") > subjects) >
                             -(keyword("at") > duration);
const auto lines_end_def = x3::lit('}');

BOOST_SPIRIT_DEFINE(event, value, expectation, values_end, lines_end, alert, any_value, any_subject, subjects)

}  // namespace

const auto test_def = keyword("test") > test_name > '{' > *(expectation | event) > lines_end;

BOOST_SPIRIT_DEFINE(test)
BOOST_SPIRIT_INSTANTIATE(test_rule, iterator, parse_context)

}  // namespace weir::rules::syntax
