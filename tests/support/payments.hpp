#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "stream/batch.hpp"

namespace weir::testing {

/// One event of the Payments workload. Its time is its number in milliseconds, and its id that number.
struct payment {
  std::uint64_t number = 0;
  std::uint32_t card = 0;
  std::uint32_t merchant = 0;
  std::int64_t cents = 0;
};

/// The Payments workload: random but always the same. Seed 42 and 100,000 cards are those whose counts are known.
class payments {
 public:
  explicit payments(std::uint64_t seed = 42, std::uint32_t cards = 100'000) : state_(seed), cards_(cards) {}
  payment next();

 private:
  std::uint64_t draw();

  std::uint64_t state_;
  std::uint32_t cards_;
  std::uint64_t number_ = 0;
};

/// Payments as a batch, its watermark the time of the payment that comes after them. `types` are those of the
/// workload's rules.
stream::batch batch_of(std::span<const payment> made, const stream::schema& types, stream::symbols& names);

/// The next `rows` payments as a batch.
stream::batch next_batch(payments& from, std::size_t rows, const stream::schema& types, stream::symbols& names);

/// The four rules of the workload, r1 to r4, with what they declare.
std::string payments_rules();

}  // namespace weir::testing
