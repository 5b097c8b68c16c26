#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stream/batch.hpp"
#include "stream/format/decoded_run.hpp"
#include "stream/format/field_map.hpp"
#include "stream/format/table_writer.hpp"
#include "stream/watermark.hpp"

namespace weir::stream {

/// Decodes the usual records, which are most of them: flat objects of plain texts, numbers and words, good, whole and
/// in time. It walks once over their bytes, from the first to the line's end, and never judges: at the first record
/// that is not of this kind it stops, and another has to say what that one is. What it gives is what
/// `ndjson_decoder::decode` would give. One a source; one thread.
///
/// Between two values records of one source tend to have the same bytes: `,"card":"`. What was there last time is tried
/// first, so that most keys cost three comparisons, and none is looked up.
class ndjson_run {
 public:
  /// `types`, `plan` and `names` outlive it.
  ndjson_run(const schema& types, const record_plan& plan, symbols& names);

  /// Decodes records from the beginning of `bytes`, at most `rows_max`, into `into`. The first begins at `first` in its
  /// source. Behind `bytes` stand `block_padding` zero bytes.
  decoded_run decode(std::string_view bytes, origin first, std::size_t rows_max, source_clock& clock, batch& into);

 private:
  /// What stood after a field's value last time, up to and with the next value's opening quote if it has one.
  struct expectation {
    static constexpr std::size_t bytes_max = 24;
    static constexpr std::size_t words = bytes_max / 8;

    std::array<std::uint64_t, words> bytes{1};  // met by nothing, at first
    std::array<std::uint64_t, words> mask{};
    std::uint16_t place = 0;
    std::uint8_t size = 0;
    bool text = false;

    bool met_by(const char* at) const;
    void learn(std::string_view met, std::uint16_t its_place, bool is_text);
  };

  /// What becomes of a field's value.
  struct action {
    enum class kind : std::uint8_t { time, event, exact, interned, plain, general, none };

    kind does = kind::none;
    field_id field{};
    int digits = 0;                         // of an exact number
    const field_map::slot* slot = nullptr;  // of all but `none`
  };

  /// One event type's records. A field of the record has a place: its slot's, or one behind those if it feeds nothing.
  struct layout {
    layout(event_type_id type, const field_map& map, symbols& names);

    std::uint16_t place_of(std::string_view key);

    event_type_id type;
    const field_map* fields;
    table_writer writer;
    std::vector<action> actions;        // by place
    std::vector<expectation> expected;  // by place + 1 of the field before; first, of the record's beginning
    std::map<std::string, std::uint16_t, std::less<>> places;
    std::uint64_t all = 0;       // a bit a slot
    std::uint64_t required = 0;  // those without which there is no row
    std::int64_t time_max = 0;   // the greatest number that may stand for a time
    bool usable = true;
  };

  class walk;

  static action action_of(const field_map::slot& slot, const field_map& map, const table_writer& writer);
  bool turn_to(std::string_view event_name);
  std::optional<timestamp> read_record(const char*& at, const char* end, batch& into);

  const record_plan& plan_;
  std::vector<layout> layouts_;  // one, or one an event type
  std::size_t current_ = 0;      // of the record before
};

}  // namespace weir::stream
