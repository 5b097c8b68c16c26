#include "stream/order.hpp"

#include <algorithm>
#include <utility>

namespace weir::stream {

namespace {

release_limit limit_of(const order_key& key) { return {key.at, key.from.source}; }

void append(batch& into, const batch& from, row_ref row) {
  table& rows = into[row.type];
  into.append_to_order({row.type, static_cast<std::uint32_t>(rows.size())});
  rows.push_from(from[row.type], row.row);
}

}  // namespace

order_key waiting_rows::run::key_at(std::size_t place) const {
  const row_ref row = rows.order()[place];
  return {rows.at(row), rows.from(row)};
}

void waiting_rows::add(batch rows) {
  if (rows.size() == 0) return;
  const auto key_of = [&rows](row_ref row) { return order_key{rows.at(row), rows.from(row)}; };
  if (!std::ranges::is_sorted(rows.order(), {}, key_of)) rows.order_all();
  size_ += rows.size();
  auto added = std::make_unique<run>(run{std::move(rows), 0, {}});
  added->key = added->key_at(0);
  runs_.push_back(std::move(added));
  std::ranges::push_heap(runs_, comes_later);
}

std::optional<timestamp> waiting_rows::next_time() const {
  if (runs_.empty()) return std::nullopt;
  return runs_.front()->key.at;
}

void waiting_rows::release(release_limit limit, std::size_t rows_max, batch& into) {
  while (!runs_.empty() && into.size() < rows_max && limit_of(runs_.front()->key) <= limit) {
    if (!move_whole(limit, rows_max, into)) copy_rows(limit, rows_max, into);
  }
}

/// The key that comes after all of the first run's that are less: the least of the other runs.
std::optional<order_key> waiting_rows::second_key() const {
  std::optional<order_key> second;
  for (std::size_t i = 1; i < std::min<std::size_t>(runs_.size(), 3); ++i) {  // a heap's second is one of these
    if (!second || runs_[i]->key < *second) second = runs_[i]->key;
  }
  return second;
}

bool waiting_rows::move_whole(release_limit limit, std::size_t rows_max, batch& into) {
  const run& first = *runs_.front();
  if (into.size() != 0 || first.next != 0 || first.size() > rows_max) return false;
  const order_key last = first.key_at(first.rows.size() - 1);
  const auto second = second_key();
  if (limit_of(last) > limit || (second && *second < last)) return false;
  std::ranges::pop_heap(runs_, comes_later);
  size_ -= runs_.back()->size();
  into = std::move(runs_.back()->rows);
  runs_.pop_back();
  return true;
}

/// Copies rows of the first run, as many as come before those of all other runs.
void waiting_rows::copy_rows(release_limit limit, std::size_t rows_max, batch& into) {
  const auto second = second_key();
  std::ranges::pop_heap(runs_, comes_later);
  run& first = *runs_.back();
  const auto is_due = [&] { return limit_of(first.key) <= limit && (!second || first.key < *second); };
  while (into.size() < rows_max && is_due()) {
    append(into, first.rows, first.rows.order()[first.next]);
    --size_;
    if (++first.next == first.rows.size()) {
      runs_.pop_back();
      return;
    }
    first.key = first.key_at(first.next);
  }
  std::ranges::push_heap(runs_, comes_later);
}

}  // namespace weir::stream
