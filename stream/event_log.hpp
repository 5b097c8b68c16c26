#pragma once

#include <cstdint>
#include <deque>

#include "stream/batch.hpp"

namespace weir::stream {

/// An event of the log: 64 bits that order as the stream does (a handle is less exactly when its event comes before).
/// Good until the log drops the event's batch. The value depends on the cut into batches: never show or store it.
enum class event_handle : std::uint64_t {};

inline constexpr event_handle no_event{~std::uint64_t{0}};

/// A row in place: the table that holds it, and where.
struct event_view {
  event_type_id type{};
  const table* rows = nullptr;
  std::uint32_t row = 0;

  timestamp at() const { return rows->at(row); }
  const origin& from() const { return rows->from(row); }
  const column& operator[](field_id field) const { return (*rows)[field]; }
};

/// The retained log: the batches that partial matches and alerts may still read. Owned by the loop; the engine only
/// reads it. Batches older than the longest window of any rule that binds events are dropped.
class event_log {
 public:
  /// Takes the next batch; its events come after all before.
  const batch& append(batch next);

  const batch& last() const { return batches_.back(); }
  event_handle handle(std::size_t place_in_last_batch) const;

  /// The event behind a handle. Constant time. The event's batch must not have been dropped.
  event_view operator[](event_handle handle) const;

  /// Makes the batches, of `from`, those of `to`, a schema that it has grown to (adapt.hpp).
  void adapt(const schema& from, const schema& to, dictionary& texts);

  /// Forgets whole batches whose events are all before `horizon`; the last batch always stays.
  void drop_before(timestamp horizon);

  std::size_t batches() const { return batches_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  std::deque<batch> batches_;
  std::uint64_t first_ = 0;  // the number of batches_.front()
  std::size_t bytes_ = 0;
};

}  // namespace weir::stream
