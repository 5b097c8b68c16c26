#include "sample.hpp"

#include "stream/currency.hpp"
#include "stream/time.hpp"

namespace weir::testing {

using namespace weir::stream;

schema sample_schema() {
  schema types;
  const field_type card{.kind = type_kind::entity, .entity = types.add_entity("card")};
  const field_type account{.kind = type_kind::entity, .entity = types.add_entity("account")};
  const field_type text{.kind = type_kind::text};
  const field_type eur{.kind = type_kind::money, .currency = *find_currency("EUR")};
  const field_type yen{.kind = type_kind::money, .currency = *find_currency("JPY")};
  types.add({.name = "payment",
             .fields = {{.name = "id", .type = text},
                        {.name = "card", .type = card},
                        {.name = "merchant", .type = text, .interned = true},
                        {.name = "amount", .type = eur}}});
  types.add({.name = "login", .fields = {{.name = "user", .type = account}, {.name = "ok", .type = {}}}});
  const auto maybe = [](std::string name, field_type type, bool interned = false) {
    return field{.name = std::move(name), .type = type, .optional = true, .interned = interned};
  };
  types.add({.name = "thing",
             .fields = {maybe("flag", {.kind = type_kind::boolean}), maybe("count", {.kind = type_kind::integer}),
                        maybe("real", {.kind = type_kind::floating}), maybe("exact", {.kind = type_kind::decimal}),
                        maybe("eur", eur), maybe("yen", yen), maybe("note", text), maybe("tag", text, true),
                        maybe("seen", {.kind = type_kind::time}), maybe("span", {.kind = type_kind::duration}),
                        maybe("ip", {.kind = type_kind::ip}), maybe("card", card)}});
  return types;
}

namespace {

std::string describe_value(const column& values, std::size_t row, const field& described, const symbols& names) {
  if (!values.present(row)) return "-";
  switch (described.type.kind) {
    case type_kind::boolean: return values.boolean(row) ? "true" : "false";
    case type_kind::floating: return std::to_string(values.real(row));
    case type_kind::time: return to_rfc3339(timestamp{duration{values.number(row)}});
    case type_kind::duration: return to_text(duration{values.number(row)});
    case type_kind::ip: return to_text(values.address(row));
    case type_kind::entity: return std::string{names.of(described.type)[values.id(row)]};
    case type_kind::text: return std::string{described.interned ? names.texts()[values.id(row)] : values.text(row)};
    default: return std::to_string(values.number(row));
  }
}

}  // namespace

std::string describe(const batch& rows, row_ref row, const schema& types, const symbols& names) {
  const event_type& type = types[row.type];
  const origin from = rows.from(row);
  std::string line = type.name + ' ' + to_rfc3339(rows.at(row)) + " s" +
                     std::to_string(static_cast<unsigned>(from.source)) + '@' + std::to_string(from.position);
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    const auto& values = rows[row.type][static_cast<field_id>(i)];
    line += ' ' + type.fields[i].name + '=' + describe_value(values, row.row, type.fields[i], names);
  }
  return line;
}

}  // namespace weir::testing
