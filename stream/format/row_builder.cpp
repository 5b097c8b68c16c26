#include "stream/format/row_builder.hpp"

namespace weir::stream {

using accepted = std::expected<void, std::string>;

row_builder::row_builder(field_map& fields, table& rows, symbols& names) : fields_(fields), rows_(rows), names_(names) {
  fields_.begin_record();
}

row_builder::~row_builder() {
  if (!finished_) rows_.abandon_row();
}

accepted row_builder::put(const field_map::slot& slot, const scalar& value) {
  if (slot.event && std::exchange(event_named_, true)) return std::unexpected(slot.name + ": given twice");
  if (slot.time) {
    if (auto put = put_time(value); !put) return put;
  }
  for (const field_id field : slot.columns) {
    if (auto put = put_column(field, value); !put) return put;
  }
  return {};
}

accepted row_builder::put_time(const scalar& value) {
  if (at_) return std::unexpected(fields_.shown_time() + ": given twice");
  if (value.kind == scalar_kind::missing) return std::unexpected(fields_.shown_time() + ": missing");
  const auto time = read_time(value, fields_.time_unit());
  if (!time) return std::unexpected(fields_.shown_time() + ": " + time.error());
  at_ = *time;
  return {};
}

accepted row_builder::put_column(field_id field, const scalar& value) {
  const auto& described = fields_.type()[field];
  column& into = rows_[field];
  if (into.size() != rows_.size()) return std::unexpected(fields_.shown(field) + ": given twice");
  if (value.kind == scalar_kind::missing) {
    if (!described.optional) return std::unexpected(fields_.shown(field) + ": missing");
    into.push_missing();
    return {};
  }
  auto stored = store(value, described, into, names_);
  if (!stored) return std::unexpected(fields_.shown(field) + ": " + stored.error());
  return stored;
}

std::expected<timestamp, std::string> row_builder::finish() {
  if (!at_) return std::unexpected(fields_.shown_time() + ": missing");
  const auto& described = fields_.type().fields;
  for (std::size_t i = 0; i < described.size(); ++i) {
    const auto field = static_cast<field_id>(i);
    if (!described[i].optional && rows_[field].size() == rows_.size()) {
      return std::unexpected(fields_.shown(field) + ": missing");
    }
  }
  finished_ = true;
  return *at_;
}

}  // namespace weir::stream
