#include "cep/column_scan.hpp"

#include <functional>
#include <limits>
#include <utility>

namespace weir::cep {

namespace {

operation mirrored(operation op) {
  switch (op) {
    case operation::less: return operation::greater;
    case operation::less_equal: return operation::greater_equal;
    case operation::greater: return operation::less;
    case operation::greater_equal: return operation::less_equal;
    default: return op;
  }
}

// Branch-free, so that the compiler compares several values at a time.
template <class Values, class Compare>
void narrow_by(const Values& values, std::span<std::uint64_t> bits, const Compare& holds) {
  const std::size_t rows = values.size();
  for (std::size_t word = 0; word < bits.size(); ++word) {
    if (bits[word] == 0) continue;
    const std::size_t first = word * 64;
    const std::size_t end = std::min<std::size_t>(64, rows - first);
    std::uint64_t held = 0;
    for (std::size_t i = 0; i < end; ++i) held |= std::uint64_t{holds(values[first + i])} << i;
    bits[word] &= held;
  }
}

template <class Values, class Constant>
void narrow_as(const Values& values, operation op, Constant constant, std::span<std::uint64_t> bits) {
  const auto against = [&](auto compare) {
    narrow_by(values, bits, [=](const auto& v) { return compare(static_cast<Constant>(v), constant); });
  };
  switch (op) {
    case operation::equal: return against(std::equal_to<>{});
    case operation::not_equal: return against(std::not_equal_to<>{});
    case operation::less: return against(std::less<>{});
    case operation::less_equal: return against(std::less_equal<>{});
    case operation::greater: return against(std::greater<>{});
    case operation::greater_equal: return against(std::greater_equal<>{});
    default: std::unreachable();
  }
}

bool is_comparison(operation op) { return op >= operation::equal && op <= operation::greater_equal; }

}  // namespace

std::optional<column_scan> column_scan::make(const expression& condition, stream::symbols& names) {
  if (!is_comparison(condition.op)) return std::nullopt;
  const bool constant_first = condition.args[0].op == operation::literal;
  const expression& field = condition.args[constant_first ? 1 : 0];
  const expression& constant = condition.args[constant_first ? 0 : 1];
  if (field.op != operation::field || field.field == at_field || constant.op != operation::literal) return std::nullopt;
  column_scan made;
  made.field_ = field.field;
  made.op_ = constant_first ? mirrored(condition.op) : condition.op;
  made.kind_ = field.type.kind;
  switch (field.type.kind) {
    case value_kind::exact: {
      if (constant.type.kind != value_kind::exact || constant.type.digits > field.type.digits) return std::nullopt;
      int128 number = std::get<int128>(constant.constant);
      using limits = std::numeric_limits<std::int64_t>;
      const bool fits = rescale(number, constant.type.digits, field.type.digits) && number >= limits::min() &&
                        number <= limits::max();
      if (!fits) return std::nullopt;
      made.constant_ = static_cast<std::int64_t>(number);
      return made;
    }
    case value_kind::text:
    case value_kind::entity: {
      const auto* text = std::get_if<std::string>(&constant.constant);
      if (text == nullptr) return std::nullopt;
      auto& dictionary = field.type.kind == value_kind::entity ? names.entities(field.type.entity) : names.texts();
      made.constant_ = static_cast<std::int64_t>(dictionary.intern(*text));
      return made;
    }
    case value_kind::boolean: {
      const bool* truth = std::get_if<bool>(&constant.constant);
      if (truth == nullptr) return std::nullopt;
      made.constant_ = *truth ? 1 : 0;
      return made;
    }
    case value_kind::real:
    case value_kind::ip: return std::nullopt;
  }
  std::unreachable();
}

std::optional<column_scan::id_equality> column_scan::as_id_equality() const {
  const bool ids = kind_ == value_kind::text || kind_ == value_kind::entity;
  if (!ids || op_ != operation::equal) return std::nullopt;
  return id_equality{field_, static_cast<stream::symbol>(constant_)};
}

std::optional<column_scan::number_range> column_scan::as_number_range() const {
  using limits = std::numeric_limits<std::int64_t>;
  if (kind_ != value_kind::exact) return std::nullopt;
  switch (op_) {
    case operation::equal: return number_range{field_, constant_, constant_};
    case operation::less_equal: return number_range{field_, limits::min(), constant_};
    case operation::greater_equal: return number_range{field_, constant_, limits::max()};
    case operation::less:
      if (constant_ == limits::min()) return std::nullopt;
      return number_range{field_, limits::min(), constant_ - 1};
    case operation::greater:
      if (constant_ == limits::max()) return std::nullopt;
      return number_range{field_, constant_ + 1, limits::max()};
    default: return std::nullopt;
  }
}

void column_scan::narrow(const stream::table& rows, std::span<std::uint64_t> bits) const {
  const stream::column& column = rows[field_];
  const auto present = column.validity();
  for (std::size_t word = 0; word < bits.size(); ++word) bits[word] &= present[word];
  switch (kind_) {
    case value_kind::exact: return narrow_as(column.values<stream::column::numbers>(), op_, constant_, bits);
    case value_kind::text:
    case value_kind::entity:
      return narrow_as(column.values<stream::column::symbol_ids>(), op_, static_cast<std::uint32_t>(constant_), bits);
    case value_kind::boolean:
      return narrow_as(column.values<stream::column::booleans>(), op_, static_cast<std::uint8_t>(constant_), bits);
    default: std::unreachable();
  }
}

}  // namespace weir::cep
