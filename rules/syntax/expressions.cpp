#include "rules/syntax/expressions.hpp"

#include <initializer_list>
#include <optional>

#include "rules/syntax/ast_adapted.hpp"
#include "rules/syntax/fold.hpp"
#include "rules/syntax/primaries.hpp"

namespace weir::rules::syntax {

namespace {

using op = ast::binary_operator;

struct operator_symbols : x3::symbols<op> {
  operator_symbols(std::initializer_list<std::pair<const char*, op>> written) {
    for (const auto& [sign, meaning] : written) add(sign, meaning);
  }
};

const operator_symbols relation_sign = {{"=", op::equal},       {"!=", op::not_equal}, {"<", op::less},
                                        {"<=", op::less_equal}, {">", op::greater},    {">=", op::greater_equal}};
const operator_symbols sum_sign = {{"+", op::add}, {"-", op::subtract}};
const operator_symbols product_sign = {{"*", op::multiply}, {"/", op::divide}};

// ---- names of the rules

struct disjunction_class : annotated {};
struct or_link_class : annotated {};
struct conjunction_class : annotated {};
struct conjunction_chain_class : annotated {};
struct and_link_class : annotated {};
struct negation_class : annotated {};
struct negated_class : annotated {};
struct comparison_class : annotated {};
struct comparison_parts_class : annotated {};
struct relation_class : annotated {};
struct between_class : annotated {};
struct membership_class : annotated {};
struct missing_class : annotated {};
struct default_link_class : annotated {};
struct default_chain_class : annotated {};
struct sum_class : annotated {};
struct sum_chain_class : annotated {};
struct sum_link_class : annotated {};
struct product_class : annotated {};
struct product_chain_class : annotated {};
struct product_link_class : annotated {};
struct signed_class : annotated {};
struct minus_class : annotated {};

template <typename Class, typename Node>
using rule_of = x3::rule<Class, Node>;

constexpr rule_of<disjunction_class, ast::chain> disjunction{"a condition"};
constexpr rule_of<or_link_class, ast::link> or_link{"`or`"};
constexpr rule_of<conjunction_class, ast::expression> conjunction{"a condition"};
constexpr rule_of<conjunction_chain_class, ast::chain> conjunction_chain{"a condition"};
constexpr rule_of<and_link_class, ast::link> and_link{"`and`"};
constexpr rule_of<negation_class, ast::expression> negation{"a condition"};
constexpr rule_of<negated_class, ast::unary> negated{"`not`"};
constexpr rule_of<comparison_class, ast::expression> comparison{"a condition"};
constexpr rule_of<comparison_parts_class, comparison_parts> parts_of_comparison{"a condition"};
constexpr rule_of<relation_class, ast::link> relation{"a comparison"};
constexpr rule_of<between_class, between_tail> between{"`between`"};
constexpr rule_of<membership_class, membership_tail> membership{"`in`"};
constexpr rule_of<missing_class, missing_tail> missing{"`is`"};
constexpr rule_of<default_chain_class, ast::chain> default_chain{"a value"};
constexpr rule_of<default_link_class, ast::link> default_link{"`\?\?`"};
constexpr rule_of<sum_class, ast::expression> sum{"a value"};
constexpr rule_of<sum_chain_class, ast::chain> sum_chain{"a value"};
constexpr rule_of<sum_link_class, ast::link> sum_link{"`+`"};
constexpr rule_of<product_class, ast::expression> product{"a value"};
constexpr rule_of<product_chain_class, ast::chain> product_chain{"a value"};
constexpr rule_of<product_link_class, ast::link> product_link{"`*`"};
constexpr rule_of<signed_class, ast::expression> signed_value{"a value"};
constexpr rule_of<minus_class, ast::unary> minus{"`-`"};
constexpr identifier_rule list_name{"the name of a list"};
struct collection_class;
constexpr rule_of<collection_class, ast::collection> collection{"the name of a list"};

// ---- from `or` down to `not`

const auto disjunction_def = conjunction >> *or_link;
const auto or_link_def = keyword("or") >> x3::attr(op::logical_or) > conjunction;
const auto conjunction_def = conjunction_chain;
const auto conjunction_chain_def = negation >> *and_link;
const auto and_link_def = keyword("and") >> x3::attr(op::logical_and) > negation;
const auto negation_def = negated | comparison;
const auto negated_def = keyword("not") >> x3::attr(ast::unary_operator::logical_not) > nested[negation];

// ---- comparisons

const auto one_comparison =
    refused(relation_sign, "comparisons cannot be chained", "compare twice and join the two with `and`");
const auto is_negated = (keyword("not") >> x3::attr(true)) | x3::attr(false);

const auto comparison_def = parts_of_comparison;
const auto parts_of_comparison_def = operand >> -(relation | between | membership | missing);
const auto relation_def = relation_sign > operand > one_comparison;
const auto between_def = keyword("between") > operand > keyword("and") > operand;
const auto no_list_in_place =
    refused('(', "a list cannot be written in place", "declare it: list NAME: TYPE from \"FILE\"");
const auto membership_def = is_negated >> keyword("in") > no_list_in_place > collection;
const auto collection_def = text | list_name;
const auto missing_def = keyword("is") > is_negated > keyword("missing");

// ---- arithmetic

const auto default_chain_def = sum >> *default_link;
const auto default_link_def = "??" >> x3::attr(op::or_default) > sum;
const auto sum_def = sum_chain;
const auto sum_chain_def = product >> *sum_link;
const auto sum_link_def = sum_sign > product;
const auto product_def = product_chain;
const auto product_chain_def = signed_value >> *product_link;
const auto product_link_def = product_sign > signed_value;
const auto signed_value_def = minus | primary;
const auto minus_def = '-' >> x3::attr(ast::unary_operator::negate) > nested[signed_value];

BOOST_SPIRIT_DEFINE(disjunction, or_link, conjunction, conjunction_chain, and_link, negation, negated)
BOOST_SPIRIT_DEFINE(comparison, parts_of_comparison, relation, between, membership, collection, missing)
BOOST_SPIRIT_DEFINE(default_chain, default_link, sum, sum_chain, sum_link, product, product_chain, product_link)
BOOST_SPIRIT_DEFINE(signed_value, minus)

}  // namespace

const auto expression_def = disjunction;
const auto operand_def = default_chain;

BOOST_SPIRIT_DEFINE(expression, operand)
BOOST_SPIRIT_INSTANTIATE(expression_rule, iterator, parse_context)
BOOST_SPIRIT_INSTANTIATE(operand_rule, iterator, parse_context)

}  // namespace weir::rules::syntax
