#include "tests/support/naive_evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <regex>

#include "tests/support/naive_function.hpp"
#include "tests/support/naive_lookup.hpp"
#include "tests/support/naive_question.hpp"

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

// The letters a to z, and those of Western Europe: in UTF-8 À to Þ are a byte C3 and one from 80 to 9E, à to þ the same
// with 20 more; 97 and B7 are the signs of multiplication and division.
std::string with_case(std::string text, bool small) {
  const int shift = small ? 'a' - 'A' : 'A' - 'a';
  bool behind_c3 = false;
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const int capital = small ? byte : byte + shift;
    const bool plain = capital >= 'A' && capital <= 'Z';
    const bool western = behind_c3 && capital >= 0x80 && capital <= 0x9E && capital != 0x97;
    if (plain || western) c = static_cast<char>(byte + shift);
    behind_c3 = byte == 0xC3;
  }
  return text;
}

// Each code point of UTF-8 has one byte that does not continue another.
int128 code_points(const std::string& text) {
  return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

// The haversine formula, on a sphere with the mean radius of WGS84.
double great_circle_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b) {
  const auto radians = [](double degrees) { return degrees * std::numbers::pi / 180; };
  const double across = std::sin(radians(latitude_b - latitude_a) / 2);
  const double along = std::sin(radians(longitude_b - longitude_a) / 2);
  const double h = across * across + std::cos(radians(latitude_a)) * std::cos(radians(latitude_b)) * along * along;
  return 2 * 6371.0088 * std::asin(std::sqrt(std::min(1.0, h)));
}

// "To the nearest multiple …, halves away from zero."
int128 nearest_multiple(int128 n, int128 of) {
  const int128 half = of / 2;
  return (n < 0 ? n - half : n + half) / of;
}

class evaluation {
 public:
  evaluation(const expression& e, const naive_context& context) : e_(e), context_(context) {}

  naive_value value() const {
    switch (e_.op) {
      case operation::literal: return literal();
      case operation::field: return read_field(*context_.at_hand, e_.field);
      case operation::bound_field: return run().empty() ? missing : read_field(event(run().back()), e_.field);
      case operation::first_field: return run().empty() ? missing : read_field(event(run().front()), e_.field);
      case operation::over_run: return over_run();
      case operation::subject: return context_.subject[e_.index];
      case operation::aggregate: return context_.aggregates[e_.index];
      case operation::span: return span();
      case operation::negate: return negated();
      case operation::add:
      case operation::subtract: return sum();
      case operation::multiply: return product();
      case operation::divide: return quotient();
      case operation::or_default: return is_missing(arg(0)) ? arg_as_own_type(1) : arg_as_own_type(0);
      case operation::table_field: return table_field();
      case operation::score: return score();
      case operation::lower:
      case operation::upper:
      case operation::length: return of_text();
      case operation::absolute: return absolute();
      case operation::round: return rounded();
      case operation::distance_km: return distance();
      case operation::graph_call: return answer(e_, context_);
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
      case operation::in_table: return !is_missing(arg(0)) && row_of(arg(0)) != nullptr;
      case operation::in_subnet: return in_subnet();
      case operation::starts_with:
      case operation::ends_with:
      case operation::contains:
      case operation::matches: return compares_texts();
      default: return comparison();
    }
  }

  naive_value arg(std::size_t i) const { return evaluate(e_.args[i], context_); }
  naive_value arg_as_own_type(std::size_t i) const { return converted(arg(i), e_.args[i].type, e_.type); }

  naive_value literal() const {
    return std::visit([](const auto& v) { return naive_value(v); }, e_.constant);
  }

  // "Time from the first to the last event of the match."
  naive_value span() const {
    std::vector<std::size_t> all;
    for (const auto& run : context_.bound) all.insert(all.end(), run.begin(), run.end());
    const auto [first, last] = std::ranges::minmax_element(all);
    return int128{(event(*last).at - event(*first).at).count()};
  }

  const std::vector<std::size_t>& run() const { return context_.bound[e_.index]; }
  const plain_event& event(std::size_t place) const { return context_.events[place]; }

  // "The conditions behind the run read it as a whole: `count(fail)`, `sum(fail.amount)` … (of the events that have the
  // field)."
  naive_value over_run() const {
    const bool of_field = e_.field_type != value_type{} || e_.field != stream::field_id{};
    std::vector<naive_value> values;
    int surplus = 0;
    for (const std::size_t place : run()) {
      const naive_value v = of_field ? read_field(event(place), e_.field) : naive_value(true);
      if (of_field) surplus = surplus_digits(*context_.types, event(place).type, e_.field);
      if (!is_missing(v)) values.push_back(v);
    }
    return naive_function{e_.function, e_.type, surplus, e_.parameter}(values);
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
    return std::ranges::any_of(values, [&](const std::string& text) { return is_written(v, e_.args[0].type, text); });
  }

