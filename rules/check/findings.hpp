#pragma once

#include <string>
#include <vector>

#include "rules/diagnostic.hpp"
#include "rules/syntax/ast.hpp"

namespace weir::rules {

/// What checking has found so far, over all files.
class findings {
 public:
  void error(source_span where, std::string message, std::string hint = {});
  void warning(source_span where, std::string message, std::string hint = {});

  /// An error about a name that is declared nowhere. It is kept back when a declaration may have been passed
  /// over: what is missing may well be there.
  void unknown(source_span where, std::string message, std::string hint = {});
  void set_incomplete() { incomplete_ = true; }

  bool any_error() const { return has_errors(list_); }
  std::size_t errors() const;
  /// For the parser, which appends by itself.
  std::vector<diagnostic>& list() { return list_; }

  /// All of them, by file and position.
  std::vector<diagnostic> sorted() const;

 private:
  std::vector<diagnostic> list_;
  bool incomplete_ = false;
};

source_span span_of(std::uint32_t file, const ast::located& node);

/// "line 3", or "types.weir, line 3" when `where` is in another file than `reader`.
std::string line_text(source_span where, std::uint32_t reader, const std::vector<source_file>& files);

/// "did you mean `amount`?", or nothing when no candidate is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

/// A name as messages show it: `amount`.
std::string quoted(std::string_view name);

/// "a, b and c".
std::string listed(const std::vector<std::string>& names, std::string_view last = " and ");

}  // namespace weir::rules
