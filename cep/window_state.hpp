#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "cep/pattern.hpp"
#include "cep/ring.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// A field's value in eight bytes: a number, the bits of a double, an id, a bool. Addresses are numbered first.
using cell = std::int64_t;

/// Gives the addresses that a window counts a number each, so that they fit in a cell.
class address_numbers {
 public:
  cell number(const stream::ip_address& address);
  const stream::ip_address& operator[](cell number) const { return addresses_[static_cast<std::size_t>(number)]; }

 private:
  struct hash {
    std::size_t operator()(const stream::ip_address& address) const;
  };
  boost::unordered_flat_map<stream::ip_address, cell, hash> numbers_;
  std::vector<stream::ip_address> addresses_;
};

/// What one window of a pattern keeps for each subject, worked out once from the aggregates that read it.
struct window_shape {
  cep::window window;
  std::optional<stream::field_id> field;
  value_type field_type;    // of `field`
  bool correlated = false;  // keeps handles; every evaluation looks through them
  bool values = false;      // keeps the cells
  bool sum = false;         // keeps an exact running sum
  bool min = false;
  bool max = false;
  bool distinct = false;

  /// How long an event can matter; `duration::max()` where the window is counted in events.
  stream::duration horizon() const;
};

/// One subject's window: its events' times and values, oldest first, and what is kept up to date about them. Sums of
/// doubles are taken afresh, in order, so that they do not depend on what has left the window.
class window_state {
 public:
  /// Takes an event of the filter. `value` is used where the shape keeps values, `handle` where it is correlated.
  void add(const window_shape& shape, stream::timestamp at, cell value, stream::event_handle handle);
  /// Lets go of events that the window no longer reaches at time `now`.
  void advance(const window_shape& shape, stream::timestamp now);

  value result(aggregate_function function, const window_shape& shape, const address_numbers& addresses) const;

  const ring<stream::event_handle>& handles() const { return handles_; }
  bool empty() const { return times_.empty(); }
  void prefetch() const {
    times_.prefetch_ends();
    values_.prefetch_ends();
  }
  std::size_t bytes() const;

 private:
  struct extreme {
    std::uint64_t number;  // of the event in this window's history
    cell value;
  };
  // Allocated only where an aggregate asks for them: most windows need times and a sum at most.
  struct details {
    ring<extreme> minima;
    ring<extreme> maxima;
    boost::unordered_flat_map<cell, std::uint32_t> counts;
  };

  void drop_oldest(const window_shape& shape);
  void add_details(const window_shape& shape, cell value);

  ring<stream::timestamp> times_;
  ring<cell> values_;
  ring<stream::event_handle> handles_;
  int128 sum_ = 0;
  std::uint64_t dropped_ = 0;  // so the oldest event's number is dropped_, the newest's dropped_ + size - 1
  std::unique_ptr<details> details_;
};

/// Computes an aggregate over values that are looked at one by one: for correlated windows.
class accumulator {
 public:
  accumulator(aggregate_function function, const value_type& field_type) : function_(function), type_(field_type) {}

  void add(cell value);
  value result(const address_numbers& addresses) const;

 private:
  aggregate_function function_;
  value_type type_;
  std::uint64_t count_ = 0;
  int128 sum_ = 0;
  double real_sum_ = 0;
  double real_rest_ = 0;  // what rounding has taken from real_sum_ (Neumaier 1974)
  cell kept_ = 0;         // the least, greatest, first or last so far
  boost::unordered_flat_map<cell, std::uint32_t> counts_;
};

/// The mean of exact numbers whose sum is known, as a real; missing of none.
value average(int128 sum, std::size_t count, const value_type& type);

/// The field's value as a cell; the event must have it.
cell to_cell(const stream::event_view& event, stream::field_id field, const value_type& type,
             address_numbers& addresses);

}  // namespace weir::cep
