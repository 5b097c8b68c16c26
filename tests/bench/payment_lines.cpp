#include "tests/bench/payment_lines.hpp"

#include <cstdint>

namespace weir::bench {

namespace {

std::string euros(std::int64_t cents) {
  std::string text = std::to_string(cents / 100) + '.' + std::to_string(100 + cents % 100).substr(1);
  return text.ends_with('0') ? text.substr(0, text.size() - 1) : text;
}

}  // namespace

std::string record_of(const testing::payment& p, stream::record_syntax syntax) {
  const std::string number = std::to_string(p.number);
  const std::string card = std::to_string(p.card);
  const std::string merchant = std::to_string(p.merchant);
  if (syntax == stream::record_syntax::csv) {
    return number + ',' + number + ',' + card + ',' + merchant + ',' + euros(p.cents) + '\n';
  }
  return R"({"at":)" + number + R"(,"id":")" + number + R"(","card":")" + card + R"(","merchant":")" + merchant +
         R"(","amount":)" + euros(p.cents) + "}\n";
}

}  // namespace weir::bench
