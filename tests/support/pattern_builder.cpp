#include "tests/support/pattern_builder.hpp"

namespace weir::testing {

using cep::expression;
using cep::value_kind;
using cep::value_type;

value_type value_type_of(const stream::field_type& field) {
  using stream::type_kind;
  switch (field.kind) {
    case type_kind::boolean: return {.kind = value_kind::boolean};
    case type_kind::integer: return {.kind = value_kind::exact};
    case type_kind::floating: return {.kind = value_kind::real};
    case type_kind::decimal: return {.kind = value_kind::exact, .digits = 8};
    case type_kind::money: {
      const auto digits = static_cast<std::uint8_t>(stream::minor_digits(field.currency));
      return {.kind = value_kind::exact, .unit = cep::unit::money, .digits = digits, .currency = field.currency};
    }
    case type_kind::text: return {.kind = value_kind::text};
    case type_kind::time: return {.kind = value_kind::exact, .unit = cep::unit::time, .digits = 6};
    case type_kind::duration: return {.kind = value_kind::exact, .unit = cep::unit::duration, .digits = 6};
    case type_kind::ip: return {.kind = value_kind::ip};
    case type_kind::entity: return {.kind = value_kind::entity, .entity = field.entity};
  }
  return {};
}

expression constant(cep::constant_value value, value_type type) {
  return {.op = cep::operation::literal, .type = type, .constant = std::move(value)};
}

expression constant(std::int64_t number) { return constant(cep::int128{number}, {.kind = value_kind::exact}); }

expression money(std::int64_t minor_units, stream::currency_id currency) {
  return constant(cep::int128{minor_units},
                  value_type_of({.kind = stream::type_kind::money, .currency = currency, .entity = {}}));
}

expression text(std::string value) { return constant(std::move(value), {.kind = value_kind::text}); }

expression moment(stream::duration since_1970) {
  return constant(cep::int128{since_1970.count()}, {.kind = value_kind::exact, .unit = cep::unit::time, .digits = 6});
}

expression truth(cep::operation op, expression a, expression b) {
  return arithmetic(op, {}, std::move(a), std::move(b));
}

expression truth(cep::operation op, expression a) {
  expression e;
  e.op = op;
  e.args.push_back(std::move(a));
  return e;
}

expression arithmetic(cep::operation op, value_type type, expression a, expression b) {
  return {.op = op, .type = type, .args = {std::move(a), std::move(b)}};
}

expression aggregate_value(const cep::pattern& p, std::uint16_t index) {
  return {.op = cep::operation::aggregate, .type = p.aggregates[index].type, .index = index};
}

expression fields::read(cep::operation op, std::uint16_t step, std::string_view name) const {
  if (name == "at") {
    return {.op = op,
            .type = {.kind = value_kind::exact, .unit = cep::unit::time, .digits = 6},
            .index = step,
            .field = cep::at_field,
            .args = {}};
  }
  const stream::field_id field = (*this)[name];
  return {.op = op, .type = value_type_of(types_[type_][field].type), .index = step, .field = field};
}

expression fields::over_run(cep::aggregate_function function, std::uint16_t step, std::string_view name) const {
  using enum cep::aggregate_function;
  expression e = read(cep::operation::over_run, step, name);
  e.function = function;
  e.field_type = e.type;
  if (function == count || function == distinct) e.type = {.kind = value_kind::exact};
  if (function == avg || function == stddev || function == percentile) e.type.kind = value_kind::real;
  return e;
}

cep::event_filter fields::where(std::string_view key, expression condition) const {
  return {.type = type_, .keys = {(*this)[key]}, .where = std::move(condition)};
}

cep::step run_of(cep::step s, std::uint32_t least, std::optional<std::uint32_t> most) {
  s.count = {least, most};
  return s;
}
cep::step some(cep::step s) { return run_of(std::move(s), 1); }
cep::step in_time(cep::step s, stream::duration within, std::uint16_t of) {
  s.within = cep::time_since{within, of};
  return s;
}

cep::step_group all_of(std::vector<cep::step> members) { return {.steps = std::move(members)}; }
cep::step_group one_of(std::vector<cep::step> members) {
  return {.steps = std::move(members), .gathered = cep::step_group::gathering::one_of};
}
cep::step_group optional(cep::step_group group) {
  group.optional = true;
  return group;
}
cep::step_group optional(cep::step s) { return optional(all_of({std::move(s)})); }
cep::step_group next(cep::step_group group) {
  group.next = true;
  return group;
}
cep::step_group next(cep::step s) { return next(all_of({std::move(s)})); }

std::vector<std::variant<cep::step_group, cep::absence>> parts_of(std::vector<body_part> parts) {
  std::vector<std::variant<cep::step_group, cep::absence>> made;
  for (body_part& part : parts) {
    if (auto* step = std::get_if<cep::step>(&part)) {
      made.emplace_back(all_of({std::move(*step)}));
    } else if (auto* group = std::get_if<cep::step_group>(&part)) {
      made.emplace_back(std::move(*group));
    } else {
      made.emplace_back(std::get<cep::absence>(std::move(part)));
    }
  }
  return made;
}

}  // namespace weir::testing
