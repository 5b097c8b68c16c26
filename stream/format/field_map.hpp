#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "stream/record_format.hpp"
#include "stream/schema.hpp"

namespace weir::stream {

/// Which fields of a source's records feed which columns of one event type. Found by name, most often at the first
/// try: records of one source tend to have their fields in one order, and that order is remembered.
class field_map {
 public:
  /// One field of the record, and all that it feeds: the event time, the choice of the event type, columns.
  struct slot {
    std::string name;
    bool time = false;
    bool event = false;
    std::vector<field_id> columns;
  };

  field_map(const event_type& type, const record_format& format);
  field_map(field_map&&) = default;

  const event_type& type() const { return *type_; }
  duration time_unit() const { return time_unit_; }
  const std::vector<slot>& slots() const { return slots_; }

  /// To be called as each record begins.
  void begin_record() { last_ = slots_.size(); }
  /// Nothing when the event type has no use for the record's field.
  const slot* find(std::string_view record_field);

  /// A column's name in messages, with the record's own where that is another: `amount ("value")`.
  const std::string& shown(field_id field) const { return shown_[static_cast<std::size_t>(field)]; }
  const std::string& shown_time() const { return shown_time_; }

 private:
  slot& slot_of(const std::string& record_field);

  const event_type* type_;
  duration time_unit_;
  std::vector<slot> slots_;
  boost::unordered_flat_map<std::string_view, std::uint32_t> by_name_;
  std::vector<std::uint32_t> follower_;  // of each slot, the one that came after it last time; last of all, the first
  std::size_t last_ = 0;
  std::vector<std::string> shown_;
  std::string shown_time_;
};

/// The maps of a source: of its one event type, or of every type when each record names its own.
class record_plan {
 public:
  record_plan(const schema& types, record_format format);

  const record_format& format() const { return format_; }
  /// The type of all records, if there is one.
  std::optional<event_type_id> only_type() const { return format_.event; }
  std::optional<event_type_id> find_type(std::string_view event_name) const;
  field_map& operator[](event_type_id type);
  const field_map& operator[](event_type_id type) const;

 private:
  record_format format_;
  std::vector<field_map> maps_;  // one, or one an event type
  boost::unordered_flat_map<std::string_view, event_type_id> by_event_name_;
};

}  // namespace weir::stream
