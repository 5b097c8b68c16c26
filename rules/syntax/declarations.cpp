#include "rules/syntax/declarations.hpp"

#include <vector>

#include "rules/syntax/ast_adapted.hpp"

namespace weir::rules::syntax {

namespace {

struct entity_class : annotated {};
struct event_class : annotated {};
struct field_group_class : annotated {};
struct fields_end_class;
struct type_class : annotated {};
struct param_class : annotated {};
struct list_class : annotated {};
struct table_class : annotated {};
struct columns_end_class;
struct model_class : annotated {};
struct graph_class : annotated {};
struct ends_end_class;
struct let_class : annotated {};
struct let_parameter_class : annotated {};
struct parameters_end_class;
struct import_class : annotated {};
struct subject_class : annotated {};
struct subjects_class;

constexpr x3::rule<entity_class, ast::entity_declaration> entity{"an entity"};
constexpr x3::rule<event_class, ast::event_declaration> event{"an event"};
constexpr x3::rule<field_group_class, ast::field_group> field_group{"a field such as `amount: decimal`"};
constexpr x3::rule<fields_end_class> fields_end{"a field such as `amount: decimal`, or `}`,"};
constexpr x3::rule<type_class, ast::type_name> type{"a type such as int, text or money(EUR)"};
constexpr x3::rule<param_class, ast::param_declaration> param{"a param"};
constexpr x3::rule<list_class, ast::list_declaration> list{"a list"};
constexpr x3::rule<table_class, ast::table_declaration> table{"a table"};
constexpr x3::rule<columns_end_class> columns_end{"a column such as `country: text`, or `}`,"};
constexpr x3::rule<model_class, ast::model_declaration> model{"a model"};
constexpr x3::rule<graph_class, ast::graph_declaration> graph{"a graph"};
constexpr x3::rule<ends_end_class> ends_end{"`)`, or `, weight` and a field,"};
constexpr x3::rule<let_class, ast::let_declaration> let{"a let"};
constexpr x3::rule<let_parameter_class, ast::let_parameter> let_parameter{"a parameter such as `t: transfer`"};
constexpr x3::rule<parameters_end_class> parameters_end{"`,` or `)`"};
constexpr x3::rule<import_class, ast::import_declaration> import{"an import"};
constexpr x3::rule<subject_class, ast::subject> subject{"a subject"};
constexpr x3::rule<subjects_class, std::vector<ast::subject>> subjects{"a subject such as `card` or `acct: account`"};

constexpr identifier_rule entity_name{"the name of an entity"};
constexpr identifier_rule param_name{"the name of a param"};
constexpr identifier_rule list_name{"the name of a list"};
constexpr identifier_rule table_name{"the name of a table"};
constexpr identifier_rule model_name{"the name of a model"};
constexpr identifier_rule model_kind{"a kind of model such as xgboost"};
constexpr identifier_rule graph_name{"the name of a graph"};
constexpr identifier_rule let_name{"the name of a let"};
constexpr identifier_rule rule_name{"the name of a rule"};
constexpr identifier_rule parameter_name{"the name of a parameter"};
constexpr identifier_rule type_word{"a type such as int, text or money(EUR)"};
constexpr identifier_rule parameter_type{"an event or a type"};
constexpr identifier_rule subject_type{"an entity or a type"};
constexpr text_rule file_name{"a file's name in double quotes"};

const auto entity_def = keyword("entity") > entity_name;

const auto type_def = type_word > -('(' > currency > ')');
const auto field_group_def = (field_name % ',') > ':' > type > x3::matches['?'];
const auto fields_end_def = x3::lit('}');
const auto event_def = keyword("event") > event_name > '{' > *(field_group >> -x3::lit(',')) > fields_end;

const auto param_def = keyword("param") > param_name > '=' > expression;
const auto list_def = keyword("list") > list_name > ':' > type > keyword("from") > file_name;

const auto columns_end_def = x3::lit('}');
const auto table_def = keyword("table") > table_name > ':' > type > "->" > '{' >
                       *(field_group >> -x3::lit(',')) > columns_end > keyword("from") > file_name;
const auto model_def = keyword("model") > model_name > ':' > model_kind > keyword("from") > file_name;
const auto ends_end_def = x3::lit(')');
const auto graph_def = keyword("graph") > graph_name > ':' > event_name > '(' > field_name > "->" > field_name >
                       -(',' > keyword("weight") > field_name) > ends_end > keyword("keep") > duration >
                       -(keyword("refresh") > duration);

const auto let_parameter_def = parameter_name > ':' > parameter_type;
const auto parameters_end_def = x3::lit(')');
const auto let_def = keyword("let") > let_name > '(' > -(let_parameter % ',') > parameters_end > '=' > expression;

const auto import_def = keyword("import") > file_name;

const auto subject_def = identifier_rule{"a subject"} >> -(':' > subject_type);
const auto subjects_def = subject % ',';

BOOST_SPIRIT_DEFINE(entity, type, field_group, fields_end, event, param, list)
BOOST_SPIRIT_DEFINE(table, columns_end, model, graph, ends_end)
BOOST_SPIRIT_DEFINE(let_parameter, parameters_end, let, import, subject, subjects)

}  // namespace

const auto declaration_def = entity | event | param | list | table | model | graph | let | import;
const auto rule_header_def = keyword("rule") > rule_name > -(keyword("for") > subjects) >
                             -(keyword("version") > whole_number) > '{';

BOOST_SPIRIT_DEFINE(declaration, rule_header)
BOOST_SPIRIT_INSTANTIATE(declaration_rule, iterator, parse_context)
BOOST_SPIRIT_INSTANTIATE(rule_header_rule, iterator, parse_context)

}  // namespace weir::rules::syntax
