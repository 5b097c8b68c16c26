#include "stream/format/csv_run.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "stream/format/quick_number.hpp"
#include "stream/format/swar.hpp"

namespace weir::stream {

namespace {

/// A high bit at the first byte that a cell without quotes may end with, or that makes the record an unusual one.
constexpr std::uint64_t stops(std::uint64_t word) {
  return swar::equal(word, ',') | swar::equal(word, '\n') | swar::equal(word, '\r') | swar::equal(word, '"') |
         swar::less(word, 1);
}

bool ends_cell(char c) { return c == ',' || c == '\n' || c == '\r' || c == '\0'; }

/// Up to what ends the cell; all bytes, or-ed together, go into `seen`. No cell that has a quote.
inline bool take_cell(const char*& at, std::string_view& into, std::uint64_t& seen) {
  const char* const begin = at;
  for (;; at += sizeof(std::uint64_t)) {
    const std::uint64_t word = swar::load(at);
    seen |= word;
    const std::uint64_t stop = stops(word);
    if (stop == 0) continue;
    at += swar::first(stop);
    into = {begin, at};
    return ends_cell(*at);
  }
}

}  // namespace

csv_run::csv_run(event_type_id type, const field_map& map, const std::vector<const field_map::slot*>& columns,
                 std::string header, symbols& names)
    : type_(type),
      map_(map),
      header_(std::move(header)),
      writer_(map.type(), names),
      time_max_(last_time.time_since_epoch() / map.time_unit()) {
  std::vector<bool> fed(map.type().fields.size());
  for (const field_map::slot* slot : columns) {
    columns_.push_back(slot == nullptr ? column_plan{} : plan_of(*slot, map, writer_));
    if (slot == nullptr) continue;
    for (const field_id field : slot->columns) fed[static_cast<std::size_t>(field)] = true;
  }
  for (std::size_t i = 0; i < fed.size(); ++i) {
    if (!fed[i]) never_there_.push_back(static_cast<field_id>(i));
  }
}

csv_run::column_plan csv_run::plan_of(const field_map::slot& slot, const field_map& map, const table_writer& writer) {
  using kind = column_plan::kind;
  column_plan made{.does = kind::general, .field = {}, .digits = 0, .slot = &slot};
  if (slot.columns.empty() && slot.time) made.does = kind::time;
  if (slot.columns.size() != 1 || slot.time) return made;
  made.field = slot.columns.front();
  switch (writer.way_of(made.field)) {
    case table_writer::way::exact:
      made.does = kind::exact;
      made.digits = exact_digits(map.type()[made.field].type);
      break;
    case table_writer::way::interned: made.does = kind::interned; break;
    case table_writer::way::plain: made.does = kind::plain; break;
    case table_writer::way::general: break;
  }
  return made;
}

decoded_run csv_run::decode(std::string_view bytes, origin first, std::size_t rows_max, source_clock& clock,
                            batch& into) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  decoded_run done;
  writer_.begin(into[type_]);
  while (at != end && done.records < rows_max) {
    const char* const begin = at;
    timestamp time = start_of_time;
    if (!read_record(at, end, time) || clock.late_by(time)) {
      writer_.abandon_row();
      break;
    }
    clock.see(time);
    ++done.records;
    done.bytes = static_cast<std::size_t>(at - bytes.data());
    into.append_to_order({type_, static_cast<std::uint32_t>(into[type_].size())});
    writer_.close_row(time, {first.source, first.position + static_cast<std::uint64_t>(begin - bytes.data())});
  }
  writer_.end();
  return done;
}

/// Puts the record's values and stands behind its line's end; false where the record is not usual.
bool csv_run::read_record(const char*& from, const char* end, timestamp& time) {
  const char* at = from;
  if (std::string_view{at, end}.starts_with(header_)) return false;
  std::uint64_t bytes = 0;
  bool first = true;
  for (const column_plan& column : columns_) {
    if (!std::exchange(first, false) && !take_char(at, ',')) return false;
    const char* const cell = at;
    if (put_usual(column, at, time, bytes)) continue;
    at = cell;
    if (!put_general(column, at, time, bytes)) return false;
  }
  const char* const record_end = at;
  take_char(at, '\r');
  if (at != end && !take_char(at, '\n')) return false;
  if ((bytes & swar::high_bits) != 0 && !simdjson::validate_utf8(from, static_cast<std::size_t>(record_end - from))) {
    return false;
  }
  for (const field_id field : never_there_) writer_.put_missing(field);
  from = at;
  return true;
}

/// A value as most are spelled, for a column as most are.
[[gnu::always_inline]] inline bool csv_run::put_usual(const column_plan& to, const char*& at, timestamp& time,
                                                      std::uint64_t& bytes) {
  std::int64_t number = 0;
  std::string_view text;
  switch (to.does) {
    case column_plan::kind::interned:
      if (!take_cell(at, text, bytes) || text.empty()) return false;
      writer_.put_interned(to.field, text);
      return true;
    case column_plan::kind::plain:
      if (!take_cell(at, text, bytes) || text.empty()) return false;
      writer_.put_plain(to.field, text);
      return true;
    case column_plan::kind::exact:
      if (!take_exact(at, to.digits, number) || !ends_cell(*at)) return false;
      writer_.put_exact(to.field, number);
      return true;
    case column_plan::kind::time:
      if (!take_whole(at, number) || !ends_cell(*at) || number > time_max_) return false;
      time = timestamp{number * map_.time_unit()};
      return true;
    case column_plan::kind::none: return take_cell(at, text, bytes);
    case column_plan::kind::general: return false;
  }
  return false;
}

/// Any value without quotes, for any column.
bool csv_run::put_general(const column_plan& to, const char*& at, timestamp& time, std::uint64_t& bytes) {
  scalar value;
  if (!take_cell(at, value.text, bytes) || to.slot == nullptr) return false;
  value.kind = value.text.empty() ? scalar_kind::missing : scalar_kind::untyped;
  if (to.slot->time) {
    if (value.kind == scalar_kind::missing) return false;
    const auto read = read_time(value, map_.time_unit());
    if (!read) return false;
    time = *read;
  }
  return std::ranges::all_of(to.slot->columns, [&](field_id field) { return writer_.put(field, value); });
}

}  // namespace weir::stream
