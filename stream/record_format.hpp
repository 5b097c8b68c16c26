#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "stream/schema.hpp"
#include "stream/time.hpp"

namespace weir::stream {

enum class record_syntax : std::uint8_t { ndjson, csv };

/// How a source spells its events. Fields of the record that the event type does not have are passed over.
struct record_format {
  record_syntax syntax = record_syntax::ndjson;
  std::optional<event_type_id> event;  // none: each record names its event type in `event_field`
  std::string event_field = "event";
  std::string time_field = "at";                      // the record's field that holds the event time
  duration time_unit = std::chrono::milliseconds{1};  // of a number there, counted from 1970; a text is RFC 3339
  std::map<std::string, std::string> renamed;         // event field -> the record's name for it; others keep theirs
};

}  // namespace weir::stream
