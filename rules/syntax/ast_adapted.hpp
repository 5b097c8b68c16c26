#pragma once

#include <boost/fusion/include/adapt_struct.hpp>
#include <boost/spirit/home/x3/support/traits/optional_traits.hpp>

#include "rules/syntax/ast.hpp"

// Which members the grammar fills, in the order in which it reads them.
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::identifier, name)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::number_literal, digits, currency)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::duration_literal, text)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::text_literal, value)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::boolean_literal, value)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::name, parts)

BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::unary, op, operand)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::link, op, operand)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::chain, first, rest)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::call, function, arguments)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::time_window, length, ago)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::count_window, events)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::calendar_window, unit, zone)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::session_window, gap)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::window, prior, extent)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::aggregate, function, percent, event, field, where, read, window)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::table_cell, table, key, column)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::count_bounds, least, most, exact)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::graph_option, name, bounds, length, in_order)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::graph_call, graph, function, arguments, over)

BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::type_name, name, currency)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::entity_declaration, name)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::field_group, names, type, optional)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::event_declaration, name, fields)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::param_declaration, name, value)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::list_declaration, name, type, path)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::table_declaration, name, key, columns, path)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::model_declaration, name, kind, path)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::graph_declaration, name, event, from, to, weight, keep, refresh)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::let_parameter, name, type)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::let_declaration, name, parameters, body)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::import_declaration, path)

BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::subject, name, type)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::quantity, least, most, open)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::time_since, length, label)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::step, count, label, event, where, within)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::absence, event, where, within)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::group, next, optional, gathered, steps)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::edge, event, to)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::path, any_order, from, edges, any_order_behind, where)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::match_extent, length, events)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::severity_clause, level)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::score_clause, points)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::tags_clause, tags)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::mode_clause, mode)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::on_clause, event)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::match_clause, path, parts, within)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::when_clause, condition)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::unless_clause, condition)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::emit_clause, emission, limit)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::suppress_clause, by, length)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::reason_clause, text)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::raised_field, name, value)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::raise_clause, event, fields)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::test_value, field, negative, value)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::test_event, event, values)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::test_expectation, none, count, subject, at)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::test_clause, name, lines)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::ast::rule_declaration, name, subjects, version)  // its clauses are read apart

namespace boost::spirit::x3::traits {

template <typename T>
struct is_optional<std::optional<T>> : mpl::true_ {};

template <typename T>
struct optional_value<std::optional<T>> : mpl::identity<T> {};

}  // namespace boost::spirit::x3::traits
