#include "rules/check/lower_expression.hpp"
#include "rules/syntax/parse.hpp"

namespace weir::rules {
namespace {

// A param's value may be worked out from literals and other params: it reads nothing else.
lowered constant_value(const ast::expression& value, std::uint32_t file, workplace& work) {
  const scope nowhere{.file = file};
  auto result = expression_lowering(nowhere, work).lower(value);
  if (!result) return std::nullopt;
  if (is_literal(*result)) return result;
  work.found.error(span_of(file, value), "a param is a constant", "write a number, a text, a duration, true or false");
  return std::nullopt;
}

bool is_written_out(const ast::expression& value) {
  if (const auto* sign = boost::get<ast::x3::forward_ast<ast::unary>>(&value)) {
    return is_written_out(sign->get().operand);
  }
  return boost::get<ast::number_literal>(&value) != nullptr || boost::get<ast::duration_literal>(&value) != nullptr ||
         boost::get<ast::text_literal>(&value) != nullptr || boost::get<ast::boolean_literal>(&value) != nullptr;
}

void override_param(const std::string& name, const std::string& text, workplace& work) {
  const auto file = static_cast<std::uint32_t>(work.files.size());
  work.files.push_back({"param " + name, text});
  const source_span whole{file, 0, static_cast<std::uint32_t>(text.size())};
  const auto param = work.names.params.find(name);
  if (param == work.names.params.end()) {
    return work.found.unknown(whole, "there is no param " + quoted(name),
                              did_you_mean(name, names_of(work.names.params)));
  }
  const auto tree = parse_expression(text, file, 0, work.found.list());
  if (!tree) return;
  if (!is_written_out(*tree)) {
    return work.found.error(whole, "a param is set to a number, a text, a duration, true or false",
                            "a text stands in quotes: \"" + text + "\"");
  }
  if (auto value = constant_value(*tree, file, work)) param->second.set_to = param_setting{*std::move(value), whole};
}

}  // namespace

lowered constant_of(declared_param& param, std::string_view name, workplace& work) {
  if (param.state == checked::underway) {
    work.found.error(param.where, "the param " + quoted(name) + " is defined by itself");
    param.state = checked::in_error;
  }
  if (param.state == checked::in_error) return std::nullopt;
  if (param.state == checked::good) return param.constant;
  param.state = checked::underway;
  auto value = constant_value(param.tree->value, param.where.file, work);
  if (!value || param.state == checked::in_error) {
    param.state = checked::in_error;
    return std::nullopt;
  }
  param.constant = *std::move(value);
  if (param.set_to && same_sort(param.set_to->value.type, param.constant.type)) {
    param.constant = param.set_to->value;
  } else if (param.set_to) {
    work.found.error(param.set_to->where, "the param " + quoted(name) + " is " +
                                              noun(param.constant.type, work.names.schema) + ", not " +
                                              noun(param.set_to->value.type, work.names.schema));
  }
  param.state = checked::good;
  return param.constant;
}

void check_params(const std::map<std::string, std::string>& texts, workplace& work) {
  for (const auto& [name, text] : texts) override_param(name, text, work);
  for (auto& [name, param] : work.names.params) constant_of(param, name, work);
}

}  // namespace weir::rules
