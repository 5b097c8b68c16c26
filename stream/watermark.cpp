#include "stream/watermark.hpp"

#include <algorithm>

namespace weir::stream {

std::optional<duration> source_clock::late_by(timestamp at) const {
  if (at >= watermark_) return std::nullopt;
  return watermark_ - at;
}

void source_clock::see(timestamp at) {
  if (at <= greatest_) return;
  greatest_ = at;
  if (lateness_) watermark_ = std::max(watermark_, saturating_add(at, -*lateness_));
}

void source_clock::raise(timestamp floor) { watermark_ = std::max(watermark_, floor); }

}  // namespace weir::stream
