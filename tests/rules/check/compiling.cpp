#include "tests/rules/check/compiling.hpp"

#include <stdexcept>

namespace weir::testing {

const std::string declarations = R"(
entity account
entity card
event payment  { at: time  id: text  card: card  merchant: text  amount: money(EUR)  country: text? }
event transfer { at: time  from, to: account  amount: money(EUR)  rate: float?  share: decimal?  n: int? }
event login    { at: time  user: account  ok: bool  device: text?  place: text? }
)";

namespace {

std::string errors_of(const rules::compilation& compiled) {
  std::string text;
  for (const auto& finding : compiled.findings) {
    if (finding.level == rules::diagnostic_level::error) text += finding.message + "\n";
  }
  return text;
}

}  // namespace

rules::file_reader reader_of(std::map<std::string, std::string> files) {
  return [files = std::move(files)](const std::string& path) -> std::expected<std::string, std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return std::unexpected("no such file");
    return found->second;
  };
}

rules::program program_of(const std::string& text, const rules::compile_options& options,
                          const std::map<std::string, std::string>& files) {
  auto compiled = rules::compile_text(declarations + text, options, reader_of(files));
  if (!compiled.result) throw std::runtime_error(errors_of(compiled));
  return *std::move(compiled.result);
}

std::string errors_in(const std::string& text, const rules::compile_options& options,
                      const std::map<std::string, std::string>& files) {
  return errors_of(rules::compile_text(declarations + text, options, reader_of(files)));
}

cep::pattern pattern_of(const std::string& text) { return program_of(text).rules.front().pattern; }

cep::expression where_of(const std::string& where) {
  return cep::steps_of(pattern_of("rule r for card { on payment where " + where + " }")).front()->events.where;
}

}  // namespace weir::testing
