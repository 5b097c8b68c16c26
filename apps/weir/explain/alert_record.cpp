#include "apps/weir/explain/alert_record.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include <fmt/format.h>

namespace weir::explain {

namespace {

using json = nlohmann::json;

alert_record::event read_event(const json& written) {
  return {.label = written.value("label", ""),
          .type = written.at("event"),
          .id = written.value("id", ""),
          .at = written.at("at"),
          .fields = written.value("fields", json::object())};
}

alert_record read_record(const json& written) {
  alert_record record;
  record.id = written.at("id");
  const auto& rule = written.at("rule");
  record.rule = rule.at("name");
  record.version = rule.at("version");
  record.content_hash = rule.value("content_hash", "");
  record.mode = rule.value("mode", "live");
  record.reason = written.value("reason", "");
  for (const auto& [name, value] : written.at("subject").items()) record.subject.emplace_back(name, value);
  record.event_time = written.at("event_time");
  record.window_start = written.at("window").at("start");
  for (const auto& event : written.at("events")) record.events.push_back(read_event(event));
  record.events_total = written.value("events_total", record.events.size());
  record.values = written.value("values", json::object());
  record.suppressed = written.value("suppressed_count", std::uint64_t{0});
  return record;
}

}  // namespace

std::expected<alert_record, std::string> read_alert(const std::string& line) {
  try {
    return read_record(json::parse(line));
  } catch (const json::exception&) {
    return std::unexpected("it is no alert of Weir's");
  }
}

std::expected<alert_record, std::string> find_alert(const std::string& path, const std::string& id) {
  errno = 0;
  std::ifstream file(path);
  if (!file || file.peek() == std::ifstream::traits_type::eof()) {
    if (errno != 0) return std::unexpected(fmt::format("{}: {}", path, std::strerror(errno)));
    return std::unexpected(fmt::format("{}: there are no alerts in it", path));
  }
  const auto wanted = fmt::format(R"("id":"{})", id);
  std::optional<alert_record> found;
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.find(wanted) == std::string::npos) continue;
    auto record = read_alert(line);
    if (!record) return std::unexpected(fmt::format("{}, line {}: {}", path, number, record.error()));
    if (!record->id.starts_with(id)) continue;  // an event's id
    if (found && found->id != record->id) {
      return std::unexpected(
          fmt::format("{}: several alerts begin with {}: {} and {}", path, id, found->id, record->id));
    }
    found = std::move(*record);
  }
  if (!found) return std::unexpected(fmt::format("{}: no alert has the id {}", path, id));
  return std::move(*found);
}

}  // namespace weir::explain
