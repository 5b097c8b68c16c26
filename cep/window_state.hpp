#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "cep/calendar.hpp"
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

/// A function, and what it is asked for beside the values.
struct computation {
  // NOLINTNEXTLINE(google-explicit-constructor): most functions are asked for nothing else
  computation(aggregate_function what, double rank = 0) : function(what), parameter(rank) {}

  aggregate_function function;
  double parameter;  // of percentile: from 0 to 1
};

/// What one window of a pattern keeps for each subject, worked out once from the aggregates that read it.
struct window_shape {
  cep::window window;
  std::optional<stream::field_id> field;
  value_type field_type;    // of `field`
  bool correlated = false;  // keeps handles; every evaluation looks through them
  bool values = false;      // keeps the cells
  bool sum = false;         // keeps an exact running sum
  bool squares = false;     // and one of the squares
  bool min = false;
  bool max = false;
  bool distinct = false;
  bool latest = false;             // of `previous`: takes the events that lack the field too
  bool tracked = false;            // keeps handles, so that events can be forgotten
  std::optional<calendar> days{};  // of a calendar_extent

  /// Whether the event has what the window is of.
  bool has_field(const stream::event_view& event) const {
    return !field || *field == at_field || event[*field].present(event.row);
  }
  /// Has what `function` asks for kept.
  void keep_for(aggregate_function function);

  /// How long an event can matter; `duration::max()` where the window is counted in events. Of a session: how long
  /// nothing must come for it to be over.
  stream::duration horizon() const;
};

/// A sum of squares of 64-bit numbers, exact: 192 bits hold it for any number of them that memory holds.
class wide_sum {
 public:
  void add(cell number) { move(square(number)); }
  void subtract(cell number);

  __extension__ using uint128 = unsigned __int128;
  uint128 low() const { return low_; }
  std::uint64_t high() const { return high_; }

 private:
  static uint128 square(cell number) {
    const auto magnitude = static_cast<uint128>(number < 0 ? -int128{number} : int128{number});
    return magnitude * magnitude;
  }
  void move(uint128 added) { high_ += static_cast<std::uint64_t>(__builtin_add_overflow(low_, added, &low_)); }

  uint128 low_ = 0;
  std::uint64_t high_ = 0;
};

/// One subject's window: its events' times and values, oldest first, and what is kept up to date about them. Sums of
/// doubles are taken afresh, in order, so that they do not depend on what has left the window.
class window_state {
 public:
  /// Takes an event of the filter. `value` is used where the shape keeps values, `handle` where it is correlated. Only
  /// where the shape is of the latest event may it lack the field.
  void add(const window_shape& shape, stream::timestamp at, cell value, stream::event_handle handle,
           bool has_field = true);
  /// Lets go of events that the window no longer reaches at time `now`, and takes in those that it now reaches.
  void advance(const window_shape& shape, stream::timestamp now);

  /// Lets go of this event, of a tracked window, and of all that are older.
  void forget(const window_shape& shape, stream::event_handle event);

  value result(computation asked, const window_shape& shape, const address_numbers& addresses) const;

  /// Of a correlated window: its events, oldest first; of a window that ends in the past, younger ones behind them.
  const ring<stream::event_handle>& handles() const { return handles_; }
  /// How many of the oldest are in the window.
  std::size_t size() const { return reached_; }
  /// True if it holds nothing, not even what it has yet to reach.
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
    wide_sum squares;
    stream::timestamp period_end = stream::start_of_time;  // of the calendar's period that has begun
  };

  details& more();
  void reach(const window_shape& shape);
  void reach_until(const window_shape& shape, stream::timestamp end);
  void drop_before(const window_shape& shape, stream::timestamp oldest);
  void drop_oldest(const window_shape& shape);
  void drop_all();
  void add_details(const window_shape& shape, cell value);
  value over_all(computation asked, const window_shape& shape, const address_numbers& addresses) const;

  ring<stream::timestamp> times_;
  ring<cell> values_;
  ring<stream::event_handle> handles_;
  std::uint32_t reached_ = 0;  // all, but in a window that ends in the past
  bool has_field_ = true;      // the latest event
  int128 sum_ = 0;
  std::uint64_t dropped_ = 0;  // so the oldest event's number is dropped_, the newest's dropped_ + size - 1
  std::unique_ptr<details> details_;
};

/// A sum of doubles that carries what rounding takes from it (Neumaier 1974).
class careful_sum {
 public:
  void add(double number);
  double total() const { return sum_ + rest_; }
  bool finite() const;

 private:
  double sum_ = 0;
  double rest_ = 0;
};

/// Computes an aggregate over values that are looked at one by one: for correlated windows, and for runs.
class accumulator {
 public:
  accumulator(computation asked, const value_type& field_type) : asked_(asked), type_(field_type) {}

  void add(cell value);
  value result(const address_numbers& addresses) const;

 private:
  value deviation() const;

  computation asked_;
  value_type type_;
  std::uint64_t count_ = 0;
  int128 sum_ = 0;
  wide_sum squares_;
  careful_sum real_sum_;
  cell kept_ = 0;  // the least, greatest, first or last so far
  boost::unordered_flat_map<cell, std::uint32_t> counts_;
  std::vector<cell> values_;  // of a percentile, and of a deviation of reals
};

/// The mean of exact numbers whose sum is known, as a real; missing of none.
value average(int128 sum, std::size_t count, const value_type& type);

/// What `average` gives for `count` numbers, at least one, with `surplus` digits beyond their unit's.
inline double mean(int128 sum, std::size_t count, int surplus) {
  auto divisor = static_cast<double>(count);
  for (int digits = 0; digits < surplus; ++digits) divisor *= 10;
  const auto narrow = static_cast<std::int64_t>(sum);  // converts much faster, and most sums fit
  return (narrow == sum ? static_cast<double>(narrow) : static_cast<double>(sum)) / divisor;
}

/// The field's value as a cell; the event must have it.
cell to_cell(const stream::event_view& event, stream::field_id field, const value_type& type,
             address_numbers& addresses);

}  // namespace weir::cep