  // "The first args[2] bits of the address args[0] are those of args[1]."
  bool in_subnet() const {
    const naive_value address = arg(0);
    if (is_missing(address)) return false;
    return is_in_block(std::get<stream::ip_address>(address), std::get<stream::ip_address>(arg(1)),
                       static_cast<int>(std::get<int128>(arg(2))));
  }

  const cep::value_table& table() const { return context_.data->tables[e_.index]; }

  const cep::value_table::row* row_of(const naive_value& key) const {
    const auto& rows = table().rows;
    const auto row = std::ranges::find_if(rows, [&](const auto& r) { return is_written(key, e_.args[0].type, r.key); });
    return row == rows.end() ? nullptr : &*row;
  }

  // "Column `field` of the row with the key": missing where there is no row, or the row lacks the value.
  naive_value table_field() const {
    const naive_value key = arg(0);
    const cep::value_table::row* row = is_missing(key) ? nullptr : row_of(key);
    const auto column = static_cast<std::size_t>(e_.field);
    if (!row || !row->values[column]) return missing;
    const naive_value held = std::visit([](const auto& v) { return naive_value(v); }, *row->values[column]);
    return converted(held, table().columns[column], e_.type);
  }

  // "Numbers in whole units (euros, seconds), 0 and 1", "a missing one as NaN".
  naive_value score() const {
    std::vector<double> arguments;
    for (std::size_t i = 0; i < e_.args.size(); ++i) {
      const naive_value v = arg(i);
      const bool* truth = std::get_if<bool>(&v);
      if (is_missing(v)) {
        arguments.push_back(std::nan(""));
      } else {
        const value_type& type = e_.args[i].type;
        arguments.push_back(truth ? (*truth ? 1.0 : 0.0) : as_real(v, type) / power_of_ten(unit_digits(type)));
      }
    }
    return finite_or_missing(context_.data->models[e_.index](arguments));
  }

  naive_value of_text() const {
    const naive_value v = arg(0);
    if (is_missing(v)) return missing;
    const std::string& text = std::get<std::string>(v);
    switch (e_.op) {
      case operation::lower: return with_case(text, true);
      case operation::upper: return with_case(text, false);
      default: return code_points(text);
    }
  }

  bool compares_texts() const {
    const naive_value a = arg(0);
    const naive_value b = arg(1);
    if (is_missing(a) || is_missing(b)) return false;
    const std::string& text = std::get<std::string>(a);
    const std::string& part = std::get<std::string>(b);
    switch (e_.op) {
      case operation::starts_with: return text.starts_with(part);
      case operation::ends_with: return text.ends_with(part);
      case operation::contains: return text.find(part) != std::string::npos;
      default: return std::regex_search(text, std::regex(part));
    }
  }

  naive_value absolute() const {
    const naive_value v = arg(0);
    if (is_missing(v)) return missing;
    if (const double* real = std::get_if<double>(&v)) return std::abs(*real);
    return std::get<int128>(v) < 0 ? negated() : v;
  }

  // "To the nearest multiple of 10^-index of its unit, halves away from zero."
  naive_value rounded() const {
    const naive_value v = arg(0);
    if (is_missing(v)) return missing;
    const int digits = e_.index;
    const value_type& from = e_.args[0].type;
    if (from.kind != value_kind::real) {
      if (from.digits <= digits) return converted(v, from, e_.type);
      const int128 multiples = nearest_multiple(std::get<int128>(v), *times_power_of_ten(1, from.digits - digits));
      value_type whole = from;
      whole.digits = static_cast<std::uint8_t>(digits);
      return converted(multiples, whole, e_.type);
    }
    const int finer = unit_digits(from) - digits;
    if (finer >= 0) return std::round(std::get<double>(v) / power_of_ten(finer)) * power_of_ten(finer);
    return std::round(std::get<double>(v) * power_of_ten(-finer)) / power_of_ten(-finer);
  }

  naive_value distance() const {
    double degrees[4];
    for (std::size_t i = 0; i < 4; ++i) {
      const naive_value v = arg(i);
      if (is_missing(v)) return missing;
      degrees[i] = as_real(v, e_.args[i].type);
    }
    return finite_or_missing(great_circle_km(degrees[0], degrees[1], degrees[2], degrees[3]));
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
