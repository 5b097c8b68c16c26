#include "rules/compile.hpp"

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

compilation checked_program(const syntax_trees& trees, const compile_options& options, const file_reader& read,
                            workplace work) {
  const auto rule_files = work.files.size();
  if (work.found.any_error()) work.found.set_incomplete();
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
