#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "rules/compile.hpp"

namespace weir::app {

/// What `check`, `test` and `run` have in common: rule files, and values for their params.
struct rule_files {
  std::vector<std::string> paths;
  std::map<std::string, std::string> params;
};

/// Adds `--param NAME=VALUE`.
void add_param_option(CLI::App& verb, std::map<std::string, std::string>& params);

/// Compiles the files. Throws `failure` when one cannot be read.
rules::compilation compile_quietly(const rule_files& files);

enum class shown_findings : std::uint8_t { errors, all };

/// The same, and prints the findings on standard error.
rules::compilation compile_and_print(const rule_files& files, shown_findings shown);

/// Takes the first word, if it names a rule and no file: `weir explain velocity cards.weir`. Else nothing, and the
/// words stay.
std::optional<std::string> take_rule_name(std::vector<std::string>& words);

/// "there is no rule "velosity"; did you mean "velocity"?"
std::string unknown_rule(const std::string& name, const rules::program& program);
/// "velocity, card_testing": the first of many.
std::string rule_names(const rules::program& program);

/// "3 errors, 1 warning", leaving out what there is none of but for `warnings`.
std::string count_findings(const std::vector<rules::diagnostic>& findings);

}  // namespace weir::app
