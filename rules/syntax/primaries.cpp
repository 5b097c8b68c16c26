#include "rules/syntax/primaries.hpp"

#include <initializer_list>
#include <optional>
#include <vector>

#include "rules/syntax/ast_adapted.hpp"

namespace weir::rules::syntax {

namespace {

struct word_symbols : x3::symbols<> {
  word_symbols(std::initializer_list<const char*> words) {
    for (const char* word : words) add(word);
  }
};

const word_symbols aggregate_name = {"count", "sum", "avg", "min", "max", "distinct", "first", "last"};
const word_symbols later_function = {"prev", "stddev", "median", "percentile", "score", "hours", "distance_km"};
const word_symbols later_window = {"day", "week", "month", "session"};
const std::optional<ast::duration_literal> no_length;
const std::optional<ast::number_literal> no_events;

const auto word_end = !x3::char_("a-zA-Z0-9_");

struct name_class : annotated {};
struct name_parts_class;
struct call_class : annotated {};
struct aggregate_class : annotated {};
struct aggregate_function_class : annotated {};
struct window_class : annotated {};
struct time_window_class : annotated {};
struct count_window_class : annotated {};
struct aggregate_end_class;
struct call_end_class;
struct over_class;

constexpr x3::rule<name_class, ast::name> name{"a name"};
constexpr x3::rule<name_parts_class, std::vector<ast::identifier>> name_parts{"a name"};
constexpr x3::rule<call_class, ast::call> call{"a call"};
constexpr x3::rule<aggregate_class, ast::aggregate> aggregate{"an aggregate"};
constexpr x3::rule<aggregate_function_class, ast::identifier> aggregate_function{"an aggregate"};
constexpr x3::rule<window_class, ast::window> window{"a window such as 10m, prior 30d or 5 events"};
constexpr x3::rule<time_window_class, ast::window> time_window{"a window"};
constexpr x3::rule<count_window_class, ast::window> count_window{"a window"};
constexpr x3::rule<aggregate_end_class> aggregate_end{"`where` or `)`"};
constexpr x3::rule<call_end_class> call_end{"`,` or `)`"};
constexpr x3::rule<over_class> over{"`over` and a window such as 10m"};
constexpr identifier_rule plain_name{"a name"};

const auto no_later_function =
    refused(x3::lexeme[later_function >> word_end] >> &x3::lit('('), "this function is not in this version yet");
const auto no_graph_function =
    refused(plain_name >> '.' >> field_name >> &x3::lit('('), "functions of a graph are not in this version yet",
            "a `let` is called by its bare name");
const auto no_later_window =
    refused(x3::lexeme[later_window >> word_end], "windows by the calendar and by session are not in this version yet");
const auto no_ending = refused(keyword("ending"), "windows that end in the past are not in this version yet");

const auto name_parts_def = plain_name >> *('.' > field_name);
const auto name_def = no_graph_function >> name_parts;
const auto call_end_def = x3::lit(')');
const auto call_def = plain_name >> '(' > -(expression % ',') > call_end;

const auto aggregate_function_def = x3::lexeme[x3::raw[aggregate_name >> word_end]];
const auto aggregate_end_def = x3::lit(')');
const auto over_def = keyword("over");
const auto aggregate_def = aggregate_function >> '(' > event_name > -('.' > field_name) >
                           -(keyword("where") > condition) > aggregate_end > over > window;

const auto is_prior = (keyword("prior") >> x3::attr(true)) | x3::attr(false);
const auto time_window_def = is_prior >> duration >> x3::attr(no_events) >> no_ending;
const auto count_window_def = is_prior >> x3::attr(no_length) >> whole_number >> (keyword("events") | keyword("event"));
const auto window_def = no_later_window >> (time_window | count_window);

const auto parenthesised = '(' > expression > ')';
const auto primary_def =
    nested[duration | number | text | boolean | parenthesised | (no_later_function >> (aggregate | call | name))];

BOOST_SPIRIT_DEFINE(name, name_parts, call, call_end, aggregate, aggregate_function, aggregate_end, over)
BOOST_SPIRIT_DEFINE(window, time_window, count_window)

}  // namespace

BOOST_SPIRIT_DEFINE(primary)
BOOST_SPIRIT_INSTANTIATE(primary_rule, iterator, parse_context)

}  // namespace weir::rules::syntax
