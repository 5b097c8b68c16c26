#include "apps/weir/lsp/document.hpp"

#include <algorithm>

#include "apps/weir/finding_json.hpp"

namespace weir::app::lsp {

namespace {

/// Length of the lines that two texts begin with alike.
std::size_t common_lines(std::string_view a, std::string_view b) {
  const auto differs = std::ranges::mismatch(a, b).in1;
  const auto same = a.substr(0, static_cast<std::size_t>(differs - a.begin()));
  return same.rfind('\n') + 1;  // npos + 1 is 0
}

/// Length of the lines that two texts end with alike.
std::size_t common_last_lines(std::string_view a, std::string_view b) {
  std::size_t same = 0;
  std::size_t lines = 0;
  while (same < a.size() && same < b.size() && a[a.size() - 1 - same] == b[b.size() - 1 - same]) {
    if (a[a.size() - 1 - same] == '\n') lines = same;
    ++same;
  }
  return lines;
}

}  // namespace

rules::text_position position_in(const json& written) {
  return {written.at("line").get<std::uint32_t>(), written.at("character").get<std::uint32_t>()};
}

void apply_change(std::string& text, const json& change) {
  const auto& replacement = change.at("text").get_ref<const std::string&>();
  if (!change.contains("range")) {
    text = replacement;
    return;
  }
  const rules::line_table lines(text);
  const auto& range = change.at("range");
  const auto begin = lines.offset_of(position_in(range.at("start")));
  const auto end = lines.offset_of(position_in(range.at("end")));
  text.replace(std::min(begin, end), std::max(begin, end) - std::min(begin, end), replacement);
}

json edits_between(const std::string& before, const std::string& after) {
  if (before == after) return json::array();
  const auto first = common_lines(before, after);
  const auto last = common_last_lines(std::string_view(before).substr(first), std::string_view(after).substr(first));
  const rules::source_span changed{0, static_cast<std::uint32_t>(first),
                                   static_cast<std::uint32_t>(before.size() - last)};
  return json::array({{{"range", range_json(rules::line_table(before), changed)},
                       {"newText", after.substr(first, after.size() - last - first)}}});
}

}  // namespace weir::app::lsp
