#include "cep/condition_split.hpp"

#include <algorithm>
#include <utility>

namespace weir::cep {

bool reads(const expression& e, operation op) {
  return e.op == op || std::ranges::any_of(e.args, [op](const expression& arg) { return reads(arg, op); });
}

bool reads_bound(const expression& e) {
  using enum operation;
  return reads(e, bound_field) || reads(e, first_field) || reads(e, over_run) || reads(e, bound_event) ||
         reads(e, first_event);
}

void mark_aggregates(const expression& e, std::vector<bool>& into) {
  if (e.op == operation::aggregate) into[e.index] = true;
  for (const expression& arg : e.args) mark_aggregates(arg, into);
}

split_condition split(const expression& condition) {
  split_condition result;
  for (expression& part : conjuncts(condition)) {
    expression& side = is_local(part) ? result.local : reads_bound(part) ? result.join : result.of_subject;
    side = both(std::move(side), std::move(part));
  }
  return result;
}

bool is_plain(const pattern& p) {
  if (p.emit == emission::all || p.body.within_events || last_absences(p).size() > 1) return false;
  for (std::size_t i = 0; i < p.body.parts.size(); ++i) {
    if (const auto* group = std::get_if<step_group>(&p.body.parts[i])) {
      const step& first = group->steps.front();
      const bool is_free = first.events.keys.empty() && !p.subjects.empty();
      const bool plain = group->steps.size() == 1 && !group->optional && !group->next && first.count.single() &&
                         !first.within && !is_free;
      if (!plain) return false;
    } else {
      const auto& none = std::get<absence>(p.body.parts[i]);
      const bool last = i + 1 == p.body.parts.size();
      if (i == 0 || none.of || (none.within && !last)) return false;
    }
  }
  return true;
}

}  // namespace weir::cep
