#include "rules/syntax/steps.hpp"

#include <optional>
#include <vector>

#include "rules/syntax/ast_adapted.hpp"

namespace weir::rules::syntax {

namespace {

struct quantity_class : annotated {};
struct times_class;
struct since_class : annotated {};
struct absent_since_class : annotated {};
struct step_class : annotated {};
struct single_step_class : annotated {};
struct absence_class : annotated {};
struct several_class : annotated {};
struct single_class : annotated {};
struct members_class;
struct members_end_class;
struct part_class;
struct parts_class;
struct vertex_end_class;
struct edge_class : annotated {};
struct edge_end_class;
struct edges_class;
struct path_class : annotated {};
struct extent_class : annotated {};
struct extents_class;

constexpr x3::rule<quantity_class, ast::quantity> quantity{"a quantity such as `5 times`"};
constexpr x3::rule<times_class> times{"`times`"};
constexpr x3::rule<since_class, ast::time_since> since{"`within`"};
constexpr x3::rule<absent_since_class, ast::time_since> absent_since{"`within`"};
constexpr x3::rule<step_class, ast::step> step{"an event name"};
constexpr x3::rule<single_step_class, ast::step> single_step{"an event name"};
constexpr x3::rule<absence_class, ast::absence> absence{"`no`"};
constexpr x3::rule<several_class, ast::group> several{"`all of` or `one of`"};
constexpr x3::rule<single_class, ast::group> single{"an event name"};
constexpr x3::rule<members_class, std::vector<ast::step>> members{"an event name"};
constexpr x3::rule<members_end_class> members_end{"`,` or `)`"};
constexpr x3::rule<part_class, ast::part> part{"an event name or `no`"};
constexpr x3::rule<parts_class, std::vector<ast::part>> parts{"an event name or `no`"};
constexpr x3::rule<vertex_end_class> vertex_end{"`)`"};
constexpr x3::rule<edge_class, ast::edge> edge{"an edge such as `-[x: transfer]-> (b)`"};
constexpr x3::rule<edge_end_class> edge_end{"`]->`"};
constexpr x3::rule<edges_class, std::vector<ast::edge>> edges{"an edge such as `-[x: transfer]-> (b)`"};
constexpr x3::rule<path_class, ast::path> path{"a path such as `(a) -[x: transfer]-> (b)`"};
constexpr x3::rule<extent_class, ast::match_extent> extent{"a duration such as 10m, or a number of events,"};
constexpr x3::rule<extents_class, std::vector<ast::match_extent>> extents{"`within`"};
constexpr identifier_rule label{"a label"};
constexpr identifier_rule vertex{"the name of a vertex"};

const std::optional<ast::number_literal> no_number;
const std::optional<ast::duration_literal> no_length;
const std::optional<ast::quantity> no_quantity;
const std::optional<ast::path> no_path;
const std::vector<ast::part> no_parts;

// ---- words that are names too: what follows tells

const auto step_begins = &(label | whole_number);
const auto next = keyword("next") >> step_begins;
const auto optional = keyword("optional") >> step_begins;
const auto any_order = keyword("any") >> keyword("order");
const auto all_of = keyword("all") >> keyword("of");
const auto one_of = keyword("one") >> keyword("of");
const auto events_word = keyword("events") | keyword("event");

const auto is_next = (next >> x3::attr(true)) | x3::attr(false);
const auto is_optional = (optional >> x3::attr(true)) | x3::attr(false);
const auto is_any_order = (any_order >> x3::attr(true)) | x3::attr(false);

// ---- what reads like the language, and is not

const auto any_quantity = whole_number | (keyword("at") >> keyword("least")) | (keyword("some") >> label);
const auto no_absent_label =
    refused(label >> ':', "an absent event cannot have a label", "there is no event that it could name");
const auto no_absent_quantity = refused(any_quantity, "`no` takes no quantity",
                                        "it means not even one; fewer than 5 is a window's: count(EVENT) over 10m < 5");
const auto no_labelled_quantity =
    refused(any_quantity, "a quantity stands before the label", "write 5 times fail: login");
const auto no_at_most = refused(keyword("at") >> keyword("most"), "there is no `at most`",
                                "write 1 to 5 times; none to 5 is a window's: count(EVENT) over 10m <= 5");
const auto no_absent_group = refused(all_of | one_of, "`no` takes one kind of event", "write a `no` for each of them");
const auto no_next_first =
    refused(next, "`next` has no event before it here", "it stands between two events: `then next`");
const auto no_next_absence = refused(keyword("next") >> keyword("no"), "`next` cannot stand before `no`",
                                     "`then no` is about all that comes between two events");
const auto no_optional_absence =
    refused(keyword("optional") >> keyword("no"), "`optional` cannot stand before `no`", "a `no` either holds or not");
const auto no_absent_member = refused(keyword("no"), "a `no` cannot stand in `all of` or `one of`",
                                      "it stands between two events, behind `then`");
const auto no_group_in_group =
    refused(all_of | one_of, "`all of` and `one of` cannot stand in each other", "write them one after the other");
const auto no_of_missing = refused((keyword("all") | keyword("one")) >> &x3::lit('('),
                                   "`all` and `one` need an `of` before their steps", "write all of (STEP, STEP)");
const auto no_optional_member =
    refused(optional, "a member of `all of` or `one of` cannot be optional", "`optional` stands before the whole");
const auto no_next_member =
    refused(next, "`next` cannot stand in `all of` or `one of`", "it stands before the whole: `then next all of`");
const auto no_quantity_on = refused(any_quantity, "`on` takes one event", "write `match` for several: match 5 times …");
const auto no_quantity_in_path = refused(any_quantity, "an edge is one event", "write it out: edge by edge");
const auto no_group_on = refused(all_of | one_of | optional | keyword("no"), "`on` takes one event",
                                 "write `match` for several, and for those that must not come");
const auto no_then_behind_path = refused(keyword("then"), "a path goes on with an edge",
                                         "write -[x: EVENT]-> (VERTEX), or all of it as steps with `then`");

// ---- steps

const auto where = keyword("where") > condition;

const auto times_def = keyword("times") | keyword("time");
const auto exactly = whole_number >> -(keyword("to") > whole_number) >> x3::attr(false) > times;
const auto at_least = keyword("at") >> keyword("least") > whole_number > x3::attr(no_number) > x3::attr(true) > -times;
const auto some = keyword("some") >> &label >> x3::attr(no_number) >> x3::attr(no_number) >> x3::attr(true);
const auto quantity_def = exactly | at_least | some;

const auto since_def = keyword("within") >> duration >> keyword("of") > label;
const auto absent_since_def = keyword("within") >> !(whole_number >> events_word) > duration > -(keyword("of") > label);

const auto label_of_step = label >> ':' > no_labelled_quantity;
const auto step_def = no_at_most >> -quantity >> -label_of_step > event_name > -where > -since;
const auto single_step_def = x3::attr(no_quantity) >> -(label >> ':') > event_name > -where > -since;
const auto absence_def =
    keyword("no") > no_absent_quantity > no_absent_group > no_absent_label > event_name > -where > -absent_since;

const auto member = no_absent_member >> no_group_in_group >> no_optional_member >> no_next_member >> step;
const auto members_def = member % ',';
const auto members_end_def = x3::lit(')');
const auto gathered = (all_of >> x3::attr(ast::gathering::all_of)) | (one_of >> x3::attr(ast::gathering::one_of));
const auto several_def = is_next >> is_optional >> gathered > '(' > members > members_end;
const auto single_def = is_next >> is_optional >> x3::attr(ast::gathering::single) >> x3::repeat(1)[step];
const auto part_def = no_of_missing >> no_next_absence >> no_optional_absence >> (absence | several | single);
const auto parts_def = no_next_first >> part >> *(keyword("then") > part);

// ---- paths

const auto vertex_end_def = x3::lit(')');
const auto edge_end_def = x3::lit(']') >> "->";
const auto edge_def = x3::lit('-') >> '[' > no_quantity_in_path > single_step > edge_end > '(' > vertex > vertex_end;
const auto edges_def = +edge;
const auto path_def = is_any_order >> '(' > vertex > vertex_end > edges > is_any_order > -where > no_then_behind_path;

// ---- the clauses

const auto extent_def = (duration >> x3::attr(no_number)) | (x3::attr(no_length) >> whole_number >> events_word);
const auto extents_def = *(keyword("within") > extent);

struct path_match_class : annotated {};
struct step_match_class : annotated {};
constexpr x3::rule<path_match_class, ast::match_clause> path_match{"`match`"};
constexpr x3::rule<step_match_class, ast::match_clause> step_match{"`match`"};
const auto path_match_def = keyword("match") >> path >> x3::attr(no_parts) >> extents;
const auto step_match_def = keyword("match") >> x3::attr(no_path) > parts > extents;

BOOST_SPIRIT_DEFINE(quantity, times, since, absent_since, step, single_step, absence, members, members_end)
BOOST_SPIRIT_DEFINE(several, single, part, parts, vertex_end, edge, edge_end, edges, path, extent, extents)
BOOST_SPIRIT_DEFINE(path_match, step_match)

}  // namespace

const auto on_def = keyword("on") > no_quantity_on > no_group_on > single_step;
const auto match_def = path_match | step_match;

BOOST_SPIRIT_DEFINE(on, match)
BOOST_SPIRIT_INSTANTIATE(on_rule, iterator, parse_context)
BOOST_SPIRIT_INSTANTIATE(match_rule, iterator, parse_context)

}  // namespace weir::rules::syntax
