#include "tests/support/naive_evaluator.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace weir::testing {
namespace {

using cep::expression;
using cep::int128;
using cep::operation;
using cep::value_kind;
using cep::value_type;

const naive_value missing;

std::optional<int128> times_power_of_ten(int128 n, int power) {
  for (; power > 0; --power) {
    if (__builtin_mul_overflow(n, int128{10}, &n)) return std::nullopt;
  }
  return n;
}

double power_of_ten(int power) { return power == 0 ? 1.0 : 10.0 * power_of_ten(power - 1); }

// "A `real` with a unit counts the unit's smallest part": cents, microseconds.
double as_real(const naive_value& v, const value_type& type) {
  if (const double* real = std::get_if<double>(&v)) return *real;
  const auto n = static_cast<double>(std::get<int128>(v));
  const int surplus = type.digits - unit_digits(type);
  return surplus >= 0 ? n / power_of_ten(surplus) : n * power_of_ten(-surplus);
}

// "Division by zero and overflow are missing."
naive_value finite_or_missing(double d) { return std::isfinite(d) ? naive_value(d) : missing; }

naive_value converted(const naive_value& v, const value_type& from, const value_type& to) {
  if (is_missing(v)) return missing;
  if (to.kind == value_kind::real) return as_real(v, from);
  if (to.kind != value_kind::exact) return v;
  const auto scaled = times_power_of_ten(std::get<int128>(v), to.digits - from.digits);
  return scaled ? naive_value(*scaled) : missing;
}

class evaluation {
 public:
  evaluation(const expression& e, const naive_context& context) : e_(e), context_(context) {}

  naive_value value() const {
    switch (e_.op) {
      case operation::literal: return literal();
      case operation::field: return read_field(*context_.at_hand, e_.field);
      case operation::bound_field: return read_field(context_.events[context_.bound[e_.index]], e_.field);
      case operation::subject: return *context_.subject;
      case operation::aggregate: return context_.aggregates[e_.index];
      case operation::span: return span();
      case operation::negate: return negated();
      case operation::add:
      case operation::subtract: return sum();
      case operation::multiply: return product();
      case operation::divide: return quotient();
      case operation::or_default: return is_missing(arg(0)) ? arg_as_own_type(1) : arg_as_own_type(0);
      default: return condition();
    }
  }

 private:
  // Logic is two-valued: a condition is true or false, never missing.
  bool condition() const {
    switch (e_.op) {
      case operation::logical_and: return holds(e_.args[0], context_) && holds(e_.args[1], context_);
      case operation::logical_or: return holds(e_.args[0], context_) || holds(e_.args[1], context_);
      case operation::logical_not: return !holds(e_.args[0], context_);
      case operation::is_missing: return is_missing(arg(0));  // "`x is missing` tests it"
      case operation::in_list: return in_list();
      default: return comparison();
    }
  }

  naive_value arg(std::size_t i) const { return evaluate(e_.args[i], context_); }
  naive_value arg_as_own_type(std::size_t i) const { return converted(arg(i), e_.args[i].type, e_.type); }

  naive_value literal() const {
    return std::visit([](const auto& v) { return naive_value(v); }, e_.constant);
  }

  naive_value span() const {
    const auto first = context_.events[context_.bound.front()].at;
    const auto last = context_.events[context_.bound.back()].at;
    return int128{(last - first).count()};
  }

  naive_value negated() const {
    const naive_value v = arg(0);
    if (const double* real = std::get_if<double>(&v)) return -*real;
    int128 n = 0;
    if (is_missing(v) || __builtin_sub_overflow(int128{0}, std::get<int128>(v), &n)) return missing;
    return n;
  }

  naive_value sum() const {
    const naive_value a = arg_as_own_type(0);
    const naive_value b = arg_as_own_type(1);
    if (is_missing(a) || is_missing(b)) return missing;
    const bool adds = e_.op == operation::add;
    if (e_.type.kind == value_kind::real) {
      return finite_or_missing(adds ? std::get<double>(a) + std::get<double>(b)
                                    : std::get<double>(a) - std::get<double>(b));
    }
    int128 n = 0;
    const bool overflow = adds ? __builtin_add_overflow(std::get<int128>(a), std::get<int128>(b), &n)
                               : __builtin_sub_overflow(std::get<int128>(a), std::get<int128>(b), &n);
    return overflow ? missing : naive_value(n);
  }

