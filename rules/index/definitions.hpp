#pragma once

#include <vector>

#include "rules/index.hpp"
#include "rules/syntax/shape.hpp"

namespace weir::rules::indexing {

/// A file while its names are read: its tokens, and its outline.
struct outlined_file {
  std::uint32_t number = 0;
  syntax::reading source;
  std::vector<syntax::declaration_shape> declarations;

  std::string_view word(std::size_t token) const;  // empty beyond the last
  source_span span(std::size_t token) const { return span(token, token + 1); }
  source_span span(std::size_t first, std::size_t last) const;  // of tokens [first, last), which has one at least
};

outlined_file outlined(const source_file& file, std::uint32_t number);

/// Where text token `token` of a `reason` has an expression between braces: bytes [begin, end) of the file.
struct byte_range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};
std::vector<byte_range> braced_in_text(const outlined_file& file, std::size_t token);

/// Appends what the file declares.
void define_names(const outlined_file& file, std::vector<symbol>& symbols);

}  // namespace weir::rules::indexing
