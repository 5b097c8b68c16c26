#include "cep/guards.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <utility>

namespace weir::cep {

namespace {

// A scan of its own costs a guard less than a look-up costs a row, until there are some.
constexpr std::size_t guards_min = 16;

}  // namespace

guard_id guards::add(stream::event_type_id type, const expression& condition) {
  std::string text = std::to_string(static_cast<int>(type)) + " " + to_text(condition);
  const auto [found, is_new] = by_text_.try_emplace(std::move(text), static_cast<guard_id>(guards_.size()));
  if (!is_new) return found->second;
  guard made{.type = type};
  expression rest = always();
  for (expression& part : conjuncts(condition)) {
    if (auto scan = column_scan::make(part, *names_)) {
      made.scans.push_back(*scan);
    } else {
      rest = both(std::move(rest), std::move(part));
    }
  }
  if (!is_always(rest)) made.rest.emplace(rest, *names_, *lookups_);
  guards_.push_back(std::move(made));
  return found->second;
}

void guards::evaluate(const stream::batch& rows) {
  if (known_to_indexes_ != guards_.size()) make_indexes();
  in_one_table_ = find_places(rows);
  for (const constant_index& index : indexes_) look_up(index, rows[index.type]);
  for (const range_index& index : ranges_) look_up(index, rows[index.type]);
  for (guard& g : guards_) {
    evaluate(g, rows[g.type]);
    if (in_one_table_ && rows[g.type].size() == rows.size()) {
      g.bits.swap(by_row_);  // a row's number is its place
    } else {
      move_to_places(g, rows.size());
    }
  }
}

void guards::make_indexes() {
  make_constant_indexes();
  make_range_indexes();
  known_to_indexes_ = guards_.size();
}

void guards::make_constant_indexes() {
  std::map<std::pair<stream::event_type_id, stream::field_id>, std::vector<std::pair<std::uint32_t, std::size_t>>>
      by_field;
  for (std::uint32_t number = 0; number < guards_.size(); ++number) {
    const guard& g = guards_[number];
    for (std::size_t scan = 0; scan < g.scans.size(); ++scan) {
      const auto equality = g.scans[scan].as_id_equality();
      if (equality && !g.indexed) by_field[{g.type, equality->field}].emplace_back(number, scan);
    }
  }
  for (const auto& [field, members] : by_field) {
    const auto known = std::ranges::find_if(
        indexes_, [&](const constant_index& i) { return i.type == field.first && i.field == field.second; });
    if (known == indexes_.end() && members.size() < guards_min) continue;
    constant_index& index = known == indexes_.end()
                                ? indexes_.emplace_back(constant_index{.type = field.first, .field = field.second})
                                : *known;
    for (const auto& [number, scan] : members) add_to_index(index, number, scan);
  }
}

// ---- by range

/// What all scans of the field leave, if they bound it on both sides.
std::optional<interval_index::interval> guards::range_of(std::uint32_t number, stream::field_id field) const {
  using limits = std::numeric_limits<std::int64_t>;
  interval_index::interval range{.least = limits::min(), .greatest = limits::max(), .member = number};
  for (const column_scan& scan : guards_[number].scans) {
    const auto bounds = scan.as_number_range();
    if (!bounds || bounds->field != field) continue;
    range.least = std::max(range.least, bounds->least);
    range.greatest = std::min(range.greatest, bounds->greatest);
  }
  if (range.least == limits::min() || range.greatest == limits::max()) return std::nullopt;
  return range;
}

void guards::make_range_indexes() {
  std::map<std::pair<stream::event_type_id, stream::field_id>, std::vector<interval_index::interval>> by_field;
  for (std::uint32_t number = 0; number < guards_.size(); ++number) {
    const guard& g = guards_[number];
    if (g.indexed) continue;
    for (const column_scan& scan : g.scans) {
      const auto bounds = scan.as_number_range();
      const auto range = bounds ? range_of(number, bounds->field) : std::nullopt;
      if (!range) continue;
      by_field[{g.type, bounds->field}].push_back(*range);
      break;
    }
  }
  for (auto& [field, ranges] : by_field) add_ranges(field.first, field.second, std::move(ranges));
}

/// A look-up pays where there are many ranges, and a number lies in few of them.
void guards::add_ranges(stream::event_type_id type, stream::field_id field,
                        std::vector<interval_index::interval> added) {
  const auto known =
      std::ranges::find_if(ranges_, [&](const range_index& i) { return i.type == type && i.field == field; });
  auto all = known == ranges_.end() ? std::vector<interval_index::interval>{} : known->ranges;
  all.insert(all.end(), added.begin(), added.end());
  interval_index found(all);
  const bool crowded = found.entries() > found.segments() * all.size() / 8;
  if (known == ranges_.end() && (all.size() < guards_min || crowded)) return;
  for (const auto& range : added) {
    guard& g = guards_[range.member];
    std::erase_if(g.scans, [field](const column_scan& scan) {
      const auto bounds = scan.as_number_range();
      return bounds && bounds->field == field;
    });
    g.indexed = true;
  }
  range_index made{.type = type, .field = field, .ranges = std::move(all), .found = std::move(found)};
  if (known == ranges_.end()) {
    ranges_.push_back(std::move(made));
  } else {
    *known = std::move(made);
  }
}

/// Into the bits of the index's guards: a bit a row.
void guards::look_up(const range_index& index, const stream::table& rows) {
  const std::size_t words = (rows.size() + 63) / 64;
  for (const auto& range : index.ranges) guards_[range.member].bits.assign(words, 0);
  if (rows.size() == 0) return;
  const stream::column& column = rows[index.field];
  const auto& numbers = column.values<stream::column::numbers>();
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    if (!column.present(row)) continue;
    for (const std::uint32_t number : index.found.at(numbers[row])) {
      guards_[number].bits[row / 64] |= std::uint64_t{1} << (row % 64);
    }
  }
}

