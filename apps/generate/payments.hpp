#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "apps/generate/label.hpp"
#include "apps/generate/lines.hpp"

namespace weir::generate {

/// A payment by card, as plain as the reference workload has it.
struct payment {
  std::int64_t at_ms = 0;
  std::uint64_t id = 0;
  std::uint32_t card = 0;
  std::uint32_t merchant = 0;
  std::int64_t cents = 0;
  label mark{};

  friend bool operator==(const payment&, const payment&) = default;
};

/// Payment `index` of the reference workload (docs/benchmarks): one a millisecond from 1970 on, 100,000 cards and
/// 1,000 merchants drawn evenly; of ten, two are below 2 EUR and one is above 500 EUR. Constant time for any index.
payment payment_at(std::uint64_t seed, std::uint64_t index);

inline constexpr std::string_view payment_header = "at,id,card,merchant,amount\n";

void append_line(std::string& out, const payment& p, line_format format);

}  // namespace weir::generate
