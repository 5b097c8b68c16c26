#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cep/pattern.hpp"
#include "stream/schema.hpp"

// Patterns by hand, for tests that must not lean on the rule compiler.
namespace weir::testing {

/// The type that reading a field gives, written down here once more, apart from `cep`.
cep::value_type value_type_of(const stream::field_type& field);

cep::expression constant(cep::constant_value value, cep::value_type type);
cep::expression constant(std::int64_t number);
cep::expression money(std::int64_t minor_units, stream::currency_id currency);
cep::expression text(std::string value);
cep::expression moment(stream::duration since_1970);
cep::expression truth(cep::operation op, cep::expression a, cep::expression b);  // a comparison, `and`, `or`
cep::expression truth(cep::operation op, cep::expression a);                     // `not`, `is missing`
cep::expression arithmetic(cep::operation op, cep::value_type type, cep::expression a, cep::expression b);
cep::expression aggregate_value(const cep::pattern& p, std::uint16_t index);

/// Names fields of one event type: `fields(types, "payment")["amount"]`.
class fields {
 public:
  fields(const stream::schema& types, std::string_view event) : types_(types), type_(*types.find(event)) {}

  stream::event_type_id type() const { return type_; }
  stream::field_id operator[](std::string_view name) const { return *types_[type_].find(name); }
  cep::expression here(std::string_view name) const { return read(cep::operation::field, 0, name); }
  cep::expression bound(std::uint16_t step, std::string_view name) const {
    return read(cep::operation::bound_field, step, name);
  }
  cep::expression first_of(std::uint16_t step, std::string_view name) const {
    return read(cep::operation::first_field, step, name);
  }
  cep::expression over_run(cep::aggregate_function function, std::uint16_t step, std::string_view name) const;
  cep::event_filter where(std::string_view key, cep::expression condition = cep::always()) const;

 private:
  cep::expression read(cep::operation op, std::uint16_t step, std::string_view name) const;

  const stream::schema& types_;
  stream::event_type_id type_;
};

/// Steps with a quantity: `least` and `most` of them, or without `most` the longest run.
cep::step run_of(cep::step s, std::uint32_t least, std::optional<std::uint32_t> most = std::nullopt);
cep::step some(cep::step s);
/// `within D of` the step numbered `of`.
cep::step in_time(cep::step s, stream::duration within, std::uint16_t of);

cep::step_group all_of(std::vector<cep::step> members);
cep::step_group one_of(std::vector<cep::step> members);
cep::step_group optional(cep::step_group group);
cep::step_group optional(cep::step s);
cep::step_group next(cep::step_group group);
cep::step_group next(cep::step s);

/// A body of steps, groups and absences.
using body_part = std::variant<cep::step, cep::step_group, cep::absence>;
std::vector<std::variant<cep::step_group, cep::absence>> parts_of(std::vector<body_part> parts);

}  // namespace weir::testing
