#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/index.hpp"

namespace weir::rules {

enum class completion_kind : std::uint8_t { keyword, event, field, value, collection, function, type, unit };

/// A word that may stand at a place.
struct completion {
  completion_kind kind{};
  std::string word;
  std::string detail;         // in a line: "field of payment: money(EUR)"
  std::string documentation;  // Markdown; may be empty
};

/// What may stand at byte `offset` of a file: of the language's words those with a place there, and names that are
/// known there, nearest first. The word that is being written there plays no part: an editor filters by it.
std::vector<completion> completions_at(const symbol_index& index, std::uint32_t file, std::size_t offset);

}  // namespace weir::rules
