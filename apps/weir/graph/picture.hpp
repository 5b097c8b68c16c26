#pragma once

#include <string>

#include "apps/weir/graph/layout.hpp"
#include "apps/weir/graph/sketch.hpp"

namespace weir::app {

/// A sketch as SVG: vertices with their names, arrows that are wider where the weight is greater, with it beside them
/// where there is room; who points at something is told more.
std::string as_svg(const sketch& drawn);

}  // namespace weir::app
