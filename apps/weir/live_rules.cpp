#include "apps/weir/live_rules.hpp"

#include <unistd.h>

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "apps/weir/terminal.hpp"
#include "rules/compile.hpp"

namespace weir::app {

namespace {

rules::decoded_events decoded_by(const std::vector<source_config>& sources) {
  rules::decoded_events decoded;
  for (const auto& source : sources) {
    if (source.event.empty()) {
      decoded.any = true;
    } else {
      decoded.named.push_back(source.event);
    }
  }
  return decoded;
}

std::string render(const rules::compilation& compiled) {
  std::string text;
  for (const auto& finding : compiled.findings) {
    if (finding.level != rules::diagnostic_level::error) continue;
    text += rules::render(finding, compiled.files, shows_colour(STDERR_FILENO));
    if (!text.ends_with('\n')) text += '\n';
  }
  return text;
}

std::vector<std::string> paths_of(const rules::compilation& compiled) {
  std::vector<std::string> paths;
  for (const auto& file : compiled.files) paths.push_back(file.path);
  return paths;
}

/// The same rules in the same order, lists and tables from the same files, and nothing else said about any of them.
bool says_the_same(const rules::program& running, const rules::program& next) {
  const auto same_rule = [](const rules::rule& a, const rules::rule& b) {
    return a.name == b.name && a.content_hash == b.content_hash;
  };
  const auto same_path = [](const auto& a, const auto& b) { return a.file.path == b.file.path; };
  return std::ranges::equal(running.rules, next.rules, same_rule) &&
         std::ranges::equal(running.lists, next.lists, same_path) &&
         std::ranges::equal(running.tables, next.tables, same_path);
}

/// "; new: velocity, refund"
std::string listed(std::string_view what, const std::vector<std::string>& names) {
  constexpr std::size_t names_max = 8;
  if (names.empty()) return {};
  const auto shown = std::span(names).first(std::min(names.size(), names_max));
  return fmt::format("; {}: {}{}", what, fmt::join(shown, ", "), names.size() > names_max ? ", …" : "");
}

std::string describe(const rules::program& running, const rules::successor& next) {
  const auto before = running.active();
  const auto after = next.rules.active();
  const auto is_among = [](const std::vector<const rules::rule*>& rules, const std::string& name) {
    return std::ranges::find(rules, name, [](const rules::rule* r) { return r->name; }) != rules.end();
  };
  std::vector<std::string> changed;
  std::vector<std::string> added;
  std::vector<std::string> gone;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (!next.kept[i]) (is_among(before, after[i]->name) ? changed : added).push_back(after[i]->name);
  }
  for (const auto* r : before) {
    if (!is_among(after, r->name)) gone.push_back(r->name);
  }
  const auto stay = after.size() - changed.size() - added.size();
  return fmt::format("{} rule{} {} on", stay, stay == 1 ? "" : "s", stay == 1 ? "goes" : "go") +
         listed("begin anew", changed) + listed("new", added) + listed("gone", gone);
}

}  // namespace

live_rules::live_rules(rule_files files, std::vector<std::string> read, const std::vector<source_config>& sources,
                       limits_config limits)
    : files_(std::move(files)),
      decoded_(decoded_by(sources)),
      limits_(std::move(limits)),
      watch_(read),
      watched_(std::move(read)) {}

bool live_rules::worth_reading() {
  const bool being_written = watch_.any_changed();
  return std::exchange(written_, being_written) && !being_written;
}

std::expected<std::optional<live_rules::change>, live_rules::refusal> live_rules::read(const rules::program& running) {
  auto compiled = rules::compile(files_.paths, {.params = files_.params});
  // What a broken set imports is watched too: it may be where the mistake is.
  auto paths = paths_of(compiled);
  for (const auto& path : watched_) {
    if (!compiled.result && std::ranges::find(paths, path) == paths.end()) paths.push_back(path);
  }
  if (paths != watched_) {
    watched_ = std::move(paths);
    watch_ = file_watch(watched_);
    watch_.any_changed();
  }
  if (!compiled.result) {
    return std::unexpected(refusal{.findings = render(compiled), .why = count_findings(compiled.findings)});
  }
  set_limits(*compiled.result, limits_);
  return compare(running, std::move(*compiled.result));
}

std::expected<std::optional<live_rules::change>, live_rules::refusal> live_rules::compare(const rules::program& running,
                                                                                          rules::program fresh) const {
  auto next = rules::succeed(running, std::move(fresh), decoded_);
  if (!next) {
    return std::unexpected(
        refusal{.findings = {}, .why = fmt::format("that needs a restart: {}", fmt::join(next.error(), "; "))});
  }
  if (says_the_same(running, next->rules) && !next->changed.changed()) return std::nullopt;
  auto what = describe(running, *next);
  return change{.next = std::move(*next), .what = std::move(what)};
}

}  // namespace weir::app
