#include "cep/expression.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace weir::cep {

namespace {

void collect_conjuncts(const expression& condition, std::vector<expression>& into) {
  if (condition.op != operation::logical_and) {
    if (!is_always(condition)) into.push_back(condition);
    return;
  }
  for (const expression& side : condition.args) collect_conjuncts(side, into);
}

std::string_view name_of(operation op) {
  switch (op) {
    case operation::literal: return "literal";
    case operation::field: return "field";
    case operation::bound_field: return "bound";
    case operation::first_field: return "first-bound";
    case operation::over_run: return "over-run";
    case operation::subject: return "subject";
    case operation::aggregate: return "aggregate";
    case operation::span: return "span";
    case operation::negate: return "neg";
    case operation::add: return "+";
    case operation::subtract: return "-";
    case operation::multiply: return "*";
    case operation::divide: return "/";
    case operation::equal: return "=";
    case operation::not_equal: return "!=";
    case operation::less: return "<";
    case operation::less_equal: return "<=";
    case operation::greater: return ">";
    case operation::greater_equal: return ">=";
    case operation::logical_and: return "and";
    case operation::logical_or: return "or";
    case operation::logical_not: return "not";
    case operation::in_list: return "in";
    case operation::in_subnet: return "in-subnet";
    case operation::table_field: return "table";
    case operation::in_table: return "in-table";
    case operation::score: return "score";
    case operation::is_missing: return "is-missing";
    case operation::or_default: return "??";
    case operation::lower: return "lower";
    case operation::upper: return "upper";
    case operation::starts_with: return "starts-with";
    case operation::ends_with: return "ends-with";
    case operation::contains: return "contains";
    case operation::matches: return "matches";
    case operation::length: return "length";
    case operation::absolute: return "abs";
    case operation::round: return "round";
    case operation::graph_call: return "graph";
    case operation::this_event: return "this-event";
    case operation::bound_event: return "bound-event";
    case operation::first_event: return "first-event";
    case operation::distance_km: return "distance-km";
  }
  std::unreachable();
}

// Quoted so that no text can be taken for something else.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out += '"';
}

struct constant_text {
  std::string operator()(bool b) const { return b ? "true" : "false"; }
  std::string operator()(int128 n) const { return to_text(n, 0); }
  std::string operator()(double d) const {
    std::array<char, 32> buffer{};
    return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), d).ptr};
  }
  std::string operator()(const std::string& text) const { return quoted(text); }
  std::string operator()(const stream::ip_address& ip) const { return stream::to_text(ip); }
};

std::string type_text(const value_type& type) {
  static constexpr std::array kinds{"bool", "exact", "real", "text", "entity", "ip"};
  static constexpr std::array units{"", "money", "duration", "time"};
  std::string out = kinds[static_cast<std::size_t>(type.kind)];
  if (type.kind == value_kind::exact) out += std::to_string(type.digits);
  if (type.kind == value_kind::entity) out += std::to_string(static_cast<int>(type.entity));
  if (type.unit != unit::none) out += std::string{":"} + units[static_cast<std::size_t>(type.unit)];
  if (type.unit == unit::money) out += std::string{"("} + std::string{stream::code_of(type.currency)} + ")";
  return out;
}

std::string field_text(stream::field_id field) {
  return field == at_field ? "at" : "#" + std::to_string(static_cast<int>(field));
}

// What a node says besides its operation and its arguments.
std::string details_of(const expression& e) {
  const std::string index = " " + std::to_string(e.index);
  switch (e.op) {
    case operation::field: return " " + field_text(e.field);
    case operation::bound_field:
    case operation::first_field:
    case operation::table_field: return index + " " + field_text(e.field);
    case operation::over_run: {
      const bool ranked = e.function == aggregate_function::percentile;
      const std::string parameter = ranked ? " " + constant_text{}(e.parameter) : "";
      return " " + std::string{name_of(e.function)} + parameter + index + " " + field_text(e.field);
    }
    case operation::graph_call: return " " + to_text(*e.question);
    case operation::bound_event:
    case operation::first_event:
    case operation::subject:
    case operation::aggregate:
    case operation::in_list:
    case operation::in_table:
    case operation::score:
    case operation::round: return index;
    default: return "";
  }
}

}  // namespace

std::string_view name_of(aggregate_function function) {
  static constexpr std::array names{"count", "sum",  "avg",    "min",        "max",     "distinct",
                                    "first", "last", "stddev", "percentile", "previous"};
  return names[static_cast<std::size_t>(function)];
}

expression always() { return {}; }

bool is_always(const expression& e) {
  const bool* constant = std::get_if<bool>(&e.constant);
  return e.op == operation::literal && constant != nullptr && *constant;
}

expression both(expression a, expression b) {
  if (is_always(a)) return b;
  if (is_always(b)) return a;
  expression joined{.op = operation::logical_and, .type = {.kind = value_kind::boolean}};
  joined.args.push_back(std::move(a));
  joined.args.push_back(std::move(b));
  return joined;
}

std::vector<expression> conjuncts(const expression& condition) {
  std::vector<expression> found;
  collect_conjuncts(condition, found);
  return found;
}

bool is_local(const expression& condition) {
  switch (condition.op) {
    case operation::bound_field:
    case operation::first_field:
    case operation::over_run:
    case operation::subject:
    case operation::aggregate:
    case operation::graph_call:
    case operation::bound_event:
    case operation::first_event:
    case operation::span: return false;
    default: return std::ranges::all_of(condition.args, is_local);
  }
}

std::string to_text(const expression& e) {
  if (e.op == operation::literal) return std::visit(constant_text{}, e.constant) + ":" + type_text(e.type);
  std::string out = "(";
  out += name_of(e.op);
  out += details_of(e);
  for (const expression& arg : e.args) out += " " + to_text(arg);
  return out + "):" + type_text(e.type);
}

}  // namespace weir::cep
