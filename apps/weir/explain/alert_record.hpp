#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace weir::explain {

/// An alert as a line of JSON tells it; docs/language.md has the fields.
struct alert_record {
  struct event {
    std::string label;
    std::string type;
    std::string id;
    std::string at;
    nlohmann::json fields;
  };

  std::string id;
  std::string rule;
  std::uint32_t version = 1;
  std::string content_hash;
  std::string mode;
  std::string reason;
  std::vector<std::pair<std::string, std::string>> subject;  // name and value
  std::string event_time;
  std::string window_start;
  std::vector<event> events;
  std::uint64_t events_total = 0;
  nlohmann::json values;  // by how the rule writes each
  std::uint64_t suppressed = 0;
};

/// Reads a line as `run` writes it. The error says in words what is wrong.
std::expected<alert_record, std::string> read_alert(const std::string& line);

/// Finds the alert whose id is `id`, or begins with it, in a file of alerts. The error says in words why there is none.
std::expected<alert_record, std::string> find_alert(const std::string& path, const std::string& id);

}  // namespace weir::explain
