#include "apps/weir/progress.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "apps/weir/summary.hpp"

namespace weir::app {

namespace {

constexpr std::chrono::milliseconds interval{100};
constexpr int width = 30;

std::string bar(double part) {
  const int full = static_cast<int>(std::lround(part * width));
  std::string drawn;
  for (int i = 0; i < width; ++i) drawn += i < full ? "█" : "░";
  return drawn;
}

}  // namespace

void progress_bar::show(std::uint64_t done_bytes, std::uint64_t total_bytes, std::uint64_t events) {
  const auto now = clock::now();
  if (!shown_ || total_bytes == 0 || now - last_ < interval) return;
  last_ = now;
  drawn_ = true;
  const double part = std::min(1.0, static_cast<double>(done_bytes) / static_cast<double>(total_bytes));
  const double seconds = std::chrono::duration<double>(now - began_).count();
  const auto rate = seconds > 0 ? std::llround(static_cast<double>(events) / seconds) : 0;
  fmt::print(stderr, "\r\x1b[K{} {:3.0f} %  {} events  {} events/s", bar(part), 100 * part, grouped(events),
             grouped(static_cast<std::uint64_t>(rate)));
}

void progress_bar::clear() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
  drawn_ = false;
}

}  // namespace weir::app
