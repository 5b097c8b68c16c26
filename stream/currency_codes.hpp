#pragma once

#include <string_view>
#include <vector>

namespace weir::stream {

/// The codes of all active currencies, in their order: for those who offer a choice.
std::vector<std::string_view> currency_codes();

}  // namespace weir::stream
