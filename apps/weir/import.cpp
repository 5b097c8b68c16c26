#include "apps/weir/import.hpp"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "apps/weir/sigma_map.hpp"
#include "rules/compile.hpp"
#include "rules/sigma/import.hpp"
#include "stream/file/line_writer.hpp"

namespace weir::app {

namespace {

struct import_options {
  std::vector<std::string> paths;
  std::string map;
  std::string out = "-";
};

std::vector<sigma::source_file> read_files(const std::vector<std::string>& paths) {
  std::vector<sigma::source_file> files;
  for (const auto& path : paths) {
    auto text = rules::read_text_file(path);
    if (!text) throw failure(exit_code::io, fmt::format("{}: {}", path, text.error()));
    files.push_back({.path = path, .text = std::move(*text)});
  }
  return files;
}

sigma::mapping read_map(const std::string& path) {
  if (path.empty()) return {};
  auto map = read_sigma_map(path);
  if (!map) throw failure(exit_code::usage, map.error());
  return std::move(*map);
}

void write_text(const std::string& path, std::string_view text) {
  auto out = stream::line_writer::open(path);
  if (!out) throw failure(exit_code::io, out.error().message);
  if (text.ends_with('\n')) text.remove_suffix(1);
  auto written = text.empty() ? std::expected<void, stream::io_error>{} : out->write(text);
  if (written) written = out->close();
  if (!written && !out->reader_gone()) throw failure(exit_code::io, written.error().message);
}

/// "rules/a.yml:12: left out "Title": why"
std::string shown(const sigma::finding& finding, const std::vector<sigma::source_file>& files) {
  const auto title = finding.title.empty() ? std::string("a document") : fmt::format("\"{}\"", finding.title);
  return fmt::format("{}:{}: left out {}: {}\n", files[finding.where.file].path, finding.where.line, title,
                     finding.message);
}

exit_code import_sigma(const import_options& options) {
  const auto files = read_files(options.paths);
  const auto done = sigma::import_rules(files, read_map(options.map));
  write_text(options.out, done.text);
  for (const auto& finding : done.left_out) fmt::print(stderr, "{}", shown(finding, files));
  fmt::print(stderr, "{} rule{} written, {} left out\n", done.rules, done.rules == 1 ? "" : "s", done.left_out.size());
  return done.left_out.empty() ? exit_code::done : exit_code::findings;
}

}  // namespace

void add_import(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("import", "Write rules of other languages as rules of Weir");
  verb->require_subcommand(1);
  auto* from = verb->add_subcommand("sigma", "Sigma rules and correlations; what cannot be said exactly is left out");
  auto options = std::make_shared<import_options>();  // lives as long as the callback that CLI11 keeps
  from->add_option("FILE", options->paths, "YAML files; read together, so that correlations find their rules")
      ->required();
  from->add_option("--map", options->map, "TOML file: events and fields of log sources");
  from->add_option("--out", options->out, "Where the rules go; - is standard output")->capture_default_str();
  from->callback([options, &result] { result = import_sigma(*options); });
  verb->footer("weir import sigma rules/*.yml --out sigma.weir");
}

}  // namespace weir::app
