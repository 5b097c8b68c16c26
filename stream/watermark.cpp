#include "stream/watermark.hpp"

#include <algorithm>

namespace weir::stream {

void source_clock::raise(timestamp floor) { watermark_ = std::max(watermark_, floor); }

}  // namespace weir::stream
