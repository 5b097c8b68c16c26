#include "tests/support/naive_function.hpp"

#include <algorithm>
#include <cmath>

#include <boost/multiprecision/cpp_int.hpp>

namespace weir::testing {
namespace {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;
using cep::aggregate_function;
using cep::int128;

naive_value sum_of(const std::vector<naive_value>& values, bool real) {
  if (real) {
    long double sum = 0;  // near enough to the true sum that its errors do not count
    for (const naive_value& v : values) sum += std::get<double>(v);
    return static_cast<double>(sum);
  }
  int128 sum = 0;
  for (const naive_value& v : values) {
    if (__builtin_add_overflow(sum, std::get<int128>(v), &sum)) return {};
  }
  return sum;
}

// "`avg` is the exact sum divided once, as a double." "`avg` of nothing is missing." One division, so that the mean of
// equal decimals is that decimal.
naive_value mean_of(const std::vector<naive_value>& values, int surplus) {
  if (values.empty()) return {};
  const auto count = static_cast<double>(values.size());
  if (std::holds_alternative<double>(values.front())) return std::get<double>(sum_of(values, true)) / count;
  const naive_value sum = sum_of(values, false);
  if (is_missing(sum)) return {};
  return static_cast<double>(std::get<int128>(sum)) / (count * power_of_ten(surplus));
}

naive_value least_or_greatest(const std::vector<naive_value>& values, bool least) {
  if (values.empty()) return {};
  const auto [low, high] = std::ranges::minmax_element(values);
  return least ? *low : *high;
}

std::size_t distinct_count(std::vector<naive_value> values) {
  std::ranges::sort(values);
  return static_cast<std::size_t>(std::ranges::distance(values.begin(), std::ranges::unique(values).begin()));
}

cpp_rational as_fraction(const naive_value& v) {
  if (const double* real = std::get_if<double>(&v)) return cpp_rational(*real);
  return cpp_rational(cpp_int(std::get<int128>(v)));
}

// "`stddev` is that of a sample (divided by n − 1), a double from the exact sums; missing of fewer than two."
naive_value deviation_of(const std::vector<naive_value>& values, int surplus) {
  if (values.size() < 2) return {};
  const cpp_rational n = values.size();
  cpp_rational sum = 0;
  cpp_rational squares = 0;
  for (const naive_value& v : values) {
    const cpp_rational x = as_fraction(v);
    sum += x;
    squares += x * x;
  }
  const cpp_rational variance = (squares - sum * sum / n) / (n - 1);
  return std::sqrt(variance.convert_to<double>()) / power_of_ten(surplus);
}

long double as_long_double(const naive_value& v) {
  if (const double* real = std::get_if<double>(&v)) return *real;
  return static_cast<long double>(std::get<int128>(v));
}

// "`percentile(p)` is the value at rank 1 + p/100 · (n − 1) of the n values in order, between two ranks in proportion."
// "The rank is worked out in whole numbers": p/100 has fourteen digits behind the point.
naive_value at_rank(std::vector<naive_value> values, double part, int surplus) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const int128 whole = 100'000'000'000'000;
  const int128 rank =
      static_cast<int128>(std::llround(part * 1e14)) * static_cast<int128>(values.size() - 1);  // from 0
  const auto below = static_cast<std::size_t>(rank / whole);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  const long double low = as_long_double(values[below]);
  const long double high = as_long_double(values[above]);
  const long double between = low + (high - low) * static_cast<long double>(rank % whole) / 1e14L;
  return static_cast<double>(between / power_of_ten(surplus));
}

naive_value number_of(std::size_t count) { return int128{count}; }

}  // namespace

naive_value naive_function::operator()(const std::vector<naive_value>& values) const {
  switch (function) {
    case aggregate_function::count: return number_of(values.size());
    case aggregate_function::sum: return sum_of(values, result.kind == cep::value_kind::real);
    case aggregate_function::avg: return mean_of(values, surplus);
    case aggregate_function::min: return least_or_greatest(values, true);
    case aggregate_function::max: return least_or_greatest(values, false);
    case aggregate_function::distinct: return number_of(distinct_count(values));
    case aggregate_function::first: return values.empty() ? naive_value() : values.front();
    case aggregate_function::last:
    case aggregate_function::previous: return values.empty() ? naive_value() : values.back();
    case aggregate_function::stddev: return deviation_of(values, surplus);
    case aggregate_function::percentile: return at_rank(values, parameter, surplus);
  }
  return {};
}

int surplus_digits(const stream::schema& types, stream::event_type_id type, stream::field_id field) {
  if (field == cep::at_field) return 0;
  return types[type][field].type.kind == stream::type_kind::decimal ? stream::decimal_digits : 0;
}

double power_of_ten(int power) { return power == 0 ? 1.0 : 10.0 * power_of_ten(power - 1); }

}  // namespace weir::testing
