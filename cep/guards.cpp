#include "cep/guards.hpp"

#include <bit>
#include <utility>

namespace weir::cep {

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
  const bool as_in_table = find_places(rows);
  for (guard& g : guards_) {
    evaluate(g, rows[g.type]);
    if (as_in_table && rows[g.type].size() == rows.size()) {
      g.bits.swap(by_row_);  // a row's number is its place
    } else {
      move_to_places(g, rows.size());
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
  by_row_.assign((rows.size() + 63) / 64, ~std::uint64_t{0});
  if (rows.size() % 64 != 0) by_row_.back() = (std::uint64_t{1} << (rows.size() % 64)) - 1;
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
