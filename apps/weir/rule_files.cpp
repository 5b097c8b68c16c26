#include "apps/weir/rule_files.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include <fmt/format.h>

#include "apps/weir/config.hpp"
#include "apps/weir/exit_code.hpp"
#include "apps/weir/terminal.hpp"

namespace weir::app {

namespace {

std::string plural(std::ptrdiff_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

/// A rule file that is not there is a fault of the input, not a finding about rules.
void require_readable(const std::vector<std::string>& paths) {
  for (const auto& path : paths) {
    const auto text = rules::read_text_file(path);
    if (text) continue;
    const bool named = text.error().starts_with(path);
    throw failure(exit_code::io, named ? text.error() : fmt::format("{}: {}", path, text.error()));
  }
}

}  // namespace

void add_param_option(CLI::App& verb, std::map<std::string, std::string>& params) {
  const auto take = [&params](const std::vector<std::string>& settings) {
    for (const auto& setting : settings) {
      const auto equals = setting.find('=');
      const auto name = setting.substr(0, equals);
      if (equals == std::string::npos || !is_identifier(name)) {
        throw CLI::ValidationError("--param", fmt::format("\"{}\" is not NAME=VALUE", setting));
      }
      params[name] = setting.substr(equals + 1);
    }
  };
  verb.add_option_function<std::vector<std::string>>("--param", take, "Give a param of the rules another value")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
}

rules::compilation compile_quietly(const rule_files& files) {
  require_readable(files.paths);
  return rules::compile(files.paths, {.params = files.params});
}

rules::compilation compile_and_print(const rule_files& files, shown_findings shown) {
  auto compiled = compile_quietly(files);
  const bool colour = shows_colour(STDERR_FILENO);
  for (const auto& finding : compiled.findings) {
    if (shown == shown_findings::errors && finding.level != rules::diagnostic_level::error) continue;
    auto text = rules::render(finding, compiled.files, colour);
    if (!text.ends_with('\n')) text += '\n';
    fmt::print(stderr, "{}", text);
  }
  return compiled;
}

std::optional<std::string> take_rule_name(std::vector<std::string>& words) {
  const auto in_names = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  if (words.empty() || !std::ranges::all_of(words.front(), in_names) || std::filesystem::exists(words.front())) {
    return std::nullopt;
  }
  const auto name = std::move(words.front());
  words.erase(words.begin());
  return name;
}

std::string unknown_rule(const std::string& name, const rules::program& program) {
  std::vector<std::string> names;
  for (const auto& r : program.rules) names.push_back(r.name);
  const auto near = rules::nearest(name, names);
  if (!near.empty()) return fmt::format("there is no rule \"{}\"; did you mean \"{}\"?", name, near);
  return fmt::format("there is no rule \"{}\": there are {}", name, rule_names(program));
}

std::string rule_names(const rules::program& program) {
  constexpr std::size_t names_max = 12;
  std::string names;
  for (std::size_t i = 0; i < std::min(program.rules.size(), names_max); ++i) {
    names += (i > 0 ? ", " : "") + program.rules[i].name;
  }
  return program.rules.size() > names_max ? names + ", …" : names;
}

std::string count_findings(const std::vector<rules::diagnostic>& findings) {
  const auto errors = std::ranges::count(findings, rules::diagnostic_level::error, &rules::diagnostic::level);
  const auto warnings = plural(std::ssize(findings) - errors, "warning");
  return errors == 0 ? warnings : fmt::format("{}, {}", plural(errors, "error"), warnings);
}

}  // namespace weir::app
