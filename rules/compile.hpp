#pragma once

#include <expected>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "rules/diagnostic.hpp"
#include "rules/program.hpp"

namespace weir::rules {

struct compile_options {
  std::map<std::string, std::string> params;  // overrides, spelled as in a rule file: {"ratio", "0.95"}
};

/// What came of compiling: the files read (imports included; spans index them), findings, and, when none of them is an
/// error, the program.
struct compilation {
  std::vector<source_file> files;
  std::vector<diagnostic> findings;
  std::optional<program> result;
};

/// Reads a file as text; the message says why it could not.
using file_reader = std::function<std::expected<std::string, std::string>(const std::string& path)>;

/// Reads from the file system.
std::expected<std::string, std::string> read_text_file(const std::string& path);

/// Compiles rule files as one program. Imports and lists are found relative to the file that names them; a file
/// imported twice is read once. All errors of all files are found at once.
compilation compile(const std::vector<std::string>& paths, const compile_options& options = {},
                    const file_reader& read = read_text_file);

/// The same for one text, for tests and tools.
compilation compile_text(std::string text, const compile_options& options = {},
                         const file_reader& read = read_text_file);

}  // namespace weir::rules
