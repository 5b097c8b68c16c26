#include "cep/window_state.hpp"

#include <algorithm>
#include <bit>
#include <boost/container/small_vector.hpp>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <cstring>
#include <string_view>

namespace weir::cep {

namespace {

bool less(cell a, cell b, const value_type& type) {
  return type.kind == value_kind::real ? std::bit_cast<double>(a) < std::bit_cast<double>(b) : a < b;
}

value to_value(cell c, const value_type& type, const address_numbers& addresses) {
  switch (type.kind) {
    case value_kind::boolean: return value::of(c != 0);
    case value_kind::exact: return value::of(int128{c});
    case value_kind::real: return value::of(std::bit_cast<double>(c));
    case value_kind::text:
    case value_kind::entity: return value::of(static_cast<stream::symbol>(c));
    case value_kind::ip: return value::of(addresses[c]);
  }
  std::unreachable();
}

value count_value(std::size_t count) { return value::of(static_cast<int128>(count)); }

}  // namespace

// One division of whole numbers, so that the mean of equal values is that value.
value average(int128 sum, std::size_t count, const value_type& type) {
  if (count == 0) return value::missing();
  return value::of(mean(sum, count, type.digits - base_digits(type)));
}

namespace {

// 10 to the digits that a number of this type has beyond its unit's smallest part.
long double surplus_of(const value_type& type) {
  long double power = 1;
  for (int digits = base_digits(type); digits < type.digits; ++digits) power *= 10;
  return power;
}

// The deviation of a sample, of n numbers: the root of (n·Σx² − (Σx)²) / (n·(n − 1)). The difference is taken between
// whole numbers, where nothing cancels; n < 2^40 and |x| < 2^63, so 256 bits hold all of it.
value deviation_of(int128 sum, const wide_sum& squares, std::uint64_t n, const value_type& type) {
  if (n < 2) return value::missing();
  using wide = boost::multiprecision::int256_t;
  const wide all = (wide{squares.high()} << 128) | wide{squares.low()};
  const wide spread = wide{n} * all - wide{sum} * wide{sum};
  const long double variance = spread.convert_to<long double>() / (static_cast<long double>(n) * (n - 1));
  return value::of(static_cast<double>(std::sqrt(variance) / surplus_of(type)));
}

// SQL's PERCENTILE_CONT: at rank p·(n − 1), counted from 0, of the values in order; between two ranks in proportion.
// The rank is worked out in whole numbers, since 0.29·100 is not 29 in doubles: p has twelve digits at most.
template <class Cells>
value percentile_of(Cells& values, double p, const value_type& type) {
  if (values.empty()) return value::missing();
  constexpr std::int64_t parts = 1'000'000'000'000;
  const int128 rank = int128{std::llround(p * static_cast<double>(parts))} * static_cast<int128>(values.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(rank / parts);
  const auto part = static_cast<std::int64_t>(rank % parts);
  const auto at = values.begin() + below;
  const auto in_order = [&](cell a, cell b) { return less(a, b, type); };
  std::nth_element(values.begin(), at, values.end(), in_order);
  const cell low = *at;
  const cell high = part == 0 ? low : *std::min_element(at + 1, values.end(), in_order);
  if (type.kind == value_kind::real) {
    const auto from = std::bit_cast<double>(low);
    const double result = from + (std::bit_cast<double>(high) - from) * (static_cast<double>(part) / parts);
    return std::isfinite(result) ? value::of(result) : value::missing();
  }
  const int128 scaled = int128{low} * parts + (int128{high} - low) * part;
  return value::of(static_cast<double>(static_cast<long double>(scaled) / (surplus_of(type) * parts)));
}

}  // namespace

std::size_t address_numbers::hash::operator()(const stream::ip_address& address) const {
  return std::hash<std::string_view>{}({reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()});
}

cell address_numbers::number(const stream::ip_address& address) {
  const auto [found, is_new] = numbers_.try_emplace(address, static_cast<cell>(addresses_.size()));
  if (is_new) addresses_.push_back(address);
  return found->second;
}

cell to_cell(const stream::event_view& event, stream::field_id field, const value_type& type,
             address_numbers& addresses) {
  if (field == at_field) return event.at().time_since_epoch().count();
  const stream::column& values = event[field];
  switch (type.kind) {
    case value_kind::boolean: return values.boolean(event.row);
    case value_kind::exact: return values.number(event.row);
    case value_kind::real: return std::bit_cast<cell>(values.real(event.row) + 0.0);  // -0.0 and 0.0 are one value
    case value_kind::text:
    case value_kind::entity: return static_cast<cell>(values.id(event.row));
    case value_kind::ip: return addresses.number(values.address(event.row));
  }
  std::unreachable();
}

void window_shape::keep_for(aggregate_function function) {
  using asked = aggregate_function;
  const bool exact = field_type.kind != value_kind::real;
  sum |= exact && (function == asked::sum || function == asked::avg || function == asked::stddev);
  squares |= exact && function == asked::stddev;
  min |= function == asked::min;
  max |= function == asked::max;
  distinct |= function == asked::distinct;
  latest |= function == asked::previous;
  values |= field.has_value() && function != asked::count;
}

stream::duration window_shape::horizon() const {
  struct reach {
    stream::duration operator()(const time_extent& e) const { return e.length; }
    stream::duration operator()(const count_extent&) const { return stream::duration::max(); }
    stream::duration operator()(const past_extent& e) const {
      return e.length > stream::duration::max() - e.ago ? stream::duration::max() : e.length + e.ago;
    }
    // The longest that clocks set back have ever made them: a day has been lived through twice.
    stream::duration operator()(const calendar_extent& e) const {
      constexpr auto extra = std::chrono::days{2};
      switch (e.counted) {
        case calendar_extent::unit::day: return std::chrono::days{1} + extra;
        case calendar_extent::unit::week: return std::chrono::days{7} + extra;
        case calendar_extent::unit::month: return std::chrono::days{31} + extra;
      }
      std::unreachable();
    }
    stream::duration operator()(const session_extent& e) const { return e.gap; }
  };
  return std::visit(reach{}, window.extent);
}

void wide_sum::subtract(cell number) {
  high_ -= static_cast<std::uint64_t>(__builtin_sub_overflow(low_, square(number), &low_));
}

// ---- window_state

window_state::details& window_state::more() {
  if (!details_) details_ = std::make_unique<details>();
  return *details_;
}

void window_state::add(const window_shape& shape, stream::timestamp at, cell value, stream::event_handle handle,
                       bool has_field) {
  advance(shape, at);
  times_.push_back(at);
  if (shape.correlated || shape.tracked) handles_.push_back(handle);
  if (shape.values && !shape.correlated) values_.push_back(value);
  if (shape.latest) has_field_ = has_field;
  if (std::holds_alternative<past_extent>(shape.window.extent)) return;  // it is reached later
  reach(shape);
  const auto* extent = std::get_if<count_extent>(&shape.window.extent);
  if (extent != nullptr && times_.size() > extent->events) drop_oldest(shape);
}

/// Takes the next event into the window.
void window_state::reach(const window_shape& shape) {
  const std::uint32_t place = reached_++;
  if (!shape.values || shape.correlated) return;
  const cell value = values_[place];
  if (shape.sum) sum_ += value;
  if (shape.min || shape.max || shape.distinct || shape.squares) add_details(shape, value);
}

void window_state::add_details(const window_shape& shape, cell value) {
  details& kept = more();
  const extreme added{dropped_ + reached_ - 1, value};
  if (shape.min) {
    auto& minima = kept.minima;
    while (!minima.empty() && !less(minima.back().value, value, shape.field_type)) minima.pop_back();
    minima.push_back(added);
  }
  if (shape.max) {
    auto& maxima = kept.maxima;
    while (!maxima.empty() && !less(value, maxima.back().value, shape.field_type)) maxima.pop_back();
    maxima.push_back(added);
  }
  if (shape.distinct) ++kept.counts[value];
  if (shape.squares) kept.squares.add(value);
}

void window_state::advance(const window_shape& shape, stream::timestamp now) {
  if (times_.empty()) return;
  if (const auto* extent = std::get_if<time_extent>(&shape.window.extent)) {
    drop_before(shape, stream::saturating_add(now, -extent->length));
  } else if (const auto* past = std::get_if<past_extent>(&shape.window.extent)) {
    const stream::timestamp end = stream::saturating_add(now, -past->ago);
    reach_until(shape, end);
    drop_before(shape, stream::saturating_add(end, -past->length));
  } else if (const auto* session = std::get_if<session_extent>(&shape.window.extent)) {
    if (times_.back() < stream::saturating_add(now, -session->gap)) drop_all();
  } else if (shape.days && now >= more().period_end) {
    const calendar::period today = shape.days->at(now);
    drop_before(shape, today.begin);
    details_->period_end = today.end;
  }
}

void window_state::reach_until(const window_shape& shape, stream::timestamp end) {
  while (reached_ < times_.size() && times_[reached_] < end) reach(shape);
}

void window_state::drop_before(const window_shape& shape, stream::timestamp oldest) {
  while (!times_.empty() && times_.front() < oldest) drop_oldest(shape);
}

void window_state::forget(const window_shape& shape, stream::event_handle event) {
  while (!times_.empty() && handles_.front() <= event) {
    if (reached_ == 0) reach(shape);  // it was to be reached later
    drop_oldest(shape);
  }
}

void window_state::drop_all() {
  dropped_ += times_.size();
  times_.clear();
  values_.clear();
  handles_.clear();
  reached_ = 0;
  sum_ = 0;
  details_.reset();
}

void window_state::drop_oldest(const window_shape& shape) {
  times_.pop_front();
  --reached_;
  const std::uint64_t number = dropped_++;
  if (shape.correlated || shape.tracked) handles_.pop_front();
  if (shape.correlated || !shape.values) return;
  const cell value = values_.front();
  values_.pop_front();
  if (shape.sum) sum_ -= value;
  if (!details_) return;
  if (shape.min && details_->minima.front().number == number) details_->minima.pop_front();
  if (shape.max && details_->maxima.front().number == number) details_->maxima.pop_front();
  if (shape.squares) details_->squares.subtract(value);
  if (!shape.distinct) return;
  const auto counted = details_->counts.find(value);
  if (--counted->second == 0) details_->counts.erase(counted);
}

value window_state::result(computation asked, const window_shape& shape, const address_numbers& addresses) const {
  using enum aggregate_function;
  if (asked.function == count) return count_value(reached_);
  if (asked.function == distinct) return count_value(details_ ? details_->counts.size() : 0);
  if (reached_ == 0) {
    return asked.function == sum ? accumulator{asked, shape.field_type}.result(addresses) : value::missing();
  }
  const bool exact = shape.field_type.kind == value_kind::exact;
  switch (asked.function) {
    case sum: return exact ? value::of(sum_) : over_all(asked, shape, addresses);
    case avg: return exact ? average(sum_, reached_, shape.field_type) : over_all(asked, shape, addresses);
    case stddev:
      if (!exact) return over_all(asked, shape, addresses);
      return deviation_of(sum_, details_->squares, reached_, shape.field_type);
    case percentile: return over_all(asked, shape, addresses);
    case min: return to_value(details_->minima.front().value, shape.field_type, addresses);
    case max: return to_value(details_->maxima.front().value, shape.field_type, addresses);
    case first: return to_value(values_.front(), shape.field_type, addresses);
    case last: return to_value(values_[reached_ - 1], shape.field_type, addresses);
    case previous: return has_field_ ? to_value(values_.back(), shape.field_type, addresses) : value::missing();
    case count:
    case distinct: break;
  }
  std::unreachable();
}

/// What has to look at every value.
value window_state::over_all(computation asked, const window_shape& shape, const address_numbers& addresses) const {
  if (asked.function == aggregate_function::percentile) {
    boost::container::small_vector<cell, 128> sorted;
    for (std::size_t i = 0; i < reached_; ++i) sorted.push_back(values_[i]);
    return percentile_of(sorted, asked.parameter, shape.field_type);
  }
  accumulator all{asked, shape.field_type};
  for (std::size_t i = 0; i < reached_; ++i) all.add(values_[i]);
  return all.result(addresses);
}

std::size_t window_state::bytes() const { return times_.bytes() + values_.bytes() + handles_.bytes(); }

// ---- accumulator

void careful_sum::add(double number) {
  const double total = sum_ + number;
  rest_ += std::abs(sum_) >= std::abs(number) ? (sum_ - total) + number : (number - total) + sum_;
  sum_ = total;
}

bool careful_sum::finite() const { return std::isfinite(sum_); }

void accumulator::add(cell c) {
  using enum aggregate_function;
  ++count_;
  const bool exact = type_.kind == value_kind::exact;
  switch (asked_.function) {
    case count: return;
    case sum:
    case avg:
      if (exact) {
        sum_ += c;
      } else {
        real_sum_.add(std::bit_cast<double>(c));
      }
      return;
    case stddev:
      if (exact) {
        sum_ += c;
        squares_.add(c);
      } else {
        real_sum_.add(std::bit_cast<double>(c));
        values_.push_back(c);
      }
      return;
    case percentile: values_.push_back(c); return;
    case min:
      if (count_ == 1 || less(c, kept_, type_)) kept_ = c;
      return;
    case max:
      if (count_ == 1 || less(kept_, c, type_)) kept_ = c;
      return;
    case first:
      if (count_ == 1) kept_ = c;
      return;
    case last:
    case previous: kept_ = c; return;
    case distinct: ++counts_[c]; return;
  }
}

value accumulator::result(const address_numbers& addresses) const {
  using enum aggregate_function;
  const bool exact = type_.kind == value_kind::exact;
  switch (asked_.function) {
    case count: return count_value(count_);
    case distinct: return count_value(counts_.size());
    case sum:
      if (exact) return value::of(sum_);
      return real_sum_.finite() ? value::of(real_sum_.total()) : value::missing();
    case avg:
      if (exact) return average(sum_, count_, type_);
      if (count_ == 0 || !real_sum_.finite()) return value::missing();
      return value::of(real_sum_.total() / static_cast<double>(count_));
    case stddev: return exact ? deviation_of(sum_, squares_, count_, type_) : deviation();
    case percentile: {
      auto sorted = values_;
      return percentile_of(sorted, asked_.parameter, type_);
    }
    default: return count_ == 0 ? value::missing() : to_value(kept_, type_, addresses);
  }
}

/// Of reals: the mean first, then the squares of what each is away from it.
value accumulator::deviation() const {
  if (count_ < 2 || !real_sum_.finite()) return value::missing();
  const double mean = real_sum_.total() / static_cast<double>(count_);
  careful_sum squares;
  for (const cell c : values_) {
    const double away = std::bit_cast<double>(c) - mean;
    squares.add(away * away);
  }
  if (!squares.finite()) return value::missing();
  return value::of(std::sqrt(std::max(squares.total(), 0.0) / static_cast<double>(count_ - 1)));
}

}  // namespace weir::cep
