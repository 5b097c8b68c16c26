#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/diagnostic.hpp"

// What an editor asks about rule files: which names there are, where they are declared and used.
namespace weir::rules {

enum class symbol_kind : std::uint8_t {
  entity,
  event,
  field,  // of an event
  param,
  list,
  table,
  column,  // of a table
  model,
  graph,
  let,
  parameter,  // of a let
  rule,
  subject,
  label,   // of a step
  vertex,  // of a path
  test,
  import,
};

/// In the words of the language: "event", "let".
std::string_view to_text(symbol_kind kind);

inline constexpr std::size_t no_symbol = static_cast<std::size_t>(-1);

/// A name, where it is declared.
struct symbol {
  symbol_kind kind{};
  std::string name;
  source_span where;              // the name
  source_span extent;             // the declaration; of a label its step
  std::size_t owner = no_symbol;  // of a field its event; of a label, a subject, a test its rule
  std::string type;               // as written: "money(EUR)", "text?"; of a label its event; of a subject its entity
  std::string declaration;        // as written, in the canonical layout; of a rule its head
  std::string comment;            // the comment directly above it, without its `#`
};

/// Where a symbol is named: its declaration is a use, too.
struct symbol_use {
  source_span where;
  std::size_t symbol = no_symbol;
};

/// All names of some rule files. It is made from their tokens, so it stays useful where a file has errors; what a name
/// means is told by its place, as the checker would.
class symbol_index {
 public:
  symbol_index() = default;

  /// Spans index `files`; what one file declares is known in all.
  explicit symbol_index(std::vector<source_file> files);

  const std::vector<source_file>& files() const { return files_; }
  const std::vector<symbol>& symbols() const { return symbols_; }

  /// By file and place.
  const std::vector<symbol_use>& uses() const { return uses_; }

  /// What is named at byte `offset` of a file, or just before it; nothing where no known name stands.
  const symbol_use* use_at(std::uint32_t file, std::size_t offset) const;

  /// Its uses, by file and place.
  std::vector<source_span> uses_of(std::size_t symbol) const;

  /// A symbol of this kind and name that belongs to `owner`; the first that was declared.
  std::optional<std::size_t> find(symbol_kind kind, std::string_view name, std::size_t owner = no_symbol) const;

  /// All of a kind that belong to `owner`, in the order in which they are declared.
  std::vector<std::size_t> all(symbol_kind kind, std::size_t owner = no_symbol) const;

 private:
  std::vector<source_file> files_;
  std::vector<symbol> symbols_;
  std::vector<symbol_use> uses_;
};

}  // namespace weir::rules
