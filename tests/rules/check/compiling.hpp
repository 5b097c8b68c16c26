#pragma once

#include <map>
#include <string>

#include "rules/compile.hpp"

namespace weir::testing {

/// Entities `card` and `account`, events `payment`, `transfer` and `login`: what most of the rules here are about.
extern const std::string declarations;

/// Reads from the files given, and finds no others.
rules::file_reader reader_of(std::map<std::string, std::string> files);

/// The program of `declarations` and `text`; an exception that says why, when there is none.
rules::program program_of(const std::string& text, const rules::compile_options& options = {},
                          const std::map<std::string, std::string>& files = {});

/// The messages of the errors in `declarations` and `text`, a line each.
std::string errors_in(const std::string& text, const rules::compile_options& options = {},
                      const std::map<std::string, std::string>& files = {});

/// The pattern of the first rule.
cep::pattern pattern_of(const std::string& text);

/// The condition of the first step of the first rule, `where` given.
cep::expression where_of(const std::string& where);

}  // namespace weir::testing
