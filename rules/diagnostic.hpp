#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::rules {

struct source_file {
  std::string path;
  std::string text;
};

/// Bytes [begin, end) of a source file.
struct source_span {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const source_span&, const source_span&) = default;
};

enum class diagnostic_level : std::uint8_t { error, warning };

/// One finding about a rule file, in the words of the language.
struct diagnostic {
  diagnostic_level level = diagnostic_level::error;
  source_span where;
  std::string message;
  std::string hint;  // empty when there is none

  friend bool operator==(const diagnostic&, const diagnostic&) = default;
};

bool has_errors(const std::vector<diagnostic>& findings);

/// "path:line:column: error: message", the line, a caret under the span, and the hint. Columns count code points.
std::string render(const diagnostic& finding, const std::vector<source_file>& files, bool colour = false);

/// The candidate nearest to `name` by edit distance, when it is near enough to be meant; else empty.
std::string_view nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace weir::rules
