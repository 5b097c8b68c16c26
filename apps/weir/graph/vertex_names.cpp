#include "apps/weir/graph/vertex_names.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "apps/weir/exit_code.hpp"
#include "rules/diagnostic.hpp"

namespace weir::app {

namespace {

// More names than these are not compared with one that is wrong.
constexpr std::size_t names_compared_max = 1'000'000;

}  // namespace

vertex_names::vertex_names(std::string from_type, std::string to_type) : types_{std::move(from_type)} {
  if (to_type != types_.front()) types_.push_back(std::move(to_type));
}

graph::vertex_id vertex_names::add(edge_end end, std::string_view text) {
  const graph::vertex_id v{static_cast<std::uint32_t>(names_.size())};
  names_.push_back(types_.size() == 1 ? std::string(text)
                                      : fmt::format("{}:{}", types_[static_cast<std::size_t>(end)], text));
  return v;
}

std::optional<graph::vertex_id> vertex_names::find(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) return std::nullopt;
  return graph::vertex_id{static_cast<std::uint32_t>(found - names_.begin())};
}

graph::vertex_id vertex_names::find_or_fail(const std::string& flag, const std::string& name) const {
  if (const auto found = find(name)) return *found;
  const auto near = names_.size() > names_compared_max ? std::string{} : rules::nearest(name, names_);
  const auto hint = near.empty() ? std::string{} : fmt::format("; did you mean \"{}\"?", near);
  throw failure(exit_code::usage, fmt::format("{}: no edge has \"{}\" at an end{}", flag, name, hint));
}

}  // namespace weir::app
