#include "cep/window_state.hpp"

#include <bit>
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
  auto divisor = static_cast<double>(count);
  for (int digits = base_digits(type); digits < type.digits; ++digits) divisor *= 10;
  return value::of(static_cast<double>(sum) / divisor);
}

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

stream::duration window_shape::horizon() const {
  const auto* extent = std::get_if<time_extent>(&window.extent);
  return extent == nullptr ? stream::duration::max() : extent->length;
}

// ---- window_state

void window_state::add(const window_shape& shape, stream::timestamp at, cell value, stream::event_handle handle) {
  advance(shape, at);
  times_.push_back(at);
  if (shape.correlated) {
    handles_.push_back(handle);
    return;
  }
  if (shape.values) values_.push_back(value);
  if (shape.sum) sum_ += value;
  if (shape.min || shape.max || shape.distinct) add_details(shape, value);
  const auto* extent = std::get_if<count_extent>(&shape.window.extent);
  if (extent != nullptr && times_.size() > extent->events) drop_oldest(shape);
}

void window_state::add_details(const window_shape& shape, cell value) {
  if (!details_) details_ = std::make_unique<details>();
  const extreme added{dropped_ + times_.size() - 1, value};
  if (shape.min) {
    auto& minima = details_->minima;
    while (!minima.empty() && !less(minima.back().value, value, shape.field_type)) minima.pop_back();
    minima.push_back(added);
  }
  if (shape.max) {
    auto& maxima = details_->maxima;
    while (!maxima.empty() && !less(value, maxima.back().value, shape.field_type)) maxima.pop_back();
    maxima.push_back(added);
  }
  if (shape.distinct) ++details_->counts[value];
}

void window_state::advance(const window_shape& shape, stream::timestamp now) {
  const auto* extent = std::get_if<time_extent>(&shape.window.extent);
  if (extent == nullptr) return;
  const stream::timestamp oldest = stream::saturating_add(now, -extent->length);
  while (!times_.empty() && times_.front() < oldest) drop_oldest(shape);
}

void window_state::drop_oldest(const window_shape& shape) {
  times_.pop_front();
  const std::uint64_t number = dropped_++;
  if (shape.correlated) {
    handles_.pop_front();
    return;
  }
  if (!shape.values) return;
  const cell value = values_.front();
  values_.pop_front();
  if (shape.sum) sum_ -= value;
  if (!details_) return;
  if (shape.min && details_->minima.front().number == number) details_->minima.pop_front();
  if (shape.max && details_->maxima.front().number == number) details_->maxima.pop_front();
  if (!shape.distinct) return;
  const auto counted = details_->counts.find(value);
  if (--counted->second == 0) details_->counts.erase(counted);
}

value window_state::result(aggregate_function function, const window_shape& shape,
                           const address_numbers& addresses) const {
  if (function == aggregate_function::count) return count_value(times_.size());
  if (function == aggregate_function::distinct) return count_value(details_ ? details_->counts.size() : 0);
  if (times_.empty())
    return function == aggregate_function::sum ? accumulator{function, shape.field_type}.result(addresses)
                                               : value::missing();
  const bool exact = shape.field_type.kind == value_kind::exact;
  switch (function) {
    case aggregate_function::sum:
    case aggregate_function::avg: {
      if (exact && function == aggregate_function::sum) return value::of(sum_);
      if (exact) return average(sum_, times_.size(), shape.field_type);
      accumulator sum{function, shape.field_type};
      for (std::size_t i = 0; i < values_.size(); ++i) sum.add(values_[i]);
      return sum.result(addresses);
    }
    case aggregate_function::min: return to_value(details_->minima.front().value, shape.field_type, addresses);
    case aggregate_function::max: return to_value(details_->maxima.front().value, shape.field_type, addresses);
    case aggregate_function::first: return to_value(values_.front(), shape.field_type, addresses);
    case aggregate_function::last: return to_value(values_.back(), shape.field_type, addresses);
    default: std::unreachable();
  }
}

std::size_t window_state::bytes() const { return times_.bytes() + values_.bytes() + handles_.bytes(); }

// ---- accumulator

void accumulator::add(cell c) {
  ++count_;
  switch (function_) {
    case aggregate_function::count: return;
    case aggregate_function::sum:
    case aggregate_function::avg: {
      if (type_.kind == value_kind::exact) {
        sum_ += c;
        return;
      }
      const double added = std::bit_cast<double>(c);
      const double total = real_sum_ + added;
      real_rest_ += std::abs(real_sum_) >= std::abs(added) ? (real_sum_ - total) + added : (added - total) + real_sum_;
      real_sum_ = total;
      return;
    }
    case aggregate_function::min:
      if (count_ == 1 || less(c, kept_, type_)) kept_ = c;
      return;
    case aggregate_function::max:
      if (count_ == 1 || less(kept_, c, type_)) kept_ = c;
      return;
    case aggregate_function::first:
      if (count_ == 1) kept_ = c;
      return;
    case aggregate_function::last: kept_ = c; return;
    case aggregate_function::distinct: ++counts_[c]; return;
    default: return;
  }
}

value accumulator::result(const address_numbers& addresses) const {
  const bool exact = type_.kind == value_kind::exact;
  switch (function_) {
    case aggregate_function::count: return count_value(count_);
    case aggregate_function::distinct: return count_value(counts_.size());
    case aggregate_function::sum:
      if (exact) return value::of(sum_);
      return std::isfinite(real_sum_) ? value::of(real_sum_ + real_rest_) : value::missing();
    case aggregate_function::avg:
      if (exact) return average(sum_, count_, type_);
      if (count_ == 0 || !std::isfinite(real_sum_)) return value::missing();
      return value::of((real_sum_ + real_rest_) / static_cast<double>(count_));
    default: return count_ == 0 ? value::missing() : to_value(kept_, type_, addresses);
  }
}

}  // namespace weir::cep
