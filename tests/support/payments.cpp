#include "tests/support/payments.hpp"

#include <chrono>
#include <vector>

namespace weir::testing {
namespace {

stream::timestamp time_of(std::uint64_t number) {
  return stream::timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(number)));
}

void push_text(stream::column& column, const stream::field& field, std::uint64_t number, stream::symbols& names) {
  const std::string text = std::to_string(number);
  const bool interned = field.interned || field.type.kind == stream::type_kind::entity;
  interned ? column.push_id(names.of(field.type).intern(text)) : column.push_text(text);
}

}  // namespace

// splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
std::uint64_t payments::draw() {
  state_ += 0x9E3779B97F4A7C15;
  std::uint64_t z = state_;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
  z = (z ^ z >> 27) * 0x94D049BB133111EB;
  return z ^ z >> 31;
}

payment payments::next() {
  payment made{.number = number_++, .card = static_cast<std::uint32_t>(draw() % cards_)};
  const std::uint64_t p = draw() % 10;
  const std::uint64_t z = draw();
  made.merchant = static_cast<std::uint32_t>(draw() % 1'000);
  made.cents = static_cast<std::int64_t>(p < 2 ? 1 + z % 199 : p == 2 ? 50'001 + z % 40'000 : 200 + z % 49'801);
  return made;
}

stream::batch batch_of(std::span<const payment> made, const stream::schema& types, stream::symbols& names) {
  const stream::event_type_id type = *types.find("payment");
  const stream::event_type& described = types[type];
  const auto id = *described.find("id");
  const auto card = *described.find("card");
  const auto merchant = *described.find("merchant");
  stream::batch batch(types);
  stream::table& table = batch[type];
  std::uint32_t row = 0;
  for (const payment& p : made) {
    push_text(table[id], described[id], p.number, names);
    push_text(table[card], described[card], p.card, names);
    push_text(table[merchant], described[merchant], p.merchant, names);
    table[*described.find("amount")].push_number(p.cents);
    table.close_row(time_of(p.number), {stream::source_id{0}, p.number});
    batch.append_to_order({type, row++});
  }
  batch.set_watermark(time_of(made.back().number + 1));
  return batch;
}

stream::batch next_batch(payments& from, std::size_t rows, const stream::schema& types, stream::symbols& names) {
  std::vector<payment> made;
  for (std::size_t row = 0; row < rows; ++row) made.push_back(from.next());
  return batch_of(made, types, names);
}

std::string payments_rules() {
  return R"(
entity card
event payment { at: time  id: text  card: card  merchant: text  amount: money(EUR) }

rule r1 for card {
  match small: payment where amount < 2 EUR
  then  large: payment where amount > 500 EUR and merchant != small.merchant
  within 10m
}
rule r2 for card {
  on payment
  when count(payment) over 10m > 8
}
rule r3 for card {
  match big: payment where amount > 800 EUR
  then  no payment within 30s
}
rule r4 for card {
  on p: payment
  when p.amount > 3 * avg(payment.amount) over prior 1h
   and count(payment) over prior 1h >= 5
}
)";
}

}  // namespace weir::testing
