#pragma once

#include <array>
#include <cstdint>
#include <new>
#include <optional>
#include <vector>

#include "stream/format/scalar.hpp"
#include "stream/table.hpp"

namespace weir::stream {

/// Writes rows straight into the columns of a table, many in a run: the fast twin of `row_builder`. It never says what
/// is wrong with a value, only that it is not for it.
///
/// Texts are interned in two steps. Those of a few dozen rows are hashed and their places in the dictionary asked for;
/// then all are looked up, when the memory they need has come. So a column of ids may be behind while a run is on.
///
/// Between `begin` and `end` the table, and the texts given, belong to the writer.
class table_writer {
 public:
  /// How a field's values are read; `general` are those that `store` reads.
  enum class way : std::uint8_t { exact, interned, plain, general };

  /// `type` and `names` outlive the writer.
  table_writer(const event_type& type, symbols& names);

  way way_of(field_id field) const { return columns_[place_of(field)].chosen; }

  void begin(table& rows);
  /// Every row written is in the table, as if a row_builder had filled it.
  void end();
  bool writing() const { return rows_ != nullptr; }

  /// One value at most for each field of a row. The way of the field must be that of the name.
  void put_exact(field_id field, std::int64_t value) { columns_[place_of(field)].numbers->push_back(value); }
  /// Behind the text `text_run::readable_bytes` must be readable.
  void put_plain(field_id field, std::string_view text) { columns_[place_of(field)].texts->push_back_readable(text); }
  void put_interned(field_id field, std::string_view text) {
    writing_column& into = columns_[place_of(field)];
    if (into.sought_count == sought_max) look_up(into);
    const sought_text* const next = ::new (&into.sought[into.sought_count++]) sought_text{text};
    into.names->fetch(*next);
  }
  /// Any value, any way. False when it can't be read, or is missing and must not be: then nothing is put.
  bool put(field_id field, const scalar& value);
  void put_missing(field_id field);

  /// The row's every field has got its value.
  void close_row(timestamp at, origin from) { rows_->close_full_row(at, from); }
  /// Takes back what was put since the last row was closed.
  void abandon_row();

 private:
  static constexpr std::size_t sought_max = 64;

  struct writing_column {
    way chosen = way::general;
    const field* described = nullptr;
    dictionary* names = nullptr;

    // While a run is on.
    column* into = nullptr;
    column::numbers* numbers = nullptr;
    column::symbol_ids* ids = nullptr;
    text_run* texts = nullptr;
    std::vector<sought_text> sought;  // room for sought_max, of the rows behind those in `ids`
    std::size_t sought_count = 0;
  };

  static std::size_t place_of(field_id field) { return static_cast<std::size_t>(field); }
  static void look_up(writing_column& one);
  static void settle(writing_column& one);

  symbols& names_;
  std::vector<writing_column> columns_;
  table* rows_ = nullptr;
};

}  // namespace weir::stream
