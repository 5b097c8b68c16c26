#pragma once

#include <string>

#include "tests/support/naive_evaluator.hpp"

namespace weir::testing {

/// Whether a value, not missing, is the one that an entry of a list or a table's key writes. Of addresses an entry may
/// be a block: "10.0.0.0/8".
bool is_written(const naive_value& v, const cep::value_type& type, const std::string& text);

/// Whether the first `bits` bits of an address are those of `block`; a block of IPv4 holds addresses of IPv4 alone.
bool is_in_block(const stream::ip_address& address, const stream::ip_address& block, int bits);

}  // namespace weir::testing
