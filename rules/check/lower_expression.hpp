#pragma once

#include <boost/variant/static_visitor.hpp>

#include "rules/check/scope.hpp"

namespace weir::rules {

/// Nothing when it is in error, which has been reported.
using lowered = std::optional<cep::expression>;

/// Gives an expression its meaning where it stands: names resolved, types checked, lets put in place, constants folded.
class expression_lowering : public boost::static_visitor<lowered> {
 public:
  expression_lowering(const scope& where, workplace& work) : scope_(where), work_(work) {}

  lowered lower(const ast::expression& e);
  /// The same for what has to be true or false.
  lowered condition(const ast::expression& e);

  lowered operator()(const ast::number_literal& e);
  lowered operator()(const ast::duration_literal& e);
  lowered operator()(const ast::text_literal& e);
  lowered operator()(const ast::boolean_literal& e);
  lowered operator()(const ast::name& e);
  lowered operator()(const ast::unary& e);
  lowered operator()(const ast::chain& e);
  lowered operator()(const ast::between& e);
  lowered operator()(const ast::membership& e);
  lowered operator()(const ast::missing_test& e);
  lowered operator()(const ast::call& e);
  lowered operator()(const ast::aggregate& e);
  lowered operator()(const ast::table_cell& e);
  lowered operator()(const ast::graph_call& e);

 private:
  // Names (lower_name.cpp).
  lowered bare_name(const ast::identifier& name);
  lowered global_name(const ast::identifier& name);
  lowered subject_called(std::string_view name) const;
  lowered dotted_name(const ast::identifier& label, const ast::identifier& field);
  lowered field_of(const readable_event& event, const ast::identifier& field);
  bool is_out_of_reach(std::string_view label) const;
  lowered out_of_reach(const ast::identifier& label);
  lowered unknown_name(const ast::identifier& name);
  lowered unknown_event(const ast::identifier& event);
  lowered unknown_label(const ast::identifier& label);
  const readable_event* event_called(std::string_view label) const;

  // Operators.
  lowered combined(cep::expression left, ast::binary_operator op, cep::expression right, ast::located place);
  lowered logical(cep::expression left, ast::binary_operator op, cep::expression right, ast::located left_place,
                  ast::located right_place);
  bool is_condition(const cep::expression& e, ast::located place);

  // Lets (lower_let.cpp).
  lowered inlined(const ast::call& e, const declared_let& let);
  void note_reading(const ast::expression& given);
  let_argument event_argument(const ast::let_parameter& parameter, const ast::expression& given);
  let_argument value_argument(const ast::let_parameter& parameter, const ast::expression& given);

  // Events that expressions name (lower_event.cpp): a label, `prev(…)`, the first or last of a run.
  bool names_event(const ast::expression& e) const;
  bool names_event(const ast::name& e) const;
  std::optional<readable_event> event_of(const ast::expression& e);
  std::optional<readable_event> event_of(const ast::aggregate& e);
  std::optional<readable_event> end_of_run(const ast::aggregate& e);
  std::optional<readable_event> previous(const ast::aggregate& e);
  const readable_event* labelled(std::string_view label) const;
  const readable_event* run_of(const ast::aggregate& e);
  lowered field_of_event(const readable_event& event, const ast::aggregate& e);

  // Aggregates (lower_aggregate.cpp).
  lowered over_window(const ast::aggregate& e);
  lowered over_run(const ast::aggregate& e);
  struct function_asked {
    cep::aggregate_function function = cep::aggregate_function::count;
    double parameter = 0;
  };
  std::optional<function_asked> function_of(const ast::aggregate& e);
  std::optional<double> rank_of(const ast::aggregate& e);
  std::optional<cep::window> window_of(const ast::window& w);
  std::optional<cep::event_filter> filter_of(const ast::aggregate& e, const declared_event& event);
  std::optional<cep::value_type> type_of(cep::aggregate_function f, const cep::value_type& field,
                                         const ast::aggregate& e, const std::string& event);
  bool may_be_correlated(const cep::event_filter& events, const cep::window& window, const ast::aggregate& e);
  bool aggregates_may_stand(const ast::aggregate& e);
  lowered enter(cep::aggregate aggregate, std::string name);
  std::string written(const ast::located& e) const;

  // Functions (lower_function.cpp).
  lowered text_function(const ast::call& e, cep::operation op, std::size_t arguments);
  lowered absolute(const ast::call& e);
  lowered rounded(const ast::call& e);
  lowered coalesced(const ast::call& e);
  lowered counted_in(const ast::call& e, stream::duration unit);
  lowered distance(const ast::call& e);
  lowered distance_of_events(const ast::call& e);
  lowered degrees(const ast::expression& e);
  lowered scored(const ast::call& e);
  const declared_model* model_of(const ast::expression& e);
  bool has_arguments(const ast::call& e, std::size_t least, std::size_t most);
  lowered function(const ast::call& e);
  bool is_pattern(const cep::expression& e, const ast::expression& place);

  // Tables and blocks of addresses (lower_membership.cpp).
  lowered in_list(const ast::membership& e, cep::expression operand, const declared_list& list);
  lowered in_block(const ast::membership& e, cep::expression operand, const ast::text_literal& block);
  lowered key_of(const ast::identifier& name, const declared_table& table, cep::expression given, ast::located place);

  // Graphs (lower_graph.cpp).
  class graph_arguments;
  lowered placed(cep::expression call, const ast::graph_call& e);

  lowered from(std::expected<cep::expression, type_mismatch> result, ast::located place);
  lowered complain(ast::located place, std::string message, std::string hint = {});
  /// For a name that is declared nowhere.
  lowered complain_unknown(ast::located place, std::string message, std::string hint);
  std::pair<source_span, std::string> shown(ast::located place, std::string message) const;
  const stream::schema& schema() const { return work_.names.schema; }

  const scope& scope_;
  workplace& work_;
};

/// The param's constant, worked out when first asked for.
lowered constant_of(declared_param& param, std::string_view name, workplace& work);

/// Sets params to what stands in `texts`, and checks all params. Each text becomes a file that findings point into.
void check_params(const std::map<std::string, std::string>& texts, workplace& work);

/// Checks the let by itself, once; false if it is in error.
bool check_let(declared_let& let, workplace& work);

}  // namespace weir::rules
