#include "apps/weir/sigma_map.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "apps/weir/config.hpp"
#include "apps/weir/toml_section.hpp"
#include "rules/sigma/names.hpp"

namespace weir::app {

namespace {

using field_choices = std::map<std::string, sigma::field_choice>;

/// A name that can stand in a rule file as it is.
std::string name_of(const std::string& written, toml_section& section, std::string_view key) {
  if (!is_identifier(written) || sigma::identifier(written) != written) {
    section.wrong(key, fmt::format("\"{}\" is no name for a rule file", written));
  }
  return written;
}

sigma::field_choice read_field(const toml::node& node, toml_section& fields, std::string_view key) {
  sigma::field_choice choice;
  if (const auto plain = node.value_exact<std::string>()) {
    choice.name = name_of(*plain, fields, key);
  } else if (const auto* table = node.as_table()) {
    toml_section field(*table, fmt::format("{}.{}", fields.name(), key), fields.findings());
    if (const auto named = field.text("name")) choice.name = name_of(*named, field, "name");
    choice.type = field.text("type").value_or("");
    field.reject_unknown();
  } else {
    fields.wrong(key, R"(must be a name, or { name = "…", type = "…" })");
  }
  return choice;
}

field_choices read_fields(toml_section& section) {
  field_choices choices;
  const auto* table = section.table("fields");
  if (table == nullptr) return choices;
  toml_section fields(*table, section.name().empty() ? "fields" : section.name() + ".fields", section.findings());
  for (const auto& [key, node] : *table) choices.emplace(key.str(), read_field(node, fields, key.str()));
  return choices;
}

sigma::source_choice read_source(const toml::table& table, config_findings& findings) {
  toml_section section(table, "source", findings);
  sigma::source_choice choice;
  choice.source.category = section.text("category").value_or("");
  choice.source.product = section.text("product").value_or("");
  choice.source.service = section.text("service").value_or("");
  if (const auto event = section.text("event")) {
    choice.event = name_of(*event, section, "event");
  } else {
    section.missing("event");
  }
  choice.fields = read_fields(section);
  choice.keywords = section.texts("keywords");
  section.reject_unknown();
  return choice;
}

sigma::mapping read_map(const toml::table& file, config_findings& findings) {
  toml_section top(file, "", findings);
  sigma::mapping map;
  if (const auto* sources = top.any("source")) {
    const auto is_table = [](const toml::node& node) { return node.is_table(); };
    const auto* list = sources->as_array();
    if (list == nullptr || !std::ranges::all_of(*list, is_table)) {
      top.wrong("source", "must be tables: [[source]]");
    } else {
      for (const auto& one : *list) map.sources.push_back(read_source(*one.as_table(), findings));
    }
  }
  map.fields = read_fields(top);
  top.reject_unknown();
  return map;
}

}  // namespace

std::expected<sigma::mapping, std::string> read_sigma_map(const std::string& path) {
  config_findings findings(path);
  std::error_code missing;
  if (!std::filesystem::is_regular_file(path, missing)) {
    const auto reason = missing ? missing.message() : std::string("not a file");
    return std::unexpected(fmt::format("{}: {}", path, reason));
  }
  try {
    auto read = read_map(toml::parse_file(path), findings);
    if (findings.empty()) return read;
  } catch (const toml::parse_error& error) {
    findings.add(error.source(), error.description());
  }
  return std::unexpected(findings.text());
}

}  // namespace weir::app
