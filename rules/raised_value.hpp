#pragma once

#include "cep/value.hpp"
#include "stream/table.hpp"

namespace weir::rules {

/// Appends the value of an expression to the column of a raised event's field. Numbers are rounded to the field's
/// digits, halves away from zero; what is too large for it is missing.
void push_raised(stream::column& into, const stream::field& field, const cep::value& v, const cep::value_type& type,
                 const stream::symbols& names);

}  // namespace weir::rules
