#include "tests/support/plain_event.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace weir::testing {
namespace {

int digits_of(const stream::field_type& type) {
  switch (type.kind) {
    case stream::type_kind::money: return stream::minor_digits(type.currency);
    case stream::type_kind::decimal: return stream::decimal_digits;
    case stream::type_kind::time:
    case stream::type_kind::duration: return 6;
    default: return 0;
  }
}

struct value_text {
  const stream::field_type& type;

  std::string operator()(std::monostate) const { return "missing"; }
  std::string operator()(bool b) const { return b ? "true" : "false"; }
  std::string operator()(std::int64_t n) const { return number_text(n, digits_of(type)); }
  std::string operator()(double d) const { return fmt::format("{}", d); }
  std::string operator()(const std::string& s) const { return s; }
  std::string operator()(const stream::ip_address& a) const { return stream::to_text(a); }
};

}  // namespace

std::string number_text(std::int64_t number, int digits) {
  std::string text = fmt::format("{:0{}}", number < 0 ? -number : number, digits + 1);
  if (digits > 0) text.insert(text.size() - static_cast<std::size_t>(digits), ".");
  return (number < 0 ? "-" : "") + text;
}

void sort_by_stream_order(std::vector<plain_event>& events) {
  std::ranges::sort(events, [](const plain_event& a, const plain_event& b) {
    return std::tie(a.at, a.from) < std::tie(b.at, b.from);
  });
}

std::string to_text(const plain_event& event, const stream::schema& types) {
  const stream::event_type& type = types[event.type];
  std::string text = fmt::format("{} @ {}s ({}:{}) {{", type.name, number_text(event.at.time_since_epoch().count(), 6),
                                 static_cast<int>(event.from.source), event.from.position);
  for (std::size_t i = 0; i < event.fields.size(); ++i) {
    text += fmt::format("{} {}: {}", i ? "," : "", type.fields[i].name,
                        std::visit(value_text{type.fields[i].type}, event.fields[i]));
  }
  return text + " }";
}

}  // namespace weir::testing
