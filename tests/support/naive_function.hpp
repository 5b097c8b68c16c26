#pragma once

#include <vector>

#include "cep/expression.hpp"
#include "tests/support/naive_evaluator.hpp"

namespace weir::testing {

/// A function over several values, none of them missing, oldest first.
struct naive_function {
  cep::aggregate_function function{};
  cep::value_type result;
  int surplus = 0;       // digits of the values that the unit's smallest part does not have
  double parameter = 0;  // of percentile

  naive_value operator()(const std::vector<naive_value>& values) const;
};

/// Of a decimal's values eight; all other numbers count their unit's smallest part.
int surplus_digits(const stream::schema& types, stream::event_type_id type, stream::field_id field);

double power_of_ten(int power);

}  // namespace weir::testing
