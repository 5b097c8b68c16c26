#pragma once

#include <string>
#include <string_view>

namespace weir::app {

/// `text` with every byte that is no part of well-formed UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

}  // namespace weir::app
