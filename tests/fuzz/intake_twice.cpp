#include "intake_twice.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <tuple>

#include "stream/framer.hpp"

namespace weir::testing {

namespace {

using namespace weir::stream;

schema fuzz_schema() {
  schema types;
  const field_type card{.kind = type_kind::entity, .entity = types.add_entity("card")};
  const field_type money{.kind = type_kind::money, .currency = *find_currency("EUR")};
  const auto of = [](type_kind kind) { return field_type{.kind = kind}; };
  const auto maybe = [](std::string name, field_type type) {
    return field{.name = std::move(name), .type = type, .optional = true};
  };
  types.add({.name = "a",
             .fields = {maybe("b", of(type_kind::boolean)), maybe("i", of(type_kind::integer)),
                        maybe("f", of(type_kind::floating)), maybe("d", of(type_kind::decimal)), maybe("m", money),
                        maybe("t", of(type_kind::text)), maybe("w", of(type_kind::time)),
                        maybe("s", of(type_kind::duration)), maybe("ip", of(type_kind::ip)), maybe("c", card)}});
  types.add({.name = "n", .fields = {{.name = "c", .type = card}, {.name = "m", .type = money}}});
  return types;
}

bool same(const intake_outcome& a, const intake_outcome& b) {
  const auto equal = [](const set_aside_record& x, const set_aside_record& y) {
    return std::tie(x.kind, x.line, x.byte, x.reason, x.record) == std::tie(y.kind, y.line, y.byte, y.reason, y.record);
  };
  return a.rows == b.rows && std::ranges::equal(a.aside, b.aside, equal);
}

/// Reads one byte of the input as a number from 1 on.
std::size_t pick(std::string_view bytes, std::size_t place) {
  return 1 + (bytes.empty() ? 0 : static_cast<unsigned char>(bytes[place % bytes.size()]) % 61);
}

intake_outcome run(std::string_view bytes, record_syntax syntax, bool in_pieces) {
  const schema types = fuzz_schema();
  symbols names(types);
  source_options source{.name = "fuzz", .format = {}, .lateness = std::chrono::milliseconds{3}};
  source.format.syntax = syntax;
  if (pick(bytes, bytes.size() / 2) % 2 == 0) source.format.event = event_type_id{0};
  intake in(types, names, {source});
  record_framer framer(syntax, source_id{});
  intake_outcome found;
  const auto take = [&](std::size_t rows_max) {
    while (const auto rows = in.next(rows_max, found.aside)) {
      for (const row_ref row : rows->order()) found.rows.push_back(rows->from(row).position);
    }
  };
  for (std::size_t begin = 0; begin < bytes.size();) {
    const std::size_t size = in_pieces ? pick(bytes, begin) : bytes.size();
    if (auto made = framer.push(bytes.substr(begin, size), found.aside)) in.feed(source_id{}, std::move(*made));
    if (in_pieces) take(pick(bytes, begin + 1));
    begin += size;
  }
  if (auto made = framer.finish()) in.feed(source_id{}, std::move(*made));
  in.end(source_id{});
  take(in_pieces ? 3 : 1'000'000);
  return found;
}

}  // namespace

intake_outcome intake_twice(const std::uint8_t* bytes, std::size_t size, record_syntax syntax) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  intake_outcome whole = run(text, syntax, false);
  if (!same(whole, run(text, syntax, true))) std::abort();
  return whole;
}

}  // namespace weir::testing
