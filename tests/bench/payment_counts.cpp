#include "tests/bench/payment_counts.hpp"

#include <algorithm>
#include <vector>

namespace weir::bench {

namespace {

using testing::payment;

constexpr std::uint64_t half_minute_ms = 30'000;
constexpr std::uint64_t ten_minutes_ms = 600'000;
constexpr std::uint64_t hour_ms = 3'600'000;

std::vector<payment> by_card(std::span<const payment> payments) {
  std::vector<payment> sorted(payments.begin(), payments.end());
  std::ranges::stable_sort(sorted, {}, &payment::card);
  return sorted;
}

/// Calls `visit(payments)` with those of each card.
template <class Visit>
void each_card(std::span<const payment> sorted, const Visit& visit) {
  for (auto begin = sorted.begin(); begin != sorted.end();) {
    const auto end = std::find_if(begin, sorted.end(), [&](const payment& p) { return p.card != begin->card; });
    visit(std::span(begin, end));
    begin = end;
  }
}

/// The place of the first payment that is at most `age_ms` older than payment `i`.
std::size_t window_begin(std::span<const payment> card, std::size_t i, std::uint64_t age_ms) {
  const auto first = std::ranges::find_if(card, [&](const payment& p) { return card[i].number - p.number <= age_ms; });
  return static_cast<std::size_t>(first - card.begin());
}

bool is_pair(const payment& small, const payment& large) {
  return small.cents < 200 && large.cents > 50'000 && small.merchant != large.merchant;
}

/// Of one card. `begins[i]` is where the window of payment `i` begins.
std::vector<std::size_t> window_begins(std::span<const payment> card, std::uint64_t age_ms) {
  std::vector<std::size_t> begins(card.size());
  for (std::size_t i = 0; i < card.size(); ++i) {
    const std::size_t from = i == 0 ? 0 : begins[i - 1];
    begins[i] = from + window_begin(card.subspan(from), i - from, age_ms);
  }
  return begins;
}

std::uint64_t pairs_that_end_at(std::span<const payment> card, std::size_t begin, std::size_t i) {
  if (card[i].cents <= 50'000) return 0;
  const auto before = card.subspan(begin, i - begin);
  return static_cast<std::uint64_t>(std::ranges::count_if(before, [&](auto& p) { return is_pair(p, card[i]); }));
}

bool any_pair_ends_at(std::span<const payment> card, std::size_t begin, std::size_t i) {
  if (card[i].cents <= 50'000) return false;
  return std::ranges::any_of(card.subspan(begin, i - begin), [&](auto& p) { return is_pair(p, card[i]); });
}

bool is_silent_after(std::span<const payment> card, std::size_t i, std::uint64_t silence_ms, std::uint64_t clock) {
  const std::uint64_t deadline = card[i].number + silence_ms;
  return deadline < clock && (i + 1 == card.size() || card[i + 1].number > deadline);
}

bool is_unusual(std::span<const payment> card, std::size_t i, std::size_t begin, std::int64_t prior_cents) {
  const auto prior = static_cast<std::int64_t>(i - begin);
  return prior >= 5 && card[i].cents * prior > 3 * prior_cents;
}

std::uint64_t unusual_ones(std::span<const payment> card) {
  const auto begins = window_begins(card, hour_ms);
  std::uint64_t unusual = 0;
  std::int64_t prior_cents = 0;
  for (std::size_t i = 0, begin = 0; i < card.size(); ++i) {
    for (; begin < begins[i]; ++begin) prior_cents -= card[begin].cents;
    unusual += is_unusual(card, i, begin, prior_cents) ? 1 : 0;
    prior_cents += card[i].cents;
  }
  return unusual;
}

}  // namespace

std::array<std::uint64_t, 4> count_alerts(std::span<const payment> payments) {
  std::array<std::uint64_t, 4> alerts{};
  each_card(by_card(payments), [&](std::span<const payment> card) {
    const auto begins = window_begins(card, ten_minutes_ms);
    for (std::size_t i = 0; i < card.size(); ++i) {
      alerts[0] += any_pair_ends_at(card, begins[i], i) ? 1 : 0;
      alerts[1] += i + 1 - begins[i] > 8 ? 1 : 0;
      alerts[2] += card[i].cents > 80'000 && is_silent_after(card, i, half_minute_ms, payments.back().number) ? 1 : 0;
    }
    alerts[3] += unusual_ones(card);
  });
  return alerts;
}

std::uint64_t count_pairs(std::span<const payment> payments) {
  std::uint64_t pairs = 0;
  each_card(by_card(payments), [&](std::span<const payment> card) {
    const auto begins = window_begins(card, ten_minutes_ms);
    for (std::size_t i = 0; i < card.size(); ++i) pairs += pairs_that_end_at(card, begins[i], i);
  });
  return pairs;
}

std::uint64_t count_silences(std::span<const payment> payments, std::uint64_t silence_ms) {
  std::uint64_t silences = 0;
  each_card(by_card(payments), [&](std::span<const payment> card) {
    for (std::size_t i = 0; i < card.size(); ++i) {
      silences += is_silent_after(card, i, silence_ms, payments.back().number) ? 1 : 0;
    }
  });
  return silences;
}

}  // namespace weir::bench
