#include "rules/check/load.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "rules/syntax/parse.hpp"

namespace weir::rules {
namespace {

std::string normal(const std::string& path) { return std::filesystem::path(path).lexically_normal().string(); }

class loader {
 public:
  loader(const file_reader& read, std::vector<source_file>& files, findings& found)
      : read_(read), files_(files), found_(found) {}

  void load(const std::string& path) {
    if (!known_.insert(normal(path)).second) return;
    auto text = read_(path);
    if (!text) {
      // Nothing to point at: the file itself was named on the command line.
      const auto file = add({path, ""}, {});
      found_.error({file, 0, 0}, "can't read " + path + ": " + text.error());
      return;
    }
    parse({path, *std::move(text)});
  }

  void parse(source_file file) {
    const auto index = static_cast<std::uint32_t>(files_.size());
    auto tree = parse_file(file.text, index, found_.list());
    add(std::move(file), std::move(tree));
    load_imports(index);
  }

  syntax_trees trees() && { return std::move(trees_); }

 private:
  std::uint32_t add(source_file file, ast::file tree) {
    files_.push_back(std::move(file));
    trees_.push_back(std::move(tree));
    return static_cast<std::uint32_t>(files_.size() - 1);
  }

  void load_imports(std::uint32_t importer) {
    // The tree stands in a deque: it does not move while its imports are added behind it.
    for (const auto& declaration : trees_[importer].declarations) {
      if (const auto* import = boost::get<ast::import_declaration>(&declaration)) load_import(importer, *import);
    }
  }

  void load_import(std::uint32_t importer, const ast::import_declaration& import) {
    const auto path = path_beside(files_[importer].path, import.path.value);
    if (!known_.insert(normal(path)).second) return;
    auto text = read_(path);
    if (!text) {
      found_.error(span_of(importer, import.path), "can't read " + path + ": " + text.error());
      return;
    }
    parse({path, *std::move(text)});
  }

  const file_reader& read_;
  std::vector<source_file>& files_;
  findings& found_;
  syntax_trees trees_;
  std::set<std::string> known_;
};

}  // namespace

syntax_trees load(const std::vector<std::string>& paths, const file_reader& read, std::vector<source_file>& files,
                  findings& found) {
  loader l(read, files, found);
  for (const auto& path : paths) l.load(path);
  return std::move(l).trees();
}

syntax_trees load_text(std::string text, const file_reader& read, std::vector<source_file>& files, findings& found) {
  loader l(read, files, found);
  l.parse({"<text>", std::move(text)});
  return std::move(l).trees();
}

std::string path_beside(const std::string& named_by, const std::string& path) {
  const std::filesystem::path wanted(path);
  if (wanted.is_absolute()) return path;
  return (std::filesystem::path(named_by).parent_path() / wanted).lexically_normal().string();
}

}  // namespace weir::rules
