#include "apps/weir/toml_section.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "rules/diagnostic.hpp"

namespace weir::app {

namespace {

std::optional<std::string> plain_text(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  if (const auto number = node.value_exact<double>()) return fmt::format("{}", *number);
  if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
  return {};
}

}  // namespace

void config_findings::add(const toml::node& where, const std::string& message) { add(where.source(), message); }

void config_findings::add(const toml::source_region& where, std::string_view message) {
  lines_[where.begin.line].push_back(fmt::format("{}:{}: {}", path_, where.begin.line, message));
}

std::string config_findings::text() const {
  std::vector<std::string> all;
  for (const auto& [line, messages] : lines_) all.insert(all.end(), messages.begin(), messages.end());
  return fmt::format("{}", fmt::join(all, "\n"));
}

std::string toml_section::full_name(std::string_view key) const {
  return name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
}

const toml::node* toml_section::any(std::string_view key) {
  known_.emplace_back(key);
  return table_.get(key);
}

std::optional<std::string> toml_section::text(std::string_view key) {
  const auto* node = any(key);
  if (node == nullptr) return {};
  auto value = node->value_exact<std::string>();
  if (!value) wrong(key, "must be a text");
  return value;
}

std::optional<std::int64_t> toml_section::integer(std::string_view key, std::int64_t least, std::int64_t greatest) {
  const auto* node = any(key);
  if (node == nullptr) return {};
  const auto value = node->value_exact<std::int64_t>();
  if (value && *value >= least && *value <= greatest) return value;
  wrong(key, fmt::format("must be a whole number from {} to {}", least, greatest));
  return {};
}

std::optional<bool> toml_section::flag(std::string_view key) {
  const auto* node = any(key);
  if (node == nullptr) return {};
  const auto value = node->value_exact<bool>();
  if (!value) wrong(key, "must be true or false");
  return value;
}

std::optional<stream::duration> toml_section::duration(std::string_view key) {
  const auto written = text(key);
  if (!written) return {};
  const auto value = stream::parse_duration(*written);
  if (!value) wrong(key, fmt::format("\"{}\" is not a duration such as \"250ms\", \"5s\" or \"1h30m\"", *written));
  return value;
}

std::vector<std::string> toml_section::texts(std::string_view key) {
  const auto* node = any(key);
  std::vector<std::string> values;
  if (node == nullptr) return values;
  const auto* array = node->as_array();
  const auto is_text = [](const toml::node& element) { return element.is_string(); };
  if (array == nullptr || !std::ranges::all_of(*array, is_text)) {
    wrong(key, "must be a list of texts");
    return values;
  }
  for (const auto& element : *array) values.push_back(*element.value_exact<std::string>());
  return values;
}

std::map<std::string, std::string> toml_section::plain_table(std::string_view key) {
  std::map<std::string, std::string> values;
  const auto* found = table(key);
  if (found == nullptr) return values;
  for (const auto& [name, node] : *found) {
    if (const auto value = plain_text(node)) {
      values.emplace(name.str(), *value);
    } else {
      findings_.add(node, fmt::format("{}.{} must be a plain value", full_name(key), name.str()));
    }
  }
  return values;
}

const toml::table* toml_section::table(std::string_view key) {
  const auto* node = any(key);
  if (node == nullptr) return nullptr;
  if (!node->is_table()) wrong(key, "must be a table");
  return node->as_table();
}

void toml_section::missing(std::string_view key) { findings_.add(table_, fmt::format("[{}] needs {}", name_, key)); }

void toml_section::wrong(std::string_view key, const std::string& message) {
  const auto* node = table_.get(key);
  findings_.add(node == nullptr ? static_cast<const toml::node&>(table_) : *node,
                fmt::format("{} {}", full_name(key), message));
}

void toml_section::reject_unknown() {
  for (const auto& [key, node] : table_) {
    if (std::ranges::find(known_, key.str()) != known_.end()) continue;
    const auto near = rules::nearest(key.str(), known_);
    const auto hint = near.empty() ? std::string{} : fmt::format("; did you mean \"{}\"?", near);
    findings_.add(key.source(), fmt::format("unknown key \"{}\"{}", full_name(key.str()), hint));
  }
}

}  // namespace weir::app
