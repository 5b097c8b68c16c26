#include "apps/weir/alert_line.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include "apps/weir/terminal.hpp"

namespace weir::app {

namespace {

using simdjson::dom::element;

std::string text_at(const element& parent, const char* key) {
  std::string_view text;
  return parent[key].get_string().get(text) == simdjson::SUCCESS ? std::string(text) : std::string{};
}

/// {"card":"C1"} gives "C1"; a rule about the whole stream has none.
std::string subject_of(const element& alert) {
  std::string joined;
  simdjson::dom::object parts;
  if (alert["subject"].get_object().get(parts) != simdjson::SUCCESS) return "-";
  for (const auto& part : parts) {
    std::string_view text;
    if (part.value.get_string().get(text) != simdjson::SUCCESS) continue;
    if (!joined.empty()) joined += ' ';
    joined += text;
  }
  return joined.empty() ? "-" : joined;
}

/// Texts of events are anybody's: an escape code among them must not reach the terminal.
std::string harmless(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return text;
}

std::string_view colour_of(std::string_view severity) {
  if (severity == "critical") return "1;31";
  if (severity == "high") return "31";
  if (severity == "medium") return "33";
  return "36";
}

}  // namespace

std::optional<alert_line> read_alert_line(std::string_view json) {
  simdjson::dom::parser parser;
  element alert;
  element rule;
  if (parser.parse(json.data(), json.size()).get(alert) != simdjson::SUCCESS) return {};
  if (alert["rule"].get(rule) != simdjson::SUCCESS) return {};
  return alert_line{
      .time = text_at(alert, "event_time"),
      .severity = text_at(alert, "severity"),
      .rule = text_at(rule, "name"),
      .mode = text_at(rule, "mode"),
      .subject = subject_of(alert),
      .reason = text_at(alert, "reason"),
  };
}

std::string render(const alert_line& alert, bool colour) {
  const auto rule = alert.mode == "shadow" ? alert.rule + " (shadow)" : alert.rule;
  return fmt::format("{}  {}  {}  {}  {}", coloured(harmless(alert.time), "2", colour),
                     coloured(fmt::format("{:8}", harmless(alert.severity)), colour_of(alert.severity), colour),
                     coloured(harmless(rule), "1", colour), harmless(alert.subject), harmless(alert.reason));
}

}  // namespace weir::app
