#pragma once

#include <string>
#include <string_view>

namespace weir::app {

/// True if the descriptor is a terminal that shows colours: not where NO_COLOR is set or TERM is "dumb".
bool shows_colour(int descriptor);
bool is_terminal(int descriptor);

/// `text` between the escape codes of a colour ("31", "1;33"), or as it is when `colour` is false.
std::string coloured(std::string_view text, std::string_view code, bool colour);

}  // namespace weir::app
