#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "stream/time.hpp"

namespace weir::app {

/// What is wrong with a configuration file, one line a finding.
class config_findings {
 public:
  explicit config_findings(std::string path) : path_(std::move(path)) {}

  void add(const toml::node& where, const std::string& message);
  void add(const toml::source_region& where, std::string_view message);

  bool empty() const { return lines_.empty(); }
  std::string text() const;

 private:
  std::string path_;
  std::map<std::uint32_t, std::vector<std::string>> lines_;
};

/// One table of the file. Asking for a key makes it known; keys that nobody asked for are findings in the end, with the
/// nearest known one. A value of the wrong type is a finding too, and reads as if it were not there.
class toml_section {
 public:
  toml_section(const toml::table& table, std::string name, config_findings& findings)
      : table_(table), name_(std::move(name)), findings_(findings) {}

  std::optional<std::string> text(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t greatest);
  std::optional<bool> flag(std::string_view key);
  std::optional<stream::duration> duration(std::string_view key);
  std::vector<std::string> texts(std::string_view key);
  /// A table of texts, or of anything that has one plain spelling: numbers and booleans too.
  std::map<std::string, std::string> plain_table(std::string_view key);
  const toml::table* table(std::string_view key);
  /// A key that may be spelled in several ways; null when it is not there.
  const toml::node* any(std::string_view key);

  /// The finding that `key` is not there, or another one about its value.
  void missing(std::string_view key);
  void wrong(std::string_view key, const std::string& message);
  void reject_unknown();

  config_findings& findings() { return findings_; }
  const std::string& name() const { return name_; }

 private:
  std::string full_name(std::string_view key) const;

  const toml::table& table_;
  std::string name_;
  config_findings& findings_;
  std::vector<std::string> known_;
};

}  // namespace weir::app
