#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "apps/weir/lsp/document.hpp"
#include "rules/compile.hpp"
#include "rules/index.hpp"

namespace weir::app::lsp {

/// Rule files that are read together, as `weir check` reads them.
struct checked_program {
  std::vector<std::string> roots;  // the files named; imports are found from these
  std::set<std::string> read;      // every path that was asked for, there or not
  std::vector<rules::source_file> files;
  std::vector<rules::diagnostic> findings;
  bool stale = true;
  bool shown = false;                        // an open document is part of it, and of no other before it
  std::optional<rules::symbol_index> index;  // of the files as they are now; none: to be made

  bool holds(const std::string& path) const;
};

/// What there is to say about a file.
struct file_findings {
  std::string path;
  std::optional<int> version;  // of the document, if it is open
  std::string text;            // that the spans index
  std::vector<rules::diagnostic> findings;
};

/// A file of a program, for questions about places in it.
struct indexed_file {
  const rules::symbol_index* index = nullptr;  // until the next change
  std::uint32_t file = 0;
};

/// The open documents, and the programs that they are part of. A document is read as part of the project whose
/// `weir.toml` stands in its folder or above, if that names it in `rules`, or imports it; else as part of an open
/// document that imports it; else by itself. Used by one thread.
class workspace {
 public:
  void open(document opened);
  void close(const std::string& path);
  void change(const std::string& path, int version, const json& changes);

  /// Any file on disk may have changed.
  void refresh();

  const document* find(const std::string& path) const;

  /// True if a check has something to do.
  bool is_stale() const { return stale_; }

  /// Compiles what has changed anew: the findings of the open documents that took part, of other files whose findings
  /// are not what they were, and none of those that have left.
  std::vector<file_findings> check();

  /// The file in its program; nothing where it is not open.
  std::optional<indexed_file> indexed(const std::string& path);

 private:
  using program_key = std::vector<std::string>;

  std::expected<std::string, std::string> read(const std::string& path) const;
  void touch(const std::string& path);
  checked_program& compiled(const program_key& roots);
  void compile_all();
  std::set<program_key> programs_shown(const std::vector<program_key>& singles) const;
  std::map<std::string, file_findings> gathered() const;

  std::vector<document> documents_;  // in the order of opening
  std::map<program_key, checked_program> programs_;
  std::map<std::string, std::vector<rules::diagnostic>> told_;  // what `check` said last
  std::set<std::string> fresh_;                                 // files of the programs that were compiled
  bool stale_ = false;
};

}  // namespace weir::app::lsp
