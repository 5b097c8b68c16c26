#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cep/value.hpp"

namespace weir::rules {

/// Everything here appends to a line of JSON that is being written.

/// `text`, which is UTF-8, as a JSON string.
void append_json_text(std::string& out, std::string_view text);

void append_json_number(std::string& out, std::int64_t number);
void append_json_number(std::string& out, std::uint64_t number);

/// A time in quotes, as RFC 3339.
void append_json_time(std::string& out, stream::timestamp t);

/// A value: numbers in full digits, money without its currency, times and durations as texts.
void append_json_value(std::string& out, const cep::value& v, const cep::value_type& type,
                       const stream::symbols& names);

}  // namespace weir::rules
