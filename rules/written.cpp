#include "rules/written.hpp"

#include <algorithm>

namespace weir::rules {

namespace {

bool holds(const source_span& outer, const source_span& inner) {
  return outer.file == inner.file && outer.begin <= inner.begin && inner.end <= outer.end;
}

void collect(const written_condition& condition, const written_expression& e,
             std::vector<const written_expression*>& into) {
  if (e.is != written_expression::form::conjunction) return into.push_back(&e);
  for (const auto* part : parts_of(condition, e)) collect(condition, *part, into);
}

}  // namespace

std::vector<const written_expression*> parts_of(const written_condition& condition, const written_expression& outer) {
  std::vector<const written_expression*> parts;
  // Outer ones come later: going backwards, what stands in a part that was found already is passed over.
  for (auto e = condition.expressions.rbegin(); e != condition.expressions.rend(); ++e) {
    if (e->where == outer.where || !holds(outer.where, e->where)) continue;
    const auto in_part = [&](const written_expression* part) { return holds(part->where, e->where); };
    if (std::ranges::none_of(parts, in_part)) parts.push_back(&*e);
  }
  std::ranges::sort(parts, {}, [](const written_expression* part) { return part->where.begin; });
  return parts;
}

std::vector<const written_expression*> conjuncts_of(const written_condition& condition) {
  std::vector<const written_expression*> found;
  if (!condition.expressions.empty()) collect(condition, condition.whole(), found);
  return found;
}

}  // namespace weir::rules
