#include "apps/weir/why_not/cut_rule.hpp"

#include <algorithm>
#include <utility>

namespace weir::why_not {

namespace {

cep::pattern unsilenced(cep::pattern p) {
  p.suppress.reset();
  if (p.emit == cep::emission::first) p.emit = cep::emission::each;
  return p;
}

cep::pattern unconditioned(const cep::pattern& p) {
  auto cut = unsilenced(p);
  cut.condition = cep::always();
  cut.emit = cep::emission::each;
  return cut;
}

bool has_sure_group(const cep::pattern& p) {
  return std::ranges::any_of(p.body.parts, [](const auto& part) {
    const auto* group = std::get_if<cep::step_group>(&part);
    return group != nullptr && !group->optional;
  });
}

cep::pattern prefix(const cep::pattern& p, std::size_t groups) {
  auto cut = unconditioned(p);
  cut.body.parts.resize(end_of_group(p, groups));
  cut.aggregates.clear();
  cut.graph_calls.clear();
  return cut;
}

}  // namespace

std::size_t groups_in(const cep::pattern& p) {
  return static_cast<std::size_t>(std::ranges::count_if(
      p.body.parts, [](const auto& part) { return std::holds_alternative<cep::step_group>(part); }));
}

std::size_t end_of_group(const cep::pattern& p, std::size_t group) {
  std::size_t end = 0;
  for (; group > 0; ++end) group -= std::holds_alternative<cep::step_group>(p.body.parts[end]) ? 1 : 0;
  return end;
}

std::vector<cut_pattern> cuts_of(const cep::pattern& p) {
  using part = cut_pattern::part;
  std::vector<cut_pattern> cuts;
  cuts.push_back({.kept = part::whole, .groups = 0, .pattern = p});
  cuts.push_back({.kept = part::unsilenced, .groups = 0, .pattern = unsilenced(p)});
  cuts.push_back({.kept = part::unconditioned, .groups = 0, .pattern = unconditioned(p)});
  for (auto groups = groups_in(p); groups > 0; --groups) {
    auto cut = prefix(p, groups);
    if (!has_sure_group(cut)) break;
    cuts.push_back({.kept = part::prefix, .groups = groups, .pattern = std::move(cut)});
  }
  return cuts;
}

}  // namespace weir::why_not
