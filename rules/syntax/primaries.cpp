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

const word_symbols aggregate_name = {"count", "sum",  "avg",    "min",    "max",        "distinct",
                                     "first", "last", "stddev", "median", "percentile", "prev"};
const word_symbols calendar_unit = {"day", "week", "month"};
const std::optional<ast::number_literal> no_number;
const std::optional<ast::duration_literal> no_duration;
const std::optional<ast::count_bounds> no_bounds;

const auto word_end = !x3::char_("a-zA-Z0-9_");

template <typename Node>
struct node_class : annotated {};
template <typename Node>
using rule_of = x3::rule<node_class<Node>, Node>;

struct name_parts_class;
struct aggregate_function_class : annotated {};
struct calendar_unit_class : annotated {};
struct window_extent_class;
struct aggregate_end_class;
struct call_end_class;
struct graph_call_end_class;
struct over_class;
struct bracket_end_class;
struct at_word_class : annotated {};
struct length_option_class : annotated {};
struct width_option_class : annotated {};
struct within_option_class : annotated {};
struct at_most_option_class : annotated {};
struct at_least_class : annotated {};
struct at_most_class : annotated {};
struct from_to_class : annotated {};
struct bounds_class : annotated {};
struct bounds_most_class : annotated {};
struct length_word_class : annotated {};
struct width_word_class : annotated {};
struct within_word_class : annotated {};

constexpr rule_of<ast::name> name{"a name"};
constexpr x3::rule<name_parts_class, std::vector<ast::identifier>> name_parts{"a name"};
constexpr rule_of<ast::call> call{"a call"};
constexpr rule_of<ast::aggregate> aggregate{"an aggregate"};
constexpr x3::rule<aggregate_function_class, ast::identifier> aggregate_function{"an aggregate"};
constexpr rule_of<ast::window> window{"a window such as 10m, prior 30d or 5 events"};
constexpr rule_of<ast::time_window> time_window{"a window"};
constexpr rule_of<ast::count_window> count_window{"a window"};
constexpr rule_of<ast::calendar_window> calendar_window{"a window"};
constexpr rule_of<ast::session_window> session_window{"a window"};
constexpr x3::rule<calendar_unit_class, ast::identifier> calendar_word{"`day`, `week` or `month`"};
constexpr x3::rule<aggregate_end_class> aggregate_end{"`where` or `)`"};
constexpr x3::rule<call_end_class> call_end{"`,` or `)`"};
constexpr x3::rule<over_class> over{"`over` and a window such as 10m"};
constexpr x3::rule<bracket_end_class> bracket_end{"`]`"};
constexpr rule_of<ast::table_cell> table_cell{"a table's cell"};
constexpr rule_of<ast::graph_call> graph_call{"a graph's function"};
constexpr rule_of<ast::graph_argument> graph_argument{"a value, or an option such as `within 72h`"};
constexpr x3::rule<at_least_class, ast::count_bounds> at_least{"`at least`"};
constexpr x3::rule<at_most_class, ast::count_bounds> at_most{"`at most`"};
constexpr x3::rule<from_to_class, ast::count_bounds> from_to{"a whole number"};
constexpr x3::rule<bounds_class, ast::count_bounds> bounds{"numbers such as 3 to 6, or `at most` 6"};
constexpr x3::rule<bounds_most_class, ast::count_bounds> bounds_most{"`most`"};
constexpr x3::rule<length_option_class, ast::graph_option> length_option{"`length`"};
constexpr x3::rule<width_option_class, ast::graph_option> width_option{"`width`"};
constexpr x3::rule<within_option_class, ast::graph_option> within_option{"`within`"};
constexpr x3::rule<at_most_option_class, ast::graph_option> at_most_option{"`at most`"};
constexpr x3::rule<length_word_class, ast::identifier> length_word{"`length`"};
constexpr x3::rule<width_word_class, ast::identifier> width_word{"`width`"};
constexpr x3::rule<within_word_class, ast::identifier> within_word{"`within`"};
constexpr x3::rule<at_word_class, ast::identifier> at_word{"`at`"};
constexpr identifier_rule plain_name{"a name"};
constexpr text_rule zone_name{"a time zone such as \"Europe/Paris\""};

const auto name_parts_def = plain_name >> *('.' > field_name);
const auto name_def = name_parts;
const auto call_end_def = x3::lit(')');
const auto call_def = plain_name >> '(' > -(expression % ',') > call_end;

