#include "apps/weir/fmt.hpp"

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>

#include <fmt/format.h>

#include "apps/weir/replace_file.hpp"
#include "apps/weir/rule_files.hpp"
#include "apps/weir/terminal.hpp"
#include "rules/format.hpp"

namespace weir::app {

namespace {

constexpr std::string_view standard_input = "-";

struct fmt_options {
  std::vector<std::string> paths;
  bool check = false;
};

rules::source_file read(const std::string& path) {
  if (path == standard_input) {
    return {"<stdin>", std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>())};
  }
  auto text = rules::read_text_file(path);
  if (!text) throw failure(exit_code::io, fmt::format("{}: {}", path, text.error()));
  return {path, *std::move(text)};
}

void print_findings(const std::vector<rules::diagnostic>& findings, const rules::source_file& file) {
  const bool colour = shows_colour(STDERR_FILENO);
  for (const auto& finding : findings) fmt::print(stderr, "{}", rules::render(finding, {file}, colour));
}

/// Nothing is written, and the file named, where its layout is another.
exit_code compare(const rules::source_file& file, const std::string& laid_out) {
  if (file.text == laid_out) return exit_code::done;
  fmt::print("{}: weir fmt would change it\n", file.path);
  return exit_code::findings;
}

void write(const std::string& path, const rules::source_file& file, const std::string& laid_out) {
  if (path == standard_input) {
    fmt::print("{}", laid_out);
  } else if (file.text != laid_out) {
    replace_file(path, laid_out);
    fmt::print("{}: laid out anew\n", path);
  }
}

exit_code format_one(const std::string& path, bool check) {
  const auto file = read(path);
  const auto laid_out = rules::format(file.text);
  if (!laid_out) {
    print_findings(laid_out.error(), file);
    return exit_code::findings;
  }
  if (check) return compare(file, *laid_out);
  write(path, file, *laid_out);
  return exit_code::done;
}

exit_code format_all(fmt_options options) {
  if (options.paths.empty()) options.paths.emplace_back(standard_input);
  auto result = exit_code::done;
  for (const auto& path : options.paths) {
    const auto ended = format_one(path, options.check);
    if (ended != exit_code::done) result = ended;
  }
  return result;
}

}  // namespace

void add_fmt(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("fmt", "Lay rule files out in one way: blanks and line ends change, nothing else");
  auto options = std::make_shared<fmt_options>();  // lives as long as the callback that CLI11 keeps
  verb->add_option("FILE", options->paths,
                   "Rule files, written anew in place; without one, or for -, from standard input to standard output");
  verb->add_flag("--check", options->check,
                 "Write nothing; name the files that would change, and exit with 1 if there are any");
  verb->footer("weir fmt --check rules/packs/*.weir");
  verb->callback([options, &result] { result = format_all(*options); });
}

}  // namespace weir::app
