#include "stream/format/table_writer.hpp"

#include <utility>

namespace weir::stream {

namespace {

table_writer::way way_for(const field& described) {
  switch (described.type.kind) {
    case type_kind::money:
    case type_kind::decimal:
    case type_kind::integer: return table_writer::way::exact;
    case type_kind::entity: return table_writer::way::interned;
    case type_kind::text: return described.interned ? table_writer::way::interned : table_writer::way::plain;
    default: return table_writer::way::general;
  }
}

}  // namespace

table_writer::table_writer(const event_type& type, symbols& names) : names_(names) {
  for (const field& described : type.fields) {
    writing_column& made = columns_.emplace_back();
    made.chosen = way_for(described);
    made.described = &described;
    if (made.chosen != way::interned) continue;
    made.names = &names.of(described.type);
    made.sought.resize(sought_max);
  }
}

void table_writer::begin(table& rows) {
  rows_ = &rows;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    writing_column& one = columns_[i];
    one.into = &rows[static_cast<field_id>(i)];
    if (one.chosen == way::exact) one.numbers = &one.into->open<column::numbers>();
    if (one.chosen == way::interned) one.ids = &one.into->open<column::symbol_ids>();
    if (one.chosen == way::plain) one.texts = &one.into->open<text_run>();
  }
}

void table_writer::end() {
  for (writing_column& one : columns_) settle(one);
  rows_ = nullptr;
}

void table_writer::look_up(writing_column& one) {
  for (std::size_t i = 0; i < one.sought_count; ++i) one.ids->push_back(one.names->intern_passing(one.sought[i]));
  one.sought_count = 0;
}

void table_writer::settle(writing_column& one) {
  look_up(one);
  one.into->settle();
}

bool table_writer::put(field_id field, const scalar& value) {
  writing_column& one = columns_[place_of(field)];
  settle(one);
  if (value.kind != scalar_kind::missing) return store(value, *one.described, *one.into, names_).has_value();
  if (!one.described->optional) return false;
  one.into->push_missing();
  return true;
}

void table_writer::put_missing(field_id field) {
  writing_column& one = columns_[place_of(field)];
  settle(one);
  one.into->push_missing();
}

void table_writer::abandon_row() {
  for (writing_column& one : columns_) settle(one);
  rows_->abandon_row();
}

}  // namespace weir::stream
