#include "apps/generate/payments.hpp"

#include "apps/generate/random.hpp"

namespace weir::generate {
namespace {

constexpr std::uint64_t draws_an_event = 4;

std::int64_t amount_of(std::uint64_t part, std::uint64_t z) {
  if (part < 2) return static_cast<std::int64_t>(1 + z % 199);
  if (part == 2) return static_cast<std::int64_t>(50'001 + z % 40'000);
  return static_cast<std::int64_t>(200 + z % 49'801);
}

}  // namespace

payment payment_at(std::uint64_t seed, std::uint64_t index) {
  // The generator's state moves by a constant, so it can begin at any event.
  random_bits bits(seed + index * draws_an_event * random_bits::step);
  payment p{.at_ms = static_cast<std::int64_t>(index), .id = index};
  p.card = static_cast<std::uint32_t>(bits.next() % 100'000);
  const std::uint64_t part = bits.next() % 10;
  p.cents = amount_of(part, bits.next());
  p.merchant = static_cast<std::uint32_t>(bits.next() % 1'000);
  return p;
}

void append_line(std::string& out, const payment& p, line_format format) {
  line_builder line(out, format);
  line.number("at", static_cast<std::uint64_t>(p.at_ms));
  line.text("id", {}, p.id);
  line.text("card", {}, p.card);
  line.text("merchant", {}, p.merchant);
  line.cents("amount", p.cents);
  line.end();
}

}  // namespace weir::generate
