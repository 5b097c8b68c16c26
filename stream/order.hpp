#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "stream/batch.hpp"

namespace weir::stream {

/// An event's place in the stream's total order.
struct order_key {
  timestamp at{};
  origin from;

  friend auto operator<=>(const order_key&, const order_key&) = default;
};

/// How far the order is known: rows up to this time and, at this very time, up to this source, have no row still to
/// come before them.
struct release_limit {
  timestamp at = start_of_time;
  source_id source{};

  friend auto operator<=>(const release_limit&, const release_limit&) = default;
};

/// Rows that wait for their turn, and the merge that gives them out by (time, source, position). One thread.
///
/// Rows come in chunks; each chunk is sorted once and stays where it was decoded. A heap holds the chunks by their
/// next rows, so that a row given out costs a comparison or two when its neighbours come from the same chunk, and a
/// chunk that is due as a whole is moved, not copied.
class waiting_rows {
 public:
  /// Takes a chunk of decoded rows, listed in its order in any sequence.
  void add(batch rows);

  std::size_t size() const { return size_; }
  /// The time of the row that is next, if any waits.
  std::optional<timestamp> next_time() const;

  /// Moves rows up to `limit` into `into`, in order, until that holds `rows_max`.
  void release(release_limit limit, std::size_t rows_max, batch& into);

 private:
  struct run {
    batch rows;
    std::size_t next = 0;  // place in its order
    order_key key;         // of the row there

    order_key key_at(std::size_t place) const;
    std::size_t size() const { return rows.size() - next; }
  };

  static bool comes_later(const std::unique_ptr<run>& a, const std::unique_ptr<run>& b) { return a->key > b->key; }

  std::optional<order_key> second_key() const;
  bool move_whole(release_limit limit, std::size_t rows_max, batch& into);
  void copy_rows(release_limit limit, std::size_t rows_max, batch& into);

  std::vector<std::unique_ptr<run>> runs_;  // a heap; the run with the least key is at the front
  std::size_t size_ = 0;
};

}  // namespace weir::stream
