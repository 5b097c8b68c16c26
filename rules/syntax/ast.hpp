#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/spirit/home/x3/support/ast/variant.hpp>

// The tree that the grammar builds: what was written, nothing yet about what it means. Every node knows its place.
namespace weir::rules::ast {

namespace x3 = boost::spirit::x3;

/// Bytes [begin, end) of the file a node was read from; the parser fills it in.
struct located {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

struct identifier : located {
  std::string name;
};

struct number_literal : located {  // "5_000", "9_999.99", with "EUR" behind it for money
  std::string digits;
  std::optional<identifier> currency;
};
struct duration_literal : located {
  std::string text;  // "10m", "1h30m"
};
struct text_literal : located {
  std::string value;  // escapes resolved
};
struct boolean_literal : located {
  bool value = false;
};

struct name : located {  // `amount`, `small.merchant`
  std::vector<identifier> parts;
};

struct unary;
struct chain;
struct between;
struct membership;
struct missing_test;
struct call;
struct aggregate;
struct table_cell;
struct graph_call;

struct expression : x3::variant<number_literal, duration_literal, text_literal, boolean_literal, name,
                                x3::forward_ast<unary>, x3::forward_ast<chain>, x3::forward_ast<between>,
                                x3::forward_ast<membership>, x3::forward_ast<missing_test>, x3::forward_ast<call>,
                                x3::forward_ast<aggregate>, x3::forward_ast<table_cell>, x3::forward_ast<graph_call>>,
                    located {
  using base_type::base_type;
  using base_type::operator=;
};

enum class unary_operator : std::uint8_t { negate, logical_not };
struct unary : located {
  unary_operator op{};
  expression operand;
};

enum class binary_operator : std::uint8_t {
  logical_or,
  logical_and,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  or_default,
  add,
  subtract,
  multiply,
  divide,
};
struct link : located {
  binary_operator op{};
  expression operand;
};
struct chain : located {  // operators of one level, from left to right; a comparison has one link
  expression first;
  std::vector<link> rest;
};

struct between : located {  // `operand between low and high`, both ends included
  expression operand;
  expression low;
  expression high;
};
/// A list, a table, or a block of addresses in place: `"10.0.0.0/8"`.
struct collection : x3::variant<identifier, text_literal> {
  using base_type::base_type;
  using base_type::operator=;
};
struct membership : located {  // `operand in list`
  expression operand;
  collection within;
};
struct missing_test : located {  // `operand is missing`
  expression operand;
};

struct call : located {  // `large(in)`: a `let`, or a function of the language
  identifier function;
  std::vector<expression> arguments;
};

struct time_window : located {  // `10m`, `7d ending 7d ago`
  duration_literal length;
  std::optional<duration_literal> ago;
};
struct count_window : located {  // `5 events`
  number_literal events;
};
struct calendar_window : located {  // `day`, `month in "Europe/Paris"`
  identifier unit;
  std::optional<text_literal> zone;
};
struct session_window : located {  // `session gap 30m`
  duration_literal gap;
};
struct window : located {  // `10m`, `prior 30d`
  bool prior = false;
  x3::variant<time_window, count_window, calendar_window, session_window> extent;
};
/// `sum(transfer.amount where from = acct) over 24h`, and of a run of events `sum(fail.amount)`; events too:
/// `prev(login where ok).at`, `first(fail).at`.
struct aggregate : located {
  identifier function;
  std::optional<number_literal> percent;
  identifier event;  // or a label
  std::optional<identifier> field;
  std::optional<expression> where;
  std::optional<identifier> read;  // the field behind the bracket
  std::optional<ast::window> window;
};

struct table_cell : located {  // `clients[acct].country`
  identifier table;
  expression key;
  identifier column;
};

struct count_bounds : located {  // `3 to 6`, `at least 3`, `at most 6`
  std::optional<number_literal> least;
  std::optional<number_literal> most;
  bool exact = false;  // `3`, or `3 to 6`: without `most` it is `least`
};
/// `length 3 to 6 in order`, `width at least 4`, `at most 3`, `within 72h`.
struct graph_option : located {
  identifier name;  // `length`, `width`, `at`, `within`
  std::optional<count_bounds> bounds;
  std::optional<duration_literal> length;
  bool in_order = false;
};
struct graph_argument : x3::variant<graph_option, expression> {
  using base_type::base_type;
  using base_type::operator=;
};
struct graph_call : located {  // `payments.fan_in(acct) over 7d`
  identifier graph;
  identifier function;
  std::vector<graph_argument> arguments;
  std::optional<duration_literal> over;
};

// ---- declarations

struct type_name : located {  // `account`, `money(EUR)`
  identifier name;
  std::optional<identifier> currency;
};

struct entity_declaration : located {
  identifier name;
};

struct field_group : located {  // `from, to: account`, `country: text?`
  std::vector<identifier> names;
  type_name type;
  bool optional = false;
};
struct event_declaration : located {
  identifier name;
  std::vector<field_group> fields;  // `at: time` among them
};

struct param_declaration : located {
  identifier name;
  expression value;
};

struct list_declaration : located {
  identifier name;
  type_name type;
  text_literal path;
};

struct table_declaration : located {  // `table clients : account -> { country: text? } from "clients.csv"`
  identifier name;
  type_name key;
  std::vector<field_group> columns;
  text_literal path;
};

struct model_declaration : located {  // `model fraud : xgboost from "fraud.json"`
  identifier name;
  identifier kind;
  text_literal path;
};

struct graph_declaration : located {  // `graph payments : transfer(from -> to, weight amount) keep 30d refresh 10s`
  identifier name;
  identifier event;
  identifier from;
  identifier to;
  std::optional<identifier> weight;
  duration_literal keep;
  std::optional<duration_literal> refresh;
};

struct let_parameter : located {
  identifier name;
  identifier type;  // an event, an entity or a plain type
};
struct let_declaration : located {
  identifier name;
  std::vector<let_parameter> parameters;
  expression body;
};

struct import_declaration : located {
  text_literal path;
};

// ---- rules

struct subject : located {  // `acct: account`, `card`
  identifier name;
  std::optional<identifier> type;
};

struct quantity : located {             // `5 times`, `2 to 3 times`, `at least 5 times`, `some`
  std::optional<number_literal> least;  // none: `some`
  std::optional<number_literal> most;   // of `N to M times`
  bool open = false;                    // `at least` and `some` have no most
};
struct time_since : located {  // `within 5m of a`; behind an absence also without the label
  duration_literal length;
  std::optional<identifier> label;
};
struct step : located {  // `5 times small: payment where amount < 2 EUR within 5m of a`
  std::optional<quantity> count;
  std::optional<identifier> label;
  identifier event;
  std::optional<expression> where;
  std::optional<time_since> within;
};
struct absence : located {  // `no payment where … within 30s of a`
  identifier event;
  std::optional<expression> where;
  std::optional<time_since> within;
};

enum class gathering : std::uint8_t { single, all_of, one_of };
struct group : located {  // `next optional p: payment`, `all of (a: payment, b: login)`
  bool next = false;
  bool optional = false;
  ast::gathering gathered{};
  std::vector<step> steps;  // one of a single
};
struct part : x3::variant<group, absence> {
  using base_type::base_type;
  using base_type::operator=;
};

struct edge : located {  // `-[x: transfer where amount > 5 EUR]-> (b)`
  step event;
  identifier to;
};
struct path : located {  // `any order (a) -[x: transfer]-> (b) where …`
  bool any_order = false;
  identifier from;
  std::vector<edge> edges;
  bool any_order_behind = false;  // the same, written behind the last vertex
  std::optional<expression> where;
};

struct match_extent : located {  // `within 10m`, `within 5 events`
  std::optional<duration_literal> length;
  std::optional<number_literal> events;
};

struct severity_clause : located {
  identifier level;
};
struct score_clause : located {
  number_literal points;
};
struct tags_clause : located {
  std::vector<name> tags;
};
struct mode_clause : located {
  identifier mode;
};
struct on_clause : located {
  ast::step event;
};
struct match_clause : located {
  std::optional<ast::path> path;
  std::vector<part> parts;  // none of a path
  std::vector<match_extent> within;
};
struct when_clause : located {
  expression condition;
};
struct unless_clause : located {
  expression condition;
};
struct emit_clause : located {
  identifier emission;                  // `each`, `first`, `all`
  std::optional<number_literal> limit;  // of `all`
};
struct suppress_clause : located {
  std::vector<expression> by;
  duration_literal length;
};
/// `text.value` is as written, escapes and all, so that its byte i stands at `text.begin + 1 + i` of the file:
/// split_reason takes it apart, and parse_expression reads each `{expr}` when the rule is checked.
struct reason_clause : located {
  text_literal text;
};

struct raised_field : located {  // `user: acct`
  identifier name;
  expression value;
};
struct raise_clause : located {  // `raise case_opened { user: acct }`
  identifier event;
  std::vector<raised_field> fields;
};

struct test_value : located {  // `card: C1`, `amount: -1 EUR`, `at: 9m`
  identifier field;
  bool negative = false;
  x3::variant<number_literal, duration_literal, text_literal, boolean_literal, identifier> value;
};
struct test_event : located {
  identifier event;
  std::vector<test_value> values;
};
using subject_value = x3::variant<identifier, text_literal, number_literal>;
struct test_expectation : located {  // `expect no alert`, `expect alert for C1, "m" at 9m`, `expect 3 alerts`
  bool none = false;
  std::optional<number_literal> count;
  std::vector<subject_value> subject;  // a value a subject, or none
  std::optional<duration_literal> at;
};
struct test_line : x3::variant<test_event, test_expectation> {
  using base_type::base_type;
  using base_type::operator=;
};
struct test_clause : located {
  text_literal name;
  std::vector<test_line> lines;
};

struct clause
    : x3::variant<severity_clause, score_clause, tags_clause, mode_clause, on_clause, match_clause, when_clause,
                  unless_clause, emit_clause, suppress_clause, reason_clause, raise_clause, test_clause> {
  using base_type::base_type;
  using base_type::operator=;
};

struct rule_declaration : located {
  identifier name;
  std::vector<subject> subjects;
  std::optional<number_literal> version;
  std::vector<clause> clauses;
  bool broken = false;  // part of it could not be read: what seems to be missing may well be there
};

struct declaration
    : x3::variant<entity_declaration, event_declaration, param_declaration, list_declaration, table_declaration,
                  model_declaration, graph_declaration, let_declaration, import_declaration, rule_declaration> {
  using base_type::base_type;
  using base_type::operator=;
};

struct file {
  std::vector<declaration> declarations;
};

}  // namespace weir::rules::ast