// ---- by constant

void guards::add_to_index(constant_index& index, std::uint32_t number, std::size_t scan) {
  guard& g = guards_[number];
  if (g.indexed) return;  // by another field
  const auto id = static_cast<std::size_t>(g.scans[scan].as_id_equality()->constant);
  if (id >= index.entries.size()) index.entries.resize(id + 1);
  std::uint32_t& entry = index.entries[id];
  if (entry == 0) {
    index.guards.emplace_back();
    entry = static_cast<std::uint32_t>(index.guards.size());
  }
  index.guards[entry - 1].push_back(number);
  g.scans.erase(g.scans.begin() + static_cast<std::ptrdiff_t>(scan));
  g.indexed = true;
}

/// Into the bits of the index's guards: a bit a row.
void guards::look_up(const constant_index& index, const stream::table& rows) {
  const std::size_t words = (rows.size() + 63) / 64;
  for (const auto& members : index.guards) {
    for (const std::uint32_t number : members) guards_[number].bits.assign(words, 0);
  }
  if (rows.size() == 0) return;
  const stream::column& column = rows[index.field];
  const auto& ids = column.values<stream::column::symbol_ids>();
  for (std::size_t row = 0; row < ids.size(); ++row) {
    const auto id = static_cast<std::size_t>(ids[row]);
    if (id >= index.entries.size() || index.entries[id] == 0 || !column.present(row)) continue;
    for (const std::uint32_t number : index.guards[index.entries[id] - 1]) {
      guards_[number].bits[row / 64] |= std::uint64_t{1} << (row % 64);
    }
  }
}

/// Where in the order each row of each table stands; true, and nothing is found, when the batch is the rows of one
/// table as they stand there.
bool guards::find_places(const stream::batch& rows) {
  const auto order = rows.order();
  bool as_in_table = true;
  for (std::size_t place = 0; as_in_table && place < order.size(); ++place) {
    as_in_table = order[place] == stream::row_ref{order.front().type, static_cast<std::uint32_t>(place)};
  }
  if (as_in_table) return true;
  places_.resize(rows.tables().size());
  for (std::size_t type = 0; type < places_.size(); ++type) places_[type].resize(rows.tables()[type].size());
  for (std::size_t place = 0; place < order.size(); ++place) {
    places_[static_cast<std::size_t>(order[place].type)][order[place].row] = static_cast<std::uint32_t>(place);
  }
  return false;
}

void guards::move_to_places(guard& g, std::size_t places) {
  g.bits.assign((places + 63) / 64, 0);
  if (by_row_.empty()) return;
  const auto& place_of = places_[static_cast<std::size_t>(g.type)];
  for (std::size_t word = 0; word < by_row_.size(); ++word) {
    for (std::uint64_t bits = by_row_[word]; bits != 0; bits &= bits - 1) {
      const std::uint32_t place = place_of[word * 64 + static_cast<unsigned>(std::countr_zero(bits))];
      g.bits[place / 64] |= std::uint64_t{1} << (place % 64);
    }
  }
}

/// Into by_row_: a bit a row of the guard's table.
void guards::evaluate(guard& g, const stream::table& rows) {
  if (g.indexed) {
    by_row_.swap(g.bits);
  } else {
    by_row_.assign((rows.size() + 63) / 64, ~std::uint64_t{0});
    if (rows.size() % 64 != 0) by_row_.back() = (std::uint64_t{1} << (rows.size() % 64)) - 1;
  }
  for (const column_scan& scan : g.scans) scan.narrow(rows, by_row_);
  if (!g.rest) return;
  bindings from{.event = {.type = g.type, .rows = &rows}, .undefined = &g.undefined};
  for (std::size_t word = 0; word < by_row_.size(); ++word) {
    for (std::uint64_t bits = by_row_[word]; bits != 0; bits &= bits - 1) {
      const auto bit = static_cast<unsigned>(std::countr_zero(bits));
      from.event.row = static_cast<std::uint32_t>(word * 64 + bit);
      if (!g.rest->holds(from)) by_row_[word] &= ~(std::uint64_t{1} << bit);
    }
  }
}

}  // namespace weir::cep
