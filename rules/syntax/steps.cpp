#include "rules/syntax/steps.hpp"

#include <vector>

#include "rules/syntax/ast_adapted.hpp"

namespace weir::rules::syntax {

namespace {

struct step_class : annotated {};
struct absence_class : annotated {};
struct part_class;
struct parts_class;

constexpr x3::rule<step_class, ast::step> step{"an event name"};
constexpr x3::rule<absence_class, ast::absence> absence{"`no`"};
constexpr x3::rule<part_class, ast::part> part{"an event name or `no`"};
constexpr x3::rule<parts_class, std::vector<ast::part>> parts{"an event name or `no`"};
constexpr identifier_rule label{"a label"};

// ---- what the whole language has, and this version not yet

const auto quantity = whole_number | (keyword("at") >> keyword("least")) | (keyword("some") >> label);
const auto choice = (keyword("all") | keyword("one")) >> keyword("of");
const auto no_quantity = refused(quantity, "quantities such as `5 times` or `some` are not in this version yet",
                                 "count events with `when count(EVENT) over 10m >= 5`");
const auto no_choice = refused(choice, "`all of` and `one of` are not in this version yet");
const auto no_optional = refused(keyword("optional") >> label, "optional steps are not in this version yet");
const auto no_path = refused('(', "paths such as `(a) -[x: transfer]-> (b)` are not in this version yet");
const auto no_next = refused(keyword("next") >> label, "`then next` is not in this version yet");
const auto no_within_events = refused(keyword("within") >> whole_number >> (keyword("events") | keyword("event")),
                                      "`within N events` is not in this version yet", "give a duration");
const auto no_within_of = refused(keyword("of"), "`within` of a label is not in this version yet");
const auto no_absent_label =
    refused(label >> ':', "an absent event cannot have a label", "there is no event that it could name");

// ---- steps

const auto where = keyword("where") > condition;
const auto within = no_within_events >> (keyword("within") > duration) >> no_within_of;
const auto supported = no_quantity >> no_choice >> no_optional >> no_path;

const auto step_def = supported >> -(label >> ':') > event_name > -where;
const auto absence_def = keyword("no") > no_absent_label > event_name > -where > -within;
const auto part_def = absence | step;
const auto parts_def = part >> *(keyword("then") > no_next > part);

BOOST_SPIRIT_DEFINE(step, absence, part, parts)

}  // namespace

const auto on_def = keyword("on") > step;
const auto match_def = keyword("match") > parts > -within;

BOOST_SPIRIT_DEFINE(on, match)
BOOST_SPIRIT_INSTANTIATE(on_rule, iterator, parse_context)
BOOST_SPIRIT_INSTANTIATE(match_rule, iterator, parse_context)

}  // namespace weir::rules::syntax
