#include "rules/compile.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "rules/check/check.hpp"

namespace weir::rules {
namespace {

bool points_beyond(const std::vector<diagnostic>& found, std::size_t files) {
  for (const auto& d : found) {
    if (d.where.file >= files) return true;
  }
  return false;
}

// True if a declaration may have been passed over: an error of reading that does not lie in a rule.
bool may_lack_declarations(const syntax_trees& trees, findings& found) {
  const auto in_rule = [&](const diagnostic& d) {
    if (d.where.file >= trees.size()) return false;
    const auto& declarations = trees[d.where.file].declarations;
    return std::ranges::any_of(declarations, [&](const ast::declaration& declaration) {
      const auto* rule = boost::get<ast::rule_declaration>(&declaration);
      return rule != nullptr && rule->broken && rule->begin <= d.where.begin && d.where.begin <= rule->end;
    });
  };
  return std::ranges::any_of(found.list(), [&](const diagnostic& d) { return !in_rule(d); });
}

compilation checked_program(const syntax_trees& trees, const compile_options& options, const file_reader& read,
                            workplace work) {
  const auto rule_files = work.files.size();
  if (may_lack_declarations(trees, work.found)) work.found.set_incomplete();
  compilation done;
  done.result = check(trees, options.params, read, work);
  done.findings = work.found.sorted();
  done.files = std::move(work.files);
  // The texts of params that were set stand behind the rule files only as long as a finding points there.
  if (!points_beyond(done.findings, rule_files)) done.files.resize(rule_files);
  return done;
}

struct closing {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

std::expected<std::string, std::string> read_text_file(const std::string& path) {
  const std::unique_ptr<std::FILE, closing> file(std::fopen(path.c_str(), "rb"));
  if (!file) return std::unexpected(std::string(std::strerror(errno)));
  std::string text;
  char buffer[1 << 16];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, file.get())) > 0;) text.append(buffer, n);
  if (std::ferror(file.get()) != 0) return std::unexpected(std::string(std::strerror(errno)));
  return text;
}

compilation compile(const std::vector<std::string>& paths, const compile_options& options, const file_reader& read) {
  workplace work;
  const auto trees = load(paths, read, work.files, work.found);
  return checked_program(trees, options, read, std::move(work));
}

compilation compile_text(std::string text, const compile_options& options, const file_reader& read) {
  workplace work;
  const auto trees = load_text(std::move(text), read, work.files, work.found);
  return checked_program(trees, options, read, std::move(work));
}

}  // namespace weir::rules
