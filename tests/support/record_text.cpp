#include "tests/support/record_text.hpp"

#include <fmt/format.h>

namespace weir::testing {
namespace {

struct json_value {
  const stream::field_type& type;

  std::string operator()(std::monostate) const { return "null"; }
  std::string operator()(bool b) const { return b ? "true" : "false"; }
  std::string operator()(double d) const { return fmt::format("{}", d); }
  std::string operator()(const std::string& s) const { return "\"" + s + "\""; }
  std::string operator()(const stream::ip_address& a) const { return "\"" + stream::to_text(a) + "\""; }

  // Times and durations stand as milliseconds, money and decimals in whole units.
  std::string operator()(std::int64_t n) const {
    switch (type.kind) {
      case stream::type_kind::time:
      case stream::type_kind::duration: return number_text(n, 3);
      case stream::type_kind::decimal: return number_text(n, stream::decimal_digits);
      case stream::type_kind::money: return number_text(n, stream::minor_digits(type.currency));
      default: return number_text(n, 0);
    }
  }
};

}  // namespace

std::string ndjson_line(const plain_event& event, const stream::schema& types) {
  const stream::event_type& type = types[event.type];
  std::string line = fmt::format(R"({{"event":"{}","at":{})", type.name, event.at.time_since_epoch().count());
  for (std::size_t i = 0; i < event.fields.size(); ++i) {
    const stream::field& f = type.fields[i];
    line += fmt::format(R"(,"{}":{})", f.name, std::visit(json_value{f.type}, event.fields[i]));
  }
  return line + "}\n";
}

}  // namespace weir::testing
