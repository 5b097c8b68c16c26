#include "cep/guards.hpp"

namespace weir::cep {

guard_id guards::add(stream::event_type_id type, const expression& condition) {
  std::string text = std::to_string(static_cast<int>(type)) + " " + to_text(condition);
  const auto [found, is_new] = by_text_.try_emplace(std::move(text), static_cast<guard_id>(guards_.size()));
  if (is_new) guards_.push_back({type, is_always(condition), evaluator{condition, *names_, *lookups_}});
  return found->second;
}

void guards::evaluate(const stream::batch& rows) {
  const auto order = rows.order();
  for (guard& g : guards_) {
    g.bits.assign((order.size() + 63) / 64, 0);
    bindings from{.undefined = &g.undefined};
    from.event = {.type = g.type, .rows = &rows[g.type]};
    for (std::size_t place = 0; place < order.size(); ++place) {
      if (order[place].type != g.type) continue;
      from.event.row = order[place].row;
      const bool wanted = g.all || g.condition.holds(from);
      g.bits[place / 64] |= std::uint64_t{wanted} << (place % 64);
    }
  }
}

}  // namespace weir::cep
