#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cep/calendar.hpp"
#include "cep/limits.hpp"
#include "cep/pattern.hpp"
#include "cep/ring.hpp"
#include "cep/sequence.hpp"

namespace weir::cep {

/// What of a pattern holds events, worked out once: its match, as its first part, and each of its windows.
struct held_shape {
  struct part {
    window held;                     // of the match: for so long after its time
    std::optional<calendar> days{};  // of a calendar_extent
    bool forever = false;            // the match, where it has no `within`
  };

  state_limits most;
  std::vector<part> parts;
  std::vector<bool> steps;  // whose events the match holds
};

/// How long the match of a pattern holds an event that may be part of it or break it; nothing: for ever.
std::optional<stream::duration> match_reach(const pattern& p);

/// The events of one subject that a pattern holds (docs/semantics.md, "Limits"), by definition: what the matcher keeps
/// of them may be less. Kept only where there is a limit. Times and events never go back.
class held_events {
 public:
  explicit held_events(const held_shape& shape) : parts_(shape.parts.size()) {}

  /// What no part holds any more at `now`, goes.
  void advance(const held_shape& shape, stream::timestamp now);
  /// How many it would hold with one event more, which these parts hold.
  std::size_t size_with(const held_shape& shape, std::span<const std::uint32_t> parts) const;
  void add(const held_shape& shape, const candidate& event, std::span<const std::uint32_t> parts);
  /// That event goes, and all that are older.
  void forget(stream::event_handle event);

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  stream::event_handle oldest() const { return events_.front().handle; }
  /// The last moment at which it holds any of what it holds now.
  stream::timestamp until(const held_shape& shape) const;

 private:
  struct part_state {
    ring<candidate> events;
    stream::timestamp period_end = stream::start_of_time;  // of the calendar's period that has begun
  };
  struct entry {
    stream::event_handle handle{};
    std::uint32_t parts = 0;  // that hold it; none: it has gone, and is still here for those around it
  };

  void drop_before(part_state& part, stream::timestamp oldest);
  void drop_oldest(part_state& part);
  void release(stream::event_handle handle);
  const entry& entry_of(stream::event_handle handle) const { return events_[place_of(handle)]; }
  std::size_t place_of(stream::event_handle handle) const;
  void close_gaps();

  std::vector<part_state> parts_;
  ring<entry> events_;  // the oldest is held
  std::size_t size_ = 0;
};

}  // namespace weir::cep
