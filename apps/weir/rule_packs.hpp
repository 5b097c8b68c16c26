#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace weir::app {

/// A file of rules/packs, as it was when the command was built.
struct rule_pack {
  std::string_view path;  // "rules/packs/cards.weir"
  std::string_view text;
};

/// The packs that are part of the command itself.
std::span<const rule_pack> rule_packs();

/// Reads a pack by its path, as `rules::compile` asks for files.
std::expected<std::string, std::string> read_rule_pack(const std::string& path);

}  // namespace weir::app
