#include "stream/format/field_map.hpp"

#include <algorithm>
#include <utility>

namespace weir::stream {

namespace {

std::string shown_name(const std::string& field_name, const std::string& record_name) {
  return field_name == record_name ? field_name : field_name + " (\"" + record_name + "\")";
}

}  // namespace

field_map::field_map(const event_type& type, const record_format& format) : type_(&type), time_unit_(format.time_unit) {
  slot_of(format.time_field).time = true;
  shown_time_ = shown_name("at", format.time_field);
  if (!format.event) slot_of(format.event_field).event = true;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    const std::string& name = type.fields[i].name;
    const auto renamed = format.renamed.find(name);
    const std::string& record_name = renamed == format.renamed.end() ? name : renamed->second;
    slot_of(record_name).columns.push_back(static_cast<field_id>(i));
    shown_.push_back(shown_name(name, record_name));
  }
  for (std::uint32_t i = 0; i < slots_.size(); ++i) by_name_.emplace(slots_[i].name, i);
  follower_.assign(slots_.size() + 1, 0);
  begin_record();
}

field_map::slot& field_map::slot_of(const std::string& record_field) {
  const auto found = std::ranges::find(slots_, record_field, &slot::name);
  if (found != slots_.end()) return *found;
  slots_.push_back({.name = record_field, .columns = {}});
  return slots_.back();
}

const field_map::slot* field_map::find(std::string_view record_field) {
  std::uint32_t& guess = follower_[last_];
  if (slots_[guess].name != record_field) {
    const auto found = by_name_.find(record_field);
    if (found == by_name_.end()) return nullptr;
    guess = found->second;
  }
  last_ = guess;
  return &slots_[last_];
}

record_plan::record_plan(const schema& types, record_format format) : format_(std::move(format)) {
  if (format_.event) {
    maps_.emplace_back(types[*format_.event], format_);
    return;
  }
  for (const event_type& type : types.events()) {
    by_event_name_.emplace(type.name, static_cast<event_type_id>(maps_.size()));
    maps_.emplace_back(type, format_);
  }
}

std::optional<event_type_id> record_plan::find_type(std::string_view event_name) const {
  const auto found = by_event_name_.find(event_name);
  if (found == by_event_name_.end()) return std::nullopt;
  return found->second;
}

field_map& record_plan::operator[](event_type_id type) {
  return maps_[format_.event ? 0 : static_cast<std::size_t>(type)];
}

const field_map& record_plan::operator[](event_type_id type) const {
  return maps_[format_.event ? 0 : static_cast<std::size_t>(type)];
}

}  // namespace weir::stream
