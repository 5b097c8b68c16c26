#include "cep/evaluator.hpp"

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>
#include <cmath>
#include <compare>
#include <limits>
#include <numbers>
#include <optional>
#include <utility>

namespace weir::cep {

namespace {

constexpr int powers = 39;  // 10^38 is the greatest power of ten in 127 bits

constexpr std::array<int128, powers> powers_of_ten = [] {
  std::array<int128, powers> table{};
  table[0] = 1;
  for (std::size_t i = 1; i < table.size(); ++i) table[i] = table[i - 1] * 10;
  return table;
}();

value undefined(const bindings& from) {
  if (from.undefined != nullptr) ++*from.undefined;
  return value::missing();
}

value handle_of(stream::event_handle event) {
  return event == stream::no_event ? value::missing() : value::of(static_cast<int128>(event));
}

value finite(double result, const bindings& from) {
  return std::isfinite(result) ? value::of(result) : undefined(from);
}

double real_of(const value& v, const value_type& type) {
  return type.kind == value_kind::exact ? to_real(v.exact, type) : v.real;
}

// Converts between the numeric types that one unit has; other values stay as they are.
value convert(value v, const value_type& from_type, const value_type& to_type, const bindings& from) {
  if (!v.present || from_type.kind == to_type.kind) {
    if (!v.present || to_type.kind != value_kind::exact) return v;
    return rescale(v.exact, from_type.digits, to_type.digits) ? v : undefined(from);
  }
  if (to_type.kind == value_kind::real && from_type.kind == value_kind::exact) return value::of(real_of(v, from_type));
  return v;
}

std::optional<bool> decide(operation op, std::partial_ordering order) {
  switch (op) {
    case operation::equal: return order == 0;
    case operation::not_equal: return order != 0;
    case operation::less: return order < 0;
    case operation::less_equal: return order <= 0;
    case operation::greater: return order > 0;
    case operation::greater_equal: return order >= 0;
    default: return std::nullopt;
  }
}

bool is_text_function(operation op) {
  switch (op) {
    case operation::lower:
    case operation::upper:
    case operation::starts_with:
    case operation::ends_with:
    case operation::contains:
    case operation::matches:
    case operation::length: return true;
    default: return false;
  }
}

// To the nearest multiple of 10^-digits, halves away from zero.
double rounded(double number, int digits) {
  if (digits >= powers) return number;
  const auto power =
      static_cast<double>(powers_of_ten[static_cast<std::size_t>(std::min(std::abs(digits), powers - 1))]);
  if (digits < 0) return std::round(number / power) * power;
  const double up = std::round(number * power);
  return std::isfinite(up) ? up / power : number;
}

struct place_on_earth {
  double latitude = 0;  // in degrees
  double longitude = 0;
};

// By the haversine (Sinnott 1984), which is good for small distances too, on a sphere of WGS84's mean radius.
double great_circle_km(place_on_earth a, place_on_earth b) {
  constexpr double radius_km = 6371.0088;
  constexpr double radians = std::numbers::pi / 180;
  const double half_height = std::sin((b.latitude - a.latitude) * radians / 2);
  const double half_width = std::sin((b.longitude - a.longitude) * radians / 2);
  const double h = half_height * half_height +
                   std::cos(a.latitude * radians) * std::cos(b.latitude * radians) * half_width * half_width;
  return 2 * radius_km * std::asin(std::sqrt(std::clamp(h, 0.0, 1.0)));
}

}  // namespace

bool rescale(int128& number, int from, int to) {
  if (from == to) return true;
  if (to - from >= powers) return number == 0;
  return !__builtin_mul_overflow(number, powers_of_ten[static_cast<std::size_t>(to - from)], &number);
}

double to_real(int128 number, const value_type& type) {
  const int surplus = type.digits - base_digits(type);
  const auto real = static_cast<double>(number);
  if (surplus == 0) return real;
  const auto power = static_cast<double>(powers_of_ten[static_cast<std::size_t>(std::abs(surplus))]);
  return surplus > 0 ? real / power : real * power;
}

value read_field(const stream::event_view& event, stream::field_id field, const value_type& type) {
  if (field == at_field) return value::of(int128{event.at().time_since_epoch().count()});
  const stream::column& values = event[field];
  if (!values.present(event.row)) return value::missing();
  switch (type.kind) {
    case value_kind::boolean: return value::of(values.boolean(event.row));
    case value_kind::exact: return value::of(int128{values.number(event.row)});
    case value_kind::real: return value::of(values.real(event.row));
    case value_kind::text:
    case value_kind::entity: return value::of(values.id(event.row));
    case value_kind::ip: return value::of(values.address(event.row));
  }
  std::unreachable();
}

// ---- evaluator

evaluator::evaluator(const expression& e, stream::symbols& names, const references& lookups) : lookups_(&lookups) {
  add(e, names);
}

std::uint16_t evaluator::add(const expression& e, stream::symbols& names) {
  node made{.op = e.op, .type = e.type, .index = e.index, .field = e.field, .constant = {}};
  if (e.op == operation::literal) made.constant = to_value(e.constant, e.type, names);
  if (e.op == operation::over_run) {
    made.more = static_cast<std::uint16_t>(runs_.size());
    runs_.push_back({{e.function, e.parameter}, e.field_type});
  }
  if (e.op == operation::graph_call) {
    made.more = static_cast<std::uint16_t>(questions_.size());
    questions_.push_back(*e.question);
    lookups_->prepare(*e.question);
  }
  std::vector<std::uint16_t> places;
  for (const expression& arg : e.args) places.push_back(add(arg, names));
  if (!places.empty()) made.first = places[0];
  if (places.size() > 1) made.second = places[1];
  if (is_text_function(e.op)) {
    add_text_function(made, e, names);
  } else if (places.size() > 2) {
    made.more = static_cast<std::uint16_t>(arguments_.size());
    arguments_.insert(arguments_.end(), places.begin() + 2, places.end());
  }
  if (e.op == operation::score || e.op == operation::graph_call)
    made.field = static_cast<stream::field_id>(places.size());
  nodes_.push_back(made);
  return static_cast<std::uint16_t>(nodes_.size() - 1);
}

void evaluator::add_text_function(node& made, const expression& e, stream::symbols& names) {
  const value_type& first = e.args[0].type;
  const stream::dictionary& of_first = first.kind == value_kind::entity ? names.entities(first.entity) : names.texts();
  const std::string* constant = nullptr;
  if (e.args.size() > 1 && e.args[1].op == operation::literal) constant = std::get_if<std::string>(&e.args[1].constant);
  made.more = static_cast<std::uint16_t>(text_functions_.size());
  text_functions_.emplace_back(e.op, of_first, names.texts(), constant);
}

value evaluator::compute(const node& n, const bindings& from) const {
  const auto argument = [&](std::uint16_t at) { return compute(nodes_[at], from); };
  const auto truth = [&](std::uint16_t at) {
    const value v = compute(nodes_[at], from);
    return v.present && v.boolean;
  };
  switch (n.op) {
    case operation::literal: return n.constant;
    case operation::field: return read_field(from.event, n.field, n.type);
    case operation::bound_field: return read_bound(from.bound[n.index].last, n, from);
    case operation::first_field: return read_bound(from.bound[n.index].first(), n, from);
    case operation::subject: return value::of(from.subject[n.index]);
    case operation::aggregate: return from.aggregates[n.index];
    case operation::span: return value::of(int128{from.span.count()});
    case operation::logical_and: return value::of(truth(n.first) && truth(n.second));
    case operation::logical_or: return value::of(truth(n.first) || truth(n.second));
    case operation::logical_not: return value::of(!truth(n.first));
    case operation::is_missing: return value::of(!argument(n.first).present);
    case operation::in_list: {
      const value v = argument(n.first);
      return value::of(v.present && lookups_->contains(n.index, v, nodes_[n.first].type));
    }
    case operation::or_default: {
      const value v = convert(argument(n.first), nodes_[n.first].type, n.type, from);
      return v.present ? v : convert(argument(n.second), nodes_[n.second].type, n.type, from);
    }
    case operation::over_run: return compute_over_run(n, from);
    case operation::in_subnet: {
      const value v = argument(n.first);
      const int bits = static_cast<int>(nodes_[arguments_[n.more]].constant.exact);
      return value::of(v.present && address_block{nodes_[n.second].constant.ip, bits}.contains(v.ip));
    }
    case operation::table_field: {
      const value key = argument(n.first);
      return key.present ? lookups_->cell(n.index, key, static_cast<std::size_t>(n.field)) : value::missing();
    }
    case operation::in_table: {
      const value key = argument(n.first);
      return value::of(key.present && lookups_->has_row(n.index, key));
    }
    case operation::score: return compute_score(n, from);
    case operation::graph_call: return compute_graph(n, from);
    case operation::this_event: return value::of(int128{last_event});
    case operation::bound_event: return handle_of(from.bound[n.index].last);
    case operation::first_event: return handle_of(from.bound[n.index].first());
    case operation::lower:
    case operation::upper:
    case operation::starts_with:
    case operation::ends_with:
    case operation::contains:
    case operation::matches:
    case operation::length: return compute_text(n, from);
    case operation::absolute: return compute_absolute(n, from);
    case operation::round: return compute_rounded(n, from);
    case operation::distance_km: return compute_distance(n, from);
    case operation::negate:
    case operation::add:
    case operation::subtract: return compute_sum(n, from);
    case operation::multiply: return compute_product(n, from);
    case operation::divide: return compute_quotient(n, from);
    case operation::equal:
    case operation::not_equal:
    case operation::less:
    case operation::less_equal:
    case operation::greater:
    case operation::greater_equal: return compute_comparison(n, from);
  }
  std::unreachable();
}

value evaluator::read_bound(stream::event_handle handle, const node& n, const bindings& from) {
  return handle == stream::no_event ? value::missing() : read_field((*from.log)[handle], n.field, n.type);
}

value evaluator::compute_sum(const node& n, const bindings& from) const {
  const value a = convert(compute(nodes_[n.first], from), nodes_[n.first].type, n.type, from);
  if (!a.present) return a;
  if (n.op == operation::negate) {
    if (n.type.kind == value_kind::real) return value::of(-a.real);
    int128 negated = 0;
    return __builtin_sub_overflow(int128{0}, a.exact, &negated) ? undefined(from) : value::of(negated);
  }
  const value b = convert(compute(nodes_[n.second], from), nodes_[n.second].type, n.type, from);
  if (!b.present) return b;
  const bool adds = n.op == operation::add;
  if (n.type.kind == value_kind::real) return finite(adds ? a.real + b.real : a.real - b.real, from);
  int128 sum = 0;
  const bool overflow =
      adds ? __builtin_add_overflow(a.exact, b.exact, &sum) : __builtin_sub_overflow(a.exact, b.exact, &sum);
  return overflow ? undefined(from) : value::of(sum);
}

value evaluator::compute_product(const node& n, const bindings& from) const {
  const value a = compute(nodes_[n.first], from);
  const value b = compute(nodes_[n.second], from);
  if (!a.present || !b.present) return value::missing();
  if (n.type.kind == value_kind::real) {
    return finite(real_of(a, nodes_[n.first].type) * real_of(b, nodes_[n.second].type), from);
  }
  int128 product = 0;
  return __builtin_mul_overflow(a.exact, b.exact, &product) ? undefined(from) : value::of(product);
}

value evaluator::compute_quotient(const node& n, const bindings& from) const {
  const value a = compute(nodes_[n.first], from);
  const value b = compute(nodes_[n.second], from);
  if (!a.present || !b.present) return value::missing();
  const double divisor = real_of(b, nodes_[n.second].type);
  if (divisor == 0) return undefined(from);
  return finite(real_of(a, nodes_[n.first].type) / divisor, from);
}

value evaluator::compute_comparison(const node& n, const bindings& from) const {
  const node& left = nodes_[n.first];
  const node& right = nodes_[n.second];
  value a = compute(left, from);
  value b = compute(right, from);
  if (!a.present || !b.present) return value::of(false);
  std::partial_ordering order = std::partial_ordering::unordered;
  switch (left.type.kind) {
    case value_kind::boolean: order = a.boolean <=> b.boolean; break;
    case value_kind::text:
    case value_kind::entity: order = a.id <=> b.id; break;
    case value_kind::ip: order = a.ip <=> b.ip; break;
    case value_kind::exact:
    case value_kind::real:
      if (left.type.kind == value_kind::exact && right.type.kind == value_kind::exact) {
        const int digits = std::max(left.type.digits, right.type.digits);
        if (!rescale(a.exact, left.type.digits, digits) || !rescale(b.exact, right.type.digits, digits)) {
          undefined(from);
          return value::of(false);
        }
        order = a.exact <=> b.exact;
      } else {
        order = real_of(a, left.type) <=> real_of(b, right.type);
      }
  }
  return value::of(*decide(n.op, order));
}

value evaluator::compute_over_run(const node& n, const bindings& from) const {
  const run_function& asked = runs_[n.more];
  const bound_step& bound = from.bound[n.index];
  const std::span<const stream::event_handle> one{&bound.last, bound.bound() ? std::size_t{1} : 0};
  const auto run = bound.run.empty() ? one : bound.run;
  if (asked.asked.function == aggregate_function::count) return value::of(static_cast<int128>(run.size()));
  address_numbers addresses;
  accumulator result{asked.asked, asked.field_type};
  for (const stream::event_handle handle : run) {
    const stream::event_view event = (*from.log)[handle];
    if (n.field != at_field && !event[n.field].present(event.row)) continue;
    result.add(to_cell(event, n.field, asked.field_type, addresses));
  }
  return result.result(addresses);
}

value evaluator::compute_text(const node& n, const bindings& from) const {
  const value first = compute(nodes_[n.first], from);
  if (!first.present) return n.type.kind == value_kind::boolean ? value::of(false) : value::missing();
  value second = value::of(stream::symbol{});
  const bool two = n.op != operation::lower && n.op != operation::upper && n.op != operation::length;
  if (two) second = compute(nodes_[n.second], from);
  if (!second.present) return value::of(false);
  return text_functions_[n.more](first.id, second.id);
}

value evaluator::compute_absolute(const node& n, const bindings& from) const {
  const value v = compute(nodes_[n.first], from);
  if (!v.present) return v;
  if (n.type.kind == value_kind::real) return value::of(std::abs(v.real));
  if (v.exact >= 0) return v;
  int128 positive = 0;
  return __builtin_sub_overflow(int128{0}, v.exact, &positive) ? undefined(from) : value::of(positive);
}

// A real counts the unit's smallest part: cents. So does the step to which it is rounded.
value evaluator::compute_rounded(const node& n, const bindings& from) const {
  const value v = compute(nodes_[n.first], from);
  if (!v.present) return v;
  const value_type& type = nodes_[n.first].type;
  if (type.kind == value_kind::real) return finite(rounded(v.real, n.index - base_digits(type)), from);
  int128 number = v.exact;
  const int surplus = type.digits - n.index;
  if (surplus > 0) {
    const int128 step = powers_of_ten[static_cast<std::size_t>(std::min(surplus, powers - 1))];
    int128 halfway = 0;
    if (__builtin_add_overflow(number, number < 0 ? -(step / 2) : step / 2, &halfway)) return undefined(from);
    number = halfway - halfway % step;
  }
  for (int digits = type.digits; digits > n.type.digits; --digits) number /= 10;
  return value::of(number);
}

value evaluator::compute_distance(const node& n, const bindings& from) const {
  std::array<double, 4> degrees{};
  const std::array<std::uint16_t, 4> places{n.first, n.second, arguments_[n.more], arguments_[n.more + 1U]};
  for (std::size_t i = 0; i < places.size(); ++i) {
    const value v = compute(nodes_[places[i]], from);
    if (!v.present) return v;
    degrees[i] = real_of(v, nodes_[places[i]].type);
  }
  return finite(great_circle_km({degrees[0], degrees[1]}, {degrees[2], degrees[3]}), from);
}

value evaluator::compute_score(const node& n, const bindings& from) const {
  boost::container::small_vector<double, 16> given;
  for (std::size_t i = 0; i < static_cast<std::size_t>(n.field); ++i) {
    const std::uint16_t place = i == 0 ? n.first : i == 1 ? n.second : arguments_[n.more + i - 2];
    const value v = compute(nodes_[place], from);
    const value_type& type = nodes_[place].type;
    if (!v.present) {
      given.push_back(std::numeric_limits<double>::quiet_NaN());
    } else if (type.kind == value_kind::boolean) {
      given.push_back(v.boolean ? 1 : 0);
    } else {
      given.push_back(in_whole_units(real_of(v, type), type));
    }
  }
  return finite(lookups_->score(n.index, given), from);
}

graph_answer evaluator::ask(const node& n, const bindings& from) const {
  std::array<value, 2> args{};
  const auto count = static_cast<std::size_t>(n.field);
  if (count > 0) args[0] = compute(nodes_[n.first], from);
  if (count > 1) args[1] = compute(nodes_[n.second], from);
  graph_answer said = lookups_->ask(questions_[n.more], std::span(args).first(count));
  if (said.truncated && !said.result.present && from.truncated != nullptr) ++*from.truncated;
  return said;
}

value evaluator::compute_graph(const node& n, const bindings& from) const {
  return from.answers.empty() ? ask(n, from).result : from.answers[n.index];
}

}  // namespace weir::cep
