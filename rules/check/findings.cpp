#include "rules/check/findings.hpp"

#include <algorithm>
#include <tuple>

namespace weir::rules {

void findings::error(source_span where, std::string message, std::string hint) {
  list_.push_back({diagnostic_level::error, where, std::move(message), std::move(hint)});
}

void findings::warning(source_span where, std::string message, std::string hint) {
  list_.push_back({diagnostic_level::warning, where, std::move(message), std::move(hint)});
}

void findings::unknown(source_span where, std::string message, std::string hint) {
  if (!incomplete_) error(where, std::move(message), std::move(hint));
}

std::size_t findings::errors() const {
  return static_cast<std::size_t>(std::ranges::count(list_, diagnostic_level::error, &diagnostic::level));
}

std::vector<diagnostic> findings::sorted() const {
  const auto place = [](const diagnostic& d) { return std::tuple(d.where.file, d.where.begin); };
  std::vector<diagnostic> all;
  for (const auto& d : list_) all.insert(std::ranges::upper_bound(all, place(d), {}, place), d);
  return all;
}

source_span span_of(std::uint32_t file, const ast::located& node) { return {file, node.begin, node.end}; }

std::string line_text(source_span where, std::uint32_t reader, const std::vector<source_file>& files) {
  const auto& file = files[where.file];
  const auto before = std::string_view(file.text).substr(0, where.begin);
  const auto line = "line " + std::to_string(std::ranges::count(before, '\n') + 1);
  return where.file == reader ? line : file.path + ", " + line;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const auto found = nearest(name, candidates);
  return found.empty() ? std::string() : "did you mean " + quoted(found) + "?";
}

std::string quoted(std::string_view name) { return "`" + std::string(name) + "`"; }

std::string listed(const std::vector<std::string>& names, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? last : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace weir::rules
