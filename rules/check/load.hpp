#pragma once

#include <deque>

#include "rules/check/findings.hpp"
#include "rules/compile.hpp"

namespace weir::rules {

/// The trees of all files, by the index that spans use. A deque: what is declared points into them.
using syntax_trees = std::deque<ast::file>;

/// Reads and parses the files and what they import, each once; `files` gets a file for every tree.
syntax_trees load(const std::vector<std::string>& paths, const file_reader& read, std::vector<source_file>& files,
                  findings& found);

/// Parses one text, and the files it imports.
syntax_trees load_text(std::string text, const file_reader& read, std::vector<source_file>& files, findings& found);

/// `path` as the file `named_by` means it: relative to that file's own place.
std::string path_beside(const std::string& named_by, const std::string& path);

}  // namespace weir::rules
