#include "cep/remembered.hpp"

#include <algorithm>

#include "cep/window_state.hpp"

namespace weir::cep {

namespace {

constexpr stream::duration forever = stream::duration::max();

stream::duration both(stream::duration a, stream::duration b) { return a > forever - b ? forever : a + b; }

/// From the first event that is bound to the last one.
stream::duration reach_of(const pattern& p) {
  if (p.body.within) return *p.body.within;
  const auto steps = steps_of(p);
  return steps.size() == 1 && steps.front()->count.single() ? stream::duration::zero() : forever;
}

/// How long absences look back or wait, all of them together.
stream::duration patience_of(const pattern& p) {
  stream::duration sum{};
  for (const auto& part : p.body.parts) {
    const auto* none = std::get_if<absence>(&part);
    if (none != nullptr && none->within) sum = both(sum, *none->within);
  }
  return sum;
}

stream::duration length_of(const aggregate& a) {
  // A session goes on as long as its subject comes: that is seen, but the values of its first events may not be.
  if (a.field && std::holds_alternative<session_extent>(a.window.extent)) return forever;
  window_shape shape;
  shape.window = a.window;
  return shape.horizon();
}

}  // namespace

stream::duration remembered_for(const pattern& p) {
  stream::duration longest{};
  for (const aggregate& a : p.aggregates) longest = std::max(longest, length_of(a));
  const stream::duration silence =
      p.emit == emission::first ? p.body.within.value_or(stream::duration::zero()) : stream::duration::zero();
  return both(both(reach_of(p), patience_of(p)), both(longest, silence));
}

}  // namespace weir::cep
