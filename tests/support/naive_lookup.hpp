#pragma once

#include <string>

#include "tests/support/naive_evaluator.hpp"

namespace weir::testing {

/// Whether a value, not missing, is the one that an entry of a list or a table's key writes. Of addresses an entry may
/// be a block: "10.0.0.0/8".
bool is_written(const naive_value& v, const cep::value_type& type, const std::string& text);

/// Whether the first `bits` bits of an address's sixteen bytes are those of a block. An IPv4 address a.b.c.d is kept as
/// ::ffff:a.b.c.d; it is in no block of version 6.
bool is_in_block(const stream::ip_address& address, const stream::ip_address& block, int bits);

}  // namespace weir::testing
