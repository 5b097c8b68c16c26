#include "cep/alert_order.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace weir::cep {

namespace {

auto key_of(const finding& f) { return std::tuple{f.at, f.end, f.armed, f.pattern}; }

/// How many events of the batch are not after `t`.
std::size_t events_until(stream::timestamp t, const stream::batch& rows) {
  const auto order = rows.order();
  const auto after = std::ranges::upper_bound(order, t, {}, [&](stream::row_ref r) { return rows.at(r); });
  return static_cast<std::size_t>(after - order.begin());
}

}  // namespace

bool at_one_place(const finding& a, const finding& b) { return key_of(a) == key_of(b); }

std::span<std::uint32_t> alert_order::sort(std::span<const finding> found, const stream::event_log& log) {
  order_.resize(found.size());
  const auto before = [&](std::uint32_t a, std::uint32_t b) { return key_of(found[a]) < key_of(found[b]); };
  const bool many = found.size() > log.last().size() / 16;
  if (many) {
    sort_by_place(found, log);
    return order_;
  }
  std::iota(order_.begin(), order_.end(), 0U);
  if (!std::ranges::is_sorted(order_, before)) std::ranges::stable_sort(order_, before);
  return order_;
}

// By counting: an event's findings, and between two events the deadlines that have passed. What is left to sort is
// short and nearly in order, since patterns are asked in theirs.
void alert_order::sort_by_place(std::span<const finding> found, const stream::event_log& log) {
  const stream::batch& rows = log.last();
  const auto first = static_cast<std::uint64_t>(log.handle(0));
  const auto bucket_of = [&](const finding& f) {
    if (f.end == stream::no_event) return 2 * events_until(f.at, rows);
    return 2 * static_cast<std::size_t>(static_cast<std::uint64_t>(f.end) - first) + 1;
  };
  ends_.assign(2 * rows.size() + 2, 0);
  for (const finding& f : found) ++ends_[bucket_of(f)];
  std::uint32_t sum = 0;
  for (std::uint32_t& end : ends_) sum += std::exchange(end, sum);
  for (std::uint32_t i = 0; i < found.size(); ++i) order_[ends_[bucket_of(found[i])]++] = i;
  const auto before = [&](std::uint32_t a, std::uint32_t b) { return key_of(found[a]) < key_of(found[b]); };
  std::uint32_t begin = 0;
  for (const std::uint32_t end : ends_) {
    const auto bucket = std::span{order_}.subspan(begin, end - begin);
    if (bucket.size() > 1 && !std::ranges::is_sorted(bucket, before)) std::ranges::stable_sort(bucket, before);
    begin = end;
  }
}

}  // namespace weir::cep