  // "* … adds digits": the product of two exact numbers is exact.
  naive_value product() const {
    const naive_value a = arg(0);
    const naive_value b = arg(1);
    if (is_missing(a) || is_missing(b)) return missing;
    if (e_.type.kind == value_kind::real) {
      return finite_or_missing(as_real(a, e_.args[0].type) * as_real(b, e_.args[1].type));
    }
    int128 n = 0;
    return __builtin_mul_overflow(std::get<int128>(a), std::get<int128>(b), &n) ? missing : naive_value(n);
  }

  naive_value quotient() const {
    const naive_value a = arg(0);
    const naive_value b = arg(1);
    if (is_missing(a) || is_missing(b)) return missing;
    const double divisor = as_real(b, e_.args[1].type);
    if (divisor == 0) return missing;
    return finite_or_missing(as_real(a, e_.args[0].type) / divisor);
  }

  // "A comparison with a missing value is false."
  bool comparison() const {
    const naive_value a = arg(0);
    const naive_value b = arg(1);
    if (is_missing(a) || is_missing(b)) return false;
    const value_type& left = e_.args[0].type;
    const value_type& right = e_.args[1].type;
    const bool left_real = left.kind == value_kind::real;
    const bool right_real = right.kind == value_kind::real;
    if (left_real || right_real) return compares(as_real(a, left), as_real(b, right));
    if (left.kind != value_kind::exact) return e_.op == operation::equal ? a == b : a != b;
    const int digits = std::max(left.digits, right.digits);
    const auto x = times_power_of_ten(std::get<int128>(a), digits - left.digits);
    const auto y = times_power_of_ten(std::get<int128>(b), digits - right.digits);
    return x && y && compares(*x, *y);
  }

  template <class Number>
  bool compares(Number a, Number b) const {
    switch (e_.op) {
      case operation::equal: return a == b;
      case operation::not_equal: return a != b;
      case operation::less: return a < b;
      case operation::less_equal: return a <= b;
      case operation::greater: return a > b;
      default: return a >= b;
    }
  }

  bool in_list() const {
    const naive_value v = arg(0);
    if (is_missing(v)) return false;
    const auto& values = context_.data->lists[e_.index].values;
    return std::ranges::any_of(values, [&](const std::string& text) { return equals_text(v, text); });
  }

  bool equals_text(const naive_value& v, const std::string& text) const {
    switch (e_.args[0].type.kind) {
      case value_kind::boolean: return std::get<bool>(v) == (text == "true");
      case value_kind::ip: return std::get<stream::ip_address>(v) == stream::parse_ip(text);
      case value_kind::exact: return equals_number(std::get<int128>(v), text);
      case value_kind::real: return equals_real(std::get<double>(v), text);
      default: return std::get<std::string>(v) == text;
    }
  }

  bool equals_number(int128 n, const std::string& text) const {
    const std::size_t point = std::min(text.find('.'), text.size());
    const int text_digits = point < text.size() ? static_cast<int>(text.size() - point - 1) : 0;
    int128 number = 0;
    for (const char c : text) {
      if (c >= '0' && c <= '9') number = number * 10 + (c - '0');
    }
    const int digits = std::max<int>(text_digits, e_.args[0].type.digits);
    return times_power_of_ten(n, digits - e_.args[0].type.digits) ==
           times_power_of_ten(text.starts_with('-') ? -number : number, digits - text_digits);
  }

  static bool equals_real(double d, const std::string& text) {
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return d == number;
  }

  const expression& e_;
  const naive_context& context_;
};

}  // namespace

int unit_digits(const value_type& type) {
  switch (type.unit) {
    case cep::unit::money: return stream::minor_digits(type.currency);
    case cep::unit::duration:
    case cep::unit::time: return 6;
    default: return 0;
  }
}

naive_value read_field(const plain_event& event, stream::field_id field) {
  if (field == cep::at_field) return int128{event.at.time_since_epoch().count()};
  return std::visit(
      [](const auto& v) -> naive_value {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::int64_t>) {
          return int128{v};
        } else {
          return v;
        }
      },
      event.fields[static_cast<std::size_t>(field)]);
}

naive_value evaluate(const expression& e, const naive_context& context) { return evaluation(e, context).value(); }

bool holds(const expression& condition, const naive_context& context) {
  const naive_value v = evaluate(condition, context);
  const bool* truth = std::get_if<bool>(&v);
  return truth && *truth;
}

}  // namespace weir::testing
