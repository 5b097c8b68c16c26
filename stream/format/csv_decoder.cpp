#include "stream/format/csv_decoder.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

namespace weir::stream {

namespace {

constexpr std::size_t columns_shown_max = 50;

std::string join(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), columns_shown_max); ++i) {
    if (i != 0) out += ", ";
    out += clipped(names[i]);
  }
  if (names.size() > columns_shown_max) out += ", …";
  return out;
}

std::string unescape(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out += bytes[i];
    if (bytes[i] == '"') ++i;  // of two, the second one says nothing
  }
  return out;
}

/// Columns without which no record can be read. Where records name their own event, each judges its columns itself.
bool is_needed(const field_map::slot& slot, const field_map& fields, bool one_type) {
  if (slot.time || slot.event) return true;
  return one_type && std::ranges::any_of(slot.columns, [&](field_id id) { return !fields.type()[id].optional; });
}

std::string shown(const field_map::slot& slot, const field_map& fields) {
  const std::string quoted = '"' + slot.name + '"';
  if (slot.time) return slot.name == "at" ? quoted : quoted + " for at";
  if (slot.event) return quoted;
  const std::string& field_name = fields.type()[slot.columns.front()].name;
  return slot.name == field_name ? quoted : quoted + " for " + field_name;
}

}  // namespace

csv_decoder::csv_decoder(const schema& types, symbols& names, record_format format)
    : names_(names), types_count_(types.events().size()), plan_(types, std::move(format)) {}

decoded_record csv_decoder::decode(std::string_view record, std::size_t /*readable*/, batch& into) {
  if (record == header_) return std::nullopt;
  const auto whole = split(record);
  if (column_names_.empty()) {
    read_header(record, whole);
    return std::nullopt;
  }
  if (!whole) return std::unexpected(whole.error());
  if (cells_.size() != column_names_.size()) {
    return std::unexpected(std::to_string(cells_.size()) + (cells_.size() == 1 ? " field" : " fields") +
                           ", the header has " + std::to_string(column_names_.size()));
  }
  const auto type = choose_type();
  if (!type) return std::unexpected(type.error());
  row_builder row(plan_[*type], into[*type], names_);
  for (const auto& [column, slot] : bindings_[plan_.only_type() ? 0 : static_cast<std::size_t>(*type)]) {
    if (auto put = row.put(*slot, value_of(cells_[column])); !put) return std::unexpected(std::move(put.error()));
  }
  auto at = row.finish();
  if (!at) return std::unexpected(std::move(at.error()));
  return open_row{*type, *at};
}

decoded_run csv_decoder::decode_run(std::string_view bytes, origin first, std::size_t rows_max, source_clock& clock,
                                    batch& into) {
  return run_ ? run_->decode(bytes, first, rows_max, clock, into) : decoded_run{};
}

// ---- fields

std::expected<void, std::string> csv_decoder::split(std::string_view record) {
  cells_.clear();
  if (!simdjson::validate_utf8(record.data(), record.size())) return std::unexpected("record is not UTF-8");
  for (;;) {
    if (record.starts_with('"')) {
      const auto quoted = take_quoted(record);
      if (!quoted) return std::unexpected(quoted.error());
      cells_.push_back(*quoted);
    } else {
      const std::size_t end = std::min(record.find(','), record.size());
      cells_.push_back({record.substr(0, end)});
      record.remove_prefix(end);
    }
    if (record.empty()) return {};
    record.remove_prefix(1);  // the comma
  }
}

/// Takes a field in quotes off the front; what is left begins with a comma, or is empty.
std::expected<csv_decoder::cell, std::string> csv_decoder::take_quoted(std::string_view& rest) {
  cell taken;
  std::size_t end = rest.find('"', 1);
  while (end != std::string_view::npos && end + 1 < rest.size() && rest[end + 1] == '"') {
    taken.escaped = true;
    end = rest.find('"', end + 2);
  }
  const std::string where = "field " + std::to_string(cells_.size() + 1) + ": ";
  if (end == std::string_view::npos) return std::unexpected(where + "its quote is not closed");
  taken.bytes = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  if (!rest.empty() && rest.front() != ',') return std::unexpected(where + "something follows its closing quote");
  return taken;
}

scalar csv_decoder::value_of(const cell& found) {
  if (found.bytes.empty()) return {};
  if (!found.escaped) return {scalar_kind::untyped, found.bytes};
  unescaped_ = unescape(found.bytes);
  return {scalar_kind::untyped, unescaped_};
}

std::expected<event_type_id, std::string> csv_decoder::choose_type() {
  if (plan_.only_type()) return *plan_.only_type();
  const scalar named = value_of(cells_[event_column_]);
  if (named.kind == scalar_kind::missing) return std::unexpected(plan_.format().event_field + ": missing");
  if (const auto type = plan_.find_type(named.text)) return *type;
  return std::unexpected(plan_.format().event_field + ": there is no event \"" + clipped(named.text) + '"');
}

// ---- the header

void csv_decoder::read_header(std::string_view record, const std::expected<void, std::string>& whole) {
  if (!whole) {
    failure_ = "the first record does not name the columns: " + whole.error();
    return;
  }
  header_ = record;
  for (const cell& name : cells_) {
    column_names_.push_back(name.escaped ? unescape(name.bytes) : std::string{name.bytes});
  }
  if (!plan_.only_type()) {
    const auto found = std::ranges::find(column_names_, plan_.format().event_field);
    event_column_ = static_cast<std::size_t>(found - column_names_.begin());
  }
  bindings_.resize(plan_.only_type() ? 1 : types_count_);
  for (std::size_t i = 0; i < bindings_.size() && !failure_; ++i) {
    failure_ = bind(plan_[plan_.only_type().value_or(static_cast<event_type_id>(i))], bindings_[i]);
  }
  if (!failure_ && plan_.only_type()) prepare_run();
}

void csv_decoder::prepare_run() {
  std::vector<const field_map::slot*> columns(column_names_.size());
  for (const auto& [column, slot] : bindings_.front()) columns[column] = slot;
  run_ = std::make_unique<csv_run>(*plan_.only_type(), plan_[*plan_.only_type()], columns, header_, names_);
}

/// Joins columns to what they feed; says what is wrong with the header, if anything is.
std::optional<std::string> csv_decoder::bind(field_map& fields, std::vector<binding>& bindings) const {
  for (const field_map::slot& slot : fields.slots()) {
    const auto times = std::ranges::count(column_names_, slot.name);
    if (times == 0 && is_needed(slot, fields, plan_.only_type().has_value())) {
      return "no column " + shown(slot, fields) + " (columns: " + join(column_names_) + ")";
    }
    if (times > 1) return "more than one column \"" + slot.name + "\" (columns: " + join(column_names_) + ")";
    if (times == 0) continue;
    const auto found = std::ranges::find(column_names_, slot.name);
    bindings.push_back({static_cast<std::size_t>(found - column_names_.begin()), &slot});
  }
  return std::nullopt;
}

}  // namespace weir::stream
