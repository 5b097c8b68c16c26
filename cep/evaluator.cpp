#include "cep/evaluator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <compare>
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

struct constant_value_of {
  const value_type& type;
  stream::symbols& names;

  value operator()(bool b) const { return value::of(b); }
  value operator()(int128 n) const { return value::of(n); }
  value operator()(double d) const { return value::of(d); }
  value operator()(const stream::ip_address& ip) const { return value::of(ip); }
  value operator()(const std::string& text) const {
    return value::of(type.kind == value_kind::entity ? names.entities(type.entity).intern(text)
                                                     : names.texts().intern(text));
  }
};

value undefined(const bindings& from) {
  if (from.undefined != nullptr) ++*from.undefined;
  return value::missing();
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

// ---- references

references::references(const reference_data& data, stream::symbols& names) {
  for (const value_list& list : data.lists) {
    members& into = lists_.emplace_back();
    for (const std::string& text : list.values) {
      if (list.type.kind == value_kind::entity) {
        into.ids.insert(names.entities(list.type.entity).intern(text));
      } else if (list.type.kind == value_kind::text) {
        into.ids.insert(names.texts().intern(text));
      } else if (list.type.kind == value_kind::exact) {
        into.numbers.push_back(std::stoll(text));  // the checker let only whole numbers through
      }
    }
    std::ranges::sort(into.numbers);
  }
}

bool references::contains(std::size_t list, const value& v, const value_type& type) const {
  const members& in = lists_[list];
  if (type.kind != value_kind::exact) return in.ids.contains(v.id);
  return std::ranges::binary_search(in.numbers, v.exact);
}

// ---- evaluator

evaluator::evaluator(const expression& e, stream::symbols& names, const references& lookups) : lookups_(&lookups) {
  add(e, names);
}

std::uint16_t evaluator::add(const expression& e, stream::symbols& names) {
  node made{.op = e.op, .type = e.type, .index = e.index, .field = e.field, .constant = {}};
  if (e.op == operation::literal) made.constant = std::visit(constant_value_of{e.type, names}, e.constant);
  if (!e.args.empty()) made.first = add(e.args[0], names);
  if (e.args.size() > 1) made.second = add(e.args[1], names);
  nodes_.push_back(made);
  return static_cast<std::uint16_t>(nodes_.size() - 1);
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
    case operation::negate:
    case operation::add:
    case operation::subtract: return compute_sum(n, from);
    case operation::multiply: return compute_product(n, from);
    case operation::divide: return compute_quotient(n, from);
    default: return compute_comparison(n, from);
  }
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

}  // namespace weir::cep
