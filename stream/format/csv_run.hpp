#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "stream/batch.hpp"
#include "stream/format/decoded_run.hpp"
#include "stream/format/field_map.hpp"
#include "stream/format/table_writer.hpp"
#include "stream/watermark.hpp"

namespace weir::stream {

/// Decodes the usual records of comma-separated ones, which are most: no quotes, good, whole and in time. As
/// `ndjson_run`, it walks once over their bytes, never judges, and stops at the first record that is not of this kind.
/// What it gives is what `csv_decoder::decode` would give. For one event type; one a source; one thread.
class csv_run {
 public:
  /// `columns` says of each column which of the map's slots it feeds, if any. `map` and `names` outlive the run.
  csv_run(event_type_id type, const field_map& map, const std::vector<const field_map::slot*>& columns,
          std::string header, symbols& names);

  /// As `ndjson_run::decode`.
  decoded_run decode(std::string_view bytes, origin first, std::size_t rows_max, source_clock& clock, batch& into);

 private:
  struct column_plan {
    enum class kind : std::uint8_t { none, time, exact, interned, plain, general };

    kind does = kind::none;
    field_id field{};
    int digits = 0;                         // of an exact number
    const field_map::slot* slot = nullptr;  // of all but `none`
  };

  static column_plan plan_of(const field_map::slot& slot, const field_map& map, const table_writer& writer);
  bool read_record(const char*& at, const char* end, timestamp& time);
  bool put_usual(const column_plan& to, const char*& at, timestamp& time, std::uint64_t& bytes);
  bool put_general(const column_plan& to, const char*& at, timestamp& time, std::uint64_t& bytes);

  event_type_id type_;
  const field_map& map_;
  std::string header_;
  table_writer writer_;
  std::vector<column_plan> columns_;
  std::vector<field_id> never_there_;  // fields without a column
  std::int64_t time_max_;              // the greatest number that may stand for a time
};

}  // namespace weir::stream
