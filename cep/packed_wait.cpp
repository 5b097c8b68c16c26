#include <algorithm>

#include "cep/packed_matcher.hpp"
#include "stream/fetch_ahead.hpp"

// The way of packed_matcher through a batch where all there is is one event that is waited after: `match big: payment
// where amount > 800 EUR then no payment within 30s`, whose every event of the absence breaks the wait.
namespace weir::cep {

namespace {

using part_kind = packed_role::part_kind;

}  // namespace

bool packed_matcher::is_lone_wait(const packed_plan& plan) {
  if (plan.patterns.size() != 1 || !plan.tracks.empty() || !plan.candidates.empty() || plan.roles.size() != 2) {
    return false;
  }
  const packed_pattern& p = plan.patterns.front();
  return plan.roles[0].part == part_kind::breaks && plan.roles[1].part == part_kind::arm && !p.condition &&
         p.steps.front().join.empty();
}

void packed_matcher::walk_wait(std::span<const arrival> found, const stream::batch& rows, findings& into) {
  constexpr std::size_t far = 20;
  constexpr std::size_t near = 10;
  constexpr std::uint32_t breaks = 1;  // a bit for the first role, and one for the second
  constexpr std::uint32_t arms = 2;
  const packed_pattern& p = plan_.patterns.front();
  const auto order = rows.order();
  ring<deadline>& open = open_[p.deadlines];
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i + far < found.size()) stream::fetch_ahead(found[i + far].row);
    if (i + near < found.size() && (found[i + near].roles & arms) != 0) {
      const auto& soon = queue<2>(found[i + near].row, p.armed);
      if (soon.capacity != 0) stream::fetch_ahead(soon(pool_, soon.size));
    }
    const arrival& a = found[i];
    const stream::timestamp now = rows.at(order[a.place]);
    if (due_ < now) pass_deadlines(now, into);
    auto& armed = queue<2>(a.row, p.armed);
    if ((a.roles & breaks) != 0) armed.clear();
    if ((a.roles & arms) == 0) continue;
    const stream::event_handle handle{first_handle_ + a.place};
    block_pool::word* const entry = armed.push_back(pool_);
    entry[0] = static_cast<block_pool::word>(handle);
    entry[1] = static_cast<block_pool::word>(now.time_since_epoch().count());
    const stream::timestamp at = stream::saturating_add(now, p.patience);
    open.push_back({at, handle, 0, a.subject});
    due_ = std::min(due_, at);
  }
}

/// Asks for the state of a subject whose deadline comes soon.
void packed_matcher::fetch_passing(const ring<deadline>& open) const {
  constexpr std::size_t ahead = 8;
  if (open.size() <= ahead) return;
  if (const std::byte* const row = rows_.find(open[ahead].subject)) stream::fetch_ahead(row);
}

/// What `pass` does where nothing is left to ask.
void packed_matcher::pass_wait(const deadline& d, findings& into) {
  std::byte* const row = rows_.find(d.subject);
  if (row == nullptr) return;
  auto& armed = queue<2>(row, plan_.patterns.front().armed);
  if (armed.size == 0 || static_cast<stream::event_handle>(armed(pool_, 0)[0]) != d.armed) return;  // broken meanwhile
  armed.pop_front();
  set_reading(0, d.subject);
  bound_.assign(1, {d.armed, {}});
  reading_.bound = bound_;
  reading_.span = {};
  emit(plan_.patterns.front(), 0, {{}, d.armed, d.at, d.subject, row},
       {.at = d.at, .armed = d.armed, .subject = d.subject}, into);
}

}  // namespace weir::cep
