#include "apps/weir/finding_json.hpp"

#include <nlohmann/json.hpp>

namespace weir::app {

namespace {

using json = nlohmann::ordered_json;

json position_json(rules::text_position position) {
  return {{"line", position.line}, {"character", position.character}};
}

}  // namespace

json range_json(const rules::line_table& lines, const rules::source_span& where) {
  return {{"start", position_json(lines.position_of(where.begin))},
          {"end", position_json(lines.position_of(where.end))}};
}

json finding_json(const rules::diagnostic& finding, const std::string& path, const rules::line_table& lines) {
  json written = {
      {"file", path},
      {"range", range_json(lines, finding.where)},
      {"severity", finding.level == rules::diagnostic_level::error ? 1 : 2},
      {"source", "weir"},
      {"message", finding.message},
  };
  if (!finding.hint.empty()) written["hint"] = finding.hint;
  return written;
}

}  // namespace weir::app
