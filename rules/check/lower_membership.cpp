#include "cep/references.hpp"
#include "rules/check/lower_expression.hpp"

namespace weir::rules {
namespace {

using cep::operation;

cep::expression question(operation op, cep::expression operand, std::uint16_t index = 0) {
  cep::expression e;
  e.op = op;
  e.type = boolean_type;
  e.index = index;
  e.args.push_back(std::move(operand));
  return e;
}

}  // namespace

lowered expression_lowering::operator()(const ast::membership& e) {
  auto operand = lower(e.operand);
  if (const auto* block = boost::get<ast::text_literal>(&e.within.get())) {
    return operand ? in_block(e, *std::move(operand), *block) : std::nullopt;
  }
  const auto& name = boost::get<ast::identifier>(e.within.get());
  const auto list = work_.names.lists.find(name.name);
  if (list != work_.names.lists.end()) {
    return operand && list->second.state != checked::in_error ? in_list(e, *std::move(operand), list->second)
                                                              : std::nullopt;
  }
  return complain_unknown(name, "there is no list " + quoted(name.name),
                          did_you_mean(name.name, names_of(work_.names.lists)));
}

lowered expression_lowering::in_list(const ast::membership& e, cep::expression given, const declared_list& list) {
  auto operand = from(literal_as(std::move(given), list.type), e.operand);
  if (!operand) return std::nullopt;
  // Lists of numbers are lists of ints: a number with digits after the point is in none of them.
  if (!same_sort(operand->type, list.type) || operand->type.digits != list.type.digits ||
      operand->type.kind != list.type.kind) {
    const auto name = quoted(boost::get<ast::identifier>(e.within.get()).name);
    return complain(e, noun(operand->type, schema()) + " can't be in " + name,
                    name + " is a list of " + list.type_name);
  }
  return question(operation::in_list, *std::move(operand), list.index);
}

// `x in "10.0.0.0/8"`.
lowered expression_lowering::in_block(const ast::membership& e, cep::expression operand,
                                      const ast::text_literal& written) {
  if (operand.type.kind != cep::value_kind::ip) {
    return complain(e, noun(operand.type, schema()) + " can't be in a block of addresses",
                    operand.type.kind == cep::value_kind::text
                        ? "to look for a part of a text write contains(TEXT, \"part\")"
                        : "");
  }
  const auto block = cep::parse_block(written.value);
  if (!block) {
    return complain(written, "\"" + written.value + "\" is not a block of ip addresses",
                    "write an address and how many of its bits count: \"10.0.0.0/8\", \"2001:db8::/32\"");
  }
  const auto address = stream::parse_ip(std::string_view(written.value).substr(0, written.value.find('/')));
  if (*address != block->base) {
    const auto bits = written.value.substr(written.value.find('/'));
    return complain(written, "\"" + written.value + "\" names one address within a block",
                    "the block is \"" + stream::to_text(block->base) + bits + "\"");
  }
  auto result = question(operation::in_subnet, std::move(operand));
  result.args.push_back(literal({.kind = cep::value_kind::ip}, block->base));
  result.args.push_back(literal(count_type, cep::int128{block->bits}));
  return result;
}

// `clients[acct].country`.
lowered expression_lowering::operator()(const ast::table_cell& e) {
  lower(e.key);
  return complain_unknown(e.table, "there is no table " + quoted(e.table.name), {});
}

lowered expression_lowering::operator()(const ast::graph_call& e) {
  return complain(e, "functions of a graph are not in this version yet");
}

}  // namespace weir::rules
