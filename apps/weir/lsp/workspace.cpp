#include "apps/weir/lsp/workspace.hpp"

#include <algorithm>
#include <filesystem>
#include <tuple>
#include <utility>

#include "apps/weir/lsp/project.hpp"

namespace weir::app::lsp {

namespace {

std::string normal(const std::string& path) { return std::filesystem::path(path).lexically_normal().string(); }

/// Two programs may read one file, and find the same in it.
void leave_out_repeated(std::vector<rules::diagnostic>& findings) {
  const auto order = [](const rules::diagnostic& f) {
    return std::tie(f.where.begin, f.where.end, f.level, f.message);
  };
  std::ranges::stable_sort(findings, {}, order);
  const auto repeated = std::ranges::unique(findings, {}, order);
  findings.erase(repeated.begin(), repeated.end());
}

}  // namespace

bool checked_program::holds(const std::string& path) const {
  return std::ranges::any_of(files, [&](const auto& file) { return normal(file.path) == path; });
}

// ---- documents

void workspace::open(document opened) {
  close(opened.path);
  const auto path = opened.path;
  documents_.push_back(std::move(opened));
  touch(path);
}

void workspace::close(const std::string& path) {
  std::erase_if(documents_, [&](const document& d) { return d.path == path; });
  touch(path);
}

void workspace::change(const std::string& path, int version, const json& changes) {
  const auto at = std::ranges::find(documents_, path, &document::path);
  if (at == documents_.end()) return;
  // All of them or none: half a change would leave the text as nobody wrote it.
  auto text = at->text;
  for (const auto& change : changes) apply_change(text, change);
  at->text = std::move(text);
  at->version = version;
  touch(path);
}

void workspace::touch(const std::string& path) {
  stale_ = true;
  for (auto& [roots, program] : programs_) {
    if (!program.read.contains(path)) continue;
    program.stale = true;
    program.index.reset();
  }
}

void workspace::refresh() {
  stale_ = true;
  for (auto& [roots, program] : programs_) {
    program.stale = true;
    program.index.reset();
  }
}

const document* workspace::find(const std::string& path) const {
  const auto at = std::ranges::find(documents_, path, &document::path);
  return at == documents_.end() ? nullptr : &*at;
}

std::expected<std::string, std::string> workspace::read(const std::string& path) const {
  if (const auto* open = find(normal(path))) return open->text;
  // A path that is half written may name anything; what has no end, such as a terminal, would never be read.
  std::error_code unknown;
  const auto status = std::filesystem::status(path, unknown);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    return std::unexpected("it is not a plain file");
  }
  return rules::read_text_file(path);
}

// ---- programs

checked_program& workspace::compiled(const program_key& roots) {
  auto& program = programs_[roots];
  if (!program.stale) return program;
  program = {.roots = roots, .read = {}, .files = {}, .findings = {}, .stale = false, .index = {}};
  auto result = rules::compile(roots, {}, [&](const std::string& path) {
    program.read.insert(normal(path));
    return read(path);
  });
  program.files = std::move(result.files);
  program.findings = std::move(result.findings);
  for (const auto& file : program.files) fresh_.insert(normal(file.path));
  return program;
}

void workspace::compile_all() {
  std::set<program_key> asked;
  std::set<program_key> shown;
  std::vector<program_key> singles;
  for (const auto& d : documents_) {
    const auto project = project_rules(d.path);
    if (!project.empty()) asked.insert(project);
    if (!project.empty() && compiled(project).holds(d.path)) {
      shown.insert(project);
    } else {
      compiled(singles.emplace_back(program_key{d.path}));
    }
  }
  asked.insert(singles.begin(), singles.end());
  shown.merge(programs_shown(singles));
  std::erase_if(programs_, [&](const auto& p) { return !asked.contains(p.first); });
  for (auto& [roots, program] : programs_) program.shown = shown.contains(roots);
  stale_ = false;
}

/// A document that another one imports is checked there. Of documents that import each other the first one opened
/// counts.
std::set<workspace::program_key> workspace::programs_shown(const std::vector<program_key>& singles) const {
  const auto imports = [&](std::size_t a, std::size_t b) { return programs_.at(singles[a]).holds(singles[b].front()); };
  std::set<program_key> shown;
  for (std::size_t i = 0; i < singles.size(); ++i) {
    bool imported = false;
    for (std::size_t other = 0; other < singles.size() && !imported; ++other) {
      imported = other != i && imports(other, i) && (other < i || !imports(i, other));
    }
    if (!imported) shown.insert(singles[i]);
  }
  return shown;
}

std::map<std::string, file_findings> workspace::gathered() const {
  std::map<std::string, file_findings> all;
  for (const auto& [roots, program] : programs_) {
    if (!program.shown) continue;
    for (const auto& file : program.files) {
      const auto path = normal(file.path);
      auto& known = all.try_emplace(path, file_findings{path, {}, file.text, {}}).first->second;
      if (const auto* open = find(path)) known.version = open->version;
    }
    for (const auto& finding : program.findings) {
      auto& file = all.at(normal(program.files.at(finding.where.file).path));
      file.findings.push_back(finding);
      file.findings.back().where.file = 0;  // each program counts its files by itself
    }
  }
  for (auto& [path, file] : all) leave_out_repeated(file.findings);
  return all;
}

std::vector<file_findings> workspace::check() {
  compile_all();
  auto found = gathered();
  std::vector<file_findings> news;
  for (const auto& [path, findings] : std::exchange(told_, {})) {
    if (!findings.empty() && !found.contains(path)) news.push_back({path, {}, {}, {}});
    if (found.contains(path)) told_[path] = findings;
  }
  for (auto& [path, file] : found) {
    auto& told = told_[path];
    const bool took_part = file.version && fresh_.contains(path);
    if (!took_part && told == file.findings) continue;
    told = file.findings;
    news.push_back(std::move(file));
  }
  fresh_.clear();
  return news;
}

std::optional<indexed_file> workspace::indexed(const std::string& path) {
  if (find(path) == nullptr) return std::nullopt;
  const auto holding = [&] {
    return std::ranges::find_if(programs_, [&](const auto& p) { return p.second.shown && p.second.holds(path); });
  };
  auto at = holding();
  if (at == programs_.end()) {
    compile_all();
    stale_ = true;  // what was found is yet to be told
    at = holding();
  }
  if (at == programs_.end()) return std::nullopt;
  auto& program = at->second;
  if (!program.index) {
    auto files = program.files;
    for (auto& file : files) {
      if (const auto* open = find(normal(file.path))) file.text = open->text;
    }
    program.index.emplace(std::move(files));
  }
  const auto file = std::ranges::find(program.files, path, [](const auto& f) { return normal(f.path); });
  return indexed_file{&*program.index, static_cast<std::uint32_t>(file - program.files.begin())};
}

}  // namespace weir::app::lsp
