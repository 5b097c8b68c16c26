#include <algorithm>
#include <cstring>
#include <utility>

#include "cep/packed_matcher.hpp"

// How a pattern leaves a packed plan that others stay in: its roles, its state and its deadlines go, and windows that
// only it asked for hold nothing any more. Rows keep their shape.
namespace weir::cep {

void packed_matcher::retire(std::size_t own) {
  packed_pattern& p = plan_.patterns[own];
  p.retired = true;
  p.suppress.reset();
  drop_roles();
  empty_unused_windows();
  if (p.at_end) drop_deadlines(static_cast<std::uint32_t>(own));
  const auto used = candidates_in_use();
  rows_.sweep([&](std::byte* row) {
    forget(p, row, used);
    return true;
  });
}

void packed_matcher::drop_roles() {
  using part_kind = packed_role::part_kind;
  std::vector<bool> tracks(plan_.tracks.size());
  for (const packed_pattern& p : plan_.patterns) {
    for (const std::uint32_t track : p.tracks) tracks[track] = tracks[track] || !p.retired;
  }
  const auto candidates = candidates_in_use();
  std::vector<packed_role> roles;
  std::vector<packed_op> ops;
  for (std::size_t i = 0; i < plan_.roles.size(); ++i) {
    const packed_op& op = plan_.ops[i];
    const bool needed = op.part == part_kind::track       ? tracks[op.index]
                        : op.part == part_kind::candidate ? candidates[op.index]
                                                          : !plan_.patterns[op.pattern].retired;
    if (!needed) continue;
    roles.push_back(std::move(plan_.roles[i]));
    ops.push_back(op);
  }
  plan_.roles = std::move(roles);
  plan_.ops = std::move(ops);
  asked_ = arrivals(plan_, asked_.share());
  // The quicker ways know what the first role is.
  const bool begins_as_planned = !tracks.empty() && tracks.front();
  walk_ = begins_as_planned ? walk_of(plan_) : &packed_matcher::walk_roles;
}

std::vector<bool> packed_matcher::candidates_in_use() const {
  std::vector<bool> used(plan_.candidates.size());
  for (const packed_pattern& p : plan_.patterns) {
    if (p.retired) continue;
    for (std::size_t step = 0; step + 1 < p.steps.size(); ++step) used[p.steps[step].candidates] = true;
  }
  return used;
}

/// A window of no length lets go of everything as time goes on, so that it no longer holds back the track's others.
void packed_matcher::empty_unused_windows() {
  std::vector<std::vector<bool>> used;
  for (const track_shape& track : plan_.tracks) used.emplace_back(track.windows.size());
  for (const packed_pattern& p : plan_.patterns) {
    if (p.retired) continue;
    for (const packed_aggregate& a : p.aggregates) used[a.track][a.window] = true;
  }
  for (std::size_t track = 0; track < used.size(); ++track) {
    for (std::size_t w = 0; w < used[track].size(); ++w) {
      if (used[track][w]) continue;
      plan_.tracks[track].windows[w].periods.reset();
      plan_.tracks[track].windows[w].length = stream::duration::zero();
    }
  }
}

void packed_matcher::drop_deadlines(std::uint32_t pattern) {
  ring<deadline>& open = open_[plan_.patterns[pattern].deadlines];
  for (std::size_t left = open.size(); left > 0; --left) {
    const deadline d = open.front();
    open.pop_front();
    if (d.pattern != pattern) open.push_back(d);
  }
}

void packed_matcher::forget(const packed_pattern& p, std::byte* row, const std::vector<bool>& candidates) {
  const auto empty = [this](auto& events) {
    events.clear();
    events.release(pool_);
  };
  for (std::size_t step = 0; step < p.steps.size(); ++step) {
    for (const packed_absence& absence : p.steps[step].before) empty(queue<2>(row, absence.events));
    const bool own = step + 1 < p.steps.size() && !candidates[p.steps[step].candidates];
    if (own) empty(queue<4>(row, plan_.candidates[p.steps[step].candidates].events));
  }
  if (p.at_end) {
    if (p.at_end->events != nowhere) empty(queue<2>(row, p.at_end->events));
    empty(queue<2>(row, p.armed));
  }
  if (p.silence) std::memset(row + p.silent_until, 0, sizeof(stream::timestamp));
}

}  // namespace weir::cep
