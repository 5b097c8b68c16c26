#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/diagnostic.hpp"
#include "rules/syntax/config.hpp"
#include "rules/syntax/words.hpp"

namespace weir::rules::syntax {

/// Puts into words what the grammar could not read.
class error_handler {
 public:
  error_handler(const reading& source, std::uint32_t file) : source_(source), file_(file) {}

  /// The grammar expected `what`, as X3 names it, at `where`.
  diagnostic expected(iterator where, std::string_view what) const;

  /// The grammar knows what stands there, and refuses it.
  diagnostic refused(const refusal& reason) const;

  /// Token `index` cannot begin what should begin there. `candidates`: the words that could.
  diagnostic unexpected(std::size_t index, std::string_view what, const std::vector<std::string>& candidates) const;

  diagnostic at_token(std::size_t index, std::string message, std::string hint = "") const;

  /// Directly behind token `index`, where something is missing.
  diagnostic behind_token(std::size_t index, std::string message, std::string hint = "") const;

 private:
  std::string_view written(std::size_t index) const;
  diagnostic at(std::uint32_t begin, std::uint32_t end, std::string message, std::string hint) const;
  bool parts_digits(std::size_t index) const;
  bool is_malformed(std::size_t index) const;
  diagnostic malformed(std::size_t index) const;
  diagnostic in_text(std::uint32_t position) const;
  std::string after(std::size_t index) const;
  bool is_missing_before(std::size_t index) const;
  std::string hint_for(std::size_t index, std::string_view what) const;

  const reading& source_;
  std::uint32_t file_;
};

}  // namespace weir::rules::syntax
