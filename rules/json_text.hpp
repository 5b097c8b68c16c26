#pragma once

#include <string>
#include <string_view>

#include "cep/value.hpp"

namespace weir::rules {

/// Appends `text` as a JSON string. `text` is UTF-8.
void append_json_text(std::string& out, std::string_view text);

/// Appends a value as JSON: numbers in full digits, money without its currency, times and durations as texts.
void append_json_value(std::string& out, const cep::value& v, const cep::value_type& type,
                       const stream::symbols& names);

}  // namespace weir::rules
