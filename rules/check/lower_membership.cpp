#include <algorithm>

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
  if (const auto list = work_.names.lists.find(name.name); list != work_.names.lists.end()) {
    const bool good = operand && list->second.state != checked::in_error;
    return good ? in_list(e, *std::move(operand), list->second) : std::nullopt;
  }
  if (const auto table = work_.names.tables.find(name.name); table != work_.names.tables.end()) {
    auto key = operand ? key_of(name, table->second, *std::move(operand), e.operand) : std::nullopt;
    return key ? lowered(question(operation::in_table, *std::move(key), table->second.index)) : std::nullopt;
  }
  auto candidates = names_of(work_.names.lists);
  std::ranges::copy(names_of(work_.names.tables), std::back_inserter(candidates));
  return complain_unknown(name, "there is no list " + quoted(name.name), did_you_mean(name.name, candidates));
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
  auto given = lower(e.key);
  const auto found = work_.names.tables.find(e.table.name);
  if (found == work_.names.tables.end()) {
    return complain_unknown(e.table, "there is no table " + quoted(e.table.name),
                            did_you_mean(e.table.name, names_of(work_.names.tables)));
  }
  const auto& table = found->second;
  const auto column = std::ranges::find(table.columns, e.column.name, &stream::field::name);
  if (column == table.columns.end()) {
    if (table.in_error.contains(e.column.name)) return std::nullopt;
    std::vector<std::string> columns;
    for (const auto& known : table.columns) columns.push_back(known.name);
    return complain(e.column, "the table " + quoted(e.table.name) + " has no column " + quoted(e.column.name),
                    did_you_mean(e.column.name, columns));
  }
  auto key = given ? key_of(e.table, table, *std::move(given), e.key) : std::nullopt;
  if (!key) return std::nullopt;
  auto result = question(operation::table_field, *std::move(key), table.index);
  result.type = cep::type_of(column->type);
  result.field = static_cast<stream::field_id>(column - table.columns.begin());
  return result;
}

// What a row is looked up by. Keys that are numbers are whole ones.
lowered expression_lowering::key_of(const ast::identifier& name, const declared_table& table, cep::expression given,
                                    ast::located place) {
  if (table.state == checked::in_error) return std::nullopt;
  auto key = from(literal_as(std::move(given), table.key), place);
  if (!key) return std::nullopt;
  if (same_sort(key->type, table.key) && key->type.kind == table.key.kind && key->type.digits == table.key.digits) {
    return key;
  }
  return complain(place, "the keys of " + quoted(name.name) + " are of another type: each is " +
                             noun(table.key, schema()) + ", and this is " + noun(key->type, schema()));
}

}  // namespace weir::rules