// ---- aggregates and windows

const auto is_prior = (keyword("prior") >> x3::attr(true)) | x3::attr(false);
const auto time_window_def = duration >> -(keyword("ending") > duration > keyword("ago"));
const auto count_window_def = whole_number >> (keyword("events") | keyword("event"));
const auto calendar_word_def = x3::lexeme[x3::raw[calendar_unit >> word_end]];
const auto calendar_window_def = calendar_word >> -(keyword("in") >> &x3::lit('"') > zone_name);
const auto session_window_def = keyword("session") > keyword("gap") > duration;
const auto window_def = is_prior >> (time_window | count_window | calendar_window | session_window);

const auto percentage_last = refused(',' >> number, "the percentage stands first", "write percentile(95, EVENT.FIELD)");
const auto percentage_apart = refused(number >> ')', "the percentage and what it is of stand in one bracket",
                                      "write percentile(95, EVENT.FIELD)");
const auto percentage = percentage_apart >> -(number > ',');
// What stands where `over` should: a word, and a window behind it. `suppress by first(fail.ip) for 1h` means its `for`.
const auto misspelt_over = !keyword("for") >>
                           &(plain_name >> (duration | keyword("prior") | (whole_number >> keyword("events"))));

const auto aggregate_function_def = x3::lexeme[x3::raw[aggregate_name >> word_end]];
const auto aggregate_end_def = x3::lit(')');
const auto over_def = keyword("over");
const auto aggregate_def = aggregate_function >> '(' > percentage > event_name > -('.' > field_name) > percentage_last >
                           -(keyword("where") > condition) > aggregate_end > -('.' > field_name) >
                           -((&over | misspelt_over) > over > window);

// ---- tables and graphs

const auto bracket_end_def = x3::lit(']');
const auto table_cell_def = plain_name >> '[' > expression > bracket_end > '.' > field_name;

const auto length_word_def = x3::raw[keyword("length")];
const auto width_word_def = x3::raw[keyword("width")];
const auto within_word_def = x3::raw[keyword("within")];
const auto at_word_def = x3::raw[keyword("at")];
const auto at_least_def = ((keyword("at") >> keyword("least")) | ">=") > whole_number >
                          x3::attr(no_number) > x3::attr(false);
const auto at_most_def = ((keyword("at") >> keyword("most")) | "<=") > x3::attr(no_number) > whole_number
                         > x3::attr(false);
const auto from_to_def = whole_number > -(keyword("to") > whole_number) > x3::attr(true);
const auto bounds_def = at_least | at_most | from_to;
const auto is_in_order = (keyword("in") >> keyword("order") >> x3::attr(true)) | x3::attr(false);
const auto length_option_def = length_word >> bounds >> x3::attr(no_duration) >> is_in_order;
const auto width_option_def = width_word >> bounds >> x3::attr(no_duration) >> x3::attr(false);
const auto within_option_def = within_word >> x3::attr(no_bounds) > duration > x3::attr(false);
const auto at_most_option_def = at_word >> bounds_most > x3::attr(no_duration) > x3::attr(false);
const auto bounds_most_def = keyword("most") > x3::attr(no_number) > whole_number > x3::attr(false);
const auto graph_argument_def = length_option | width_option | within_option | at_most_option | expression;
const auto graph_call_def = plain_name >> '.' >> field_name >> '(' > -(graph_argument % ',') > call_end >
                            -(keyword("over") > duration);

// ---- all of them

const auto parenthesised = '(' > expression > ')';
const auto primary_def =
    nested[duration | number | text | boolean | parenthesised | aggregate | call | table_cell | graph_call | name];

BOOST_SPIRIT_DEFINE(name, name_parts, call, call_end, aggregate, aggregate_function, aggregate_end, over)
BOOST_SPIRIT_DEFINE(window, time_window, count_window, calendar_window, calendar_word, session_window)
BOOST_SPIRIT_DEFINE(table_cell, bracket_end, graph_call, graph_argument, length_option, width_option, within_option)
BOOST_SPIRIT_DEFINE(at_least, at_most, from_to, bounds, bounds_most, at_most_option, length_word, width_word,
                    within_word, at_word)

}  // namespace

BOOST_SPIRIT_DEFINE(primary)
BOOST_SPIRIT_INSTANTIATE(primary_rule, iterator, parse_context)

}  // namespace weir::rules::syntax
