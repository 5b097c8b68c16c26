#include "cep/sequence.hpp"

#include <algorithm>

namespace weir::cep {

namespace {

void drop_older(ring<candidate>& events, stream::timestamp oldest) {
  while (!events.empty() && events.front().at < oldest) events.pop_front();
}

// The first place in the ring whose event comes after `handle`.
std::size_t first_after(const ring<candidate>& events, stream::event_handle handle) {
  std::size_t low = 0;
  std::size_t high = events.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (events[middle].handle > handle) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

stream::duration sequence_shape::horizon() const {
  if (steps.size() == 1) return patience;
  if (!within) return stream::duration::max();
  return *within > stream::duration::max() - patience ? stream::duration::max() : *within + patience;
}

void sequence_state::advance(const sequence_shape& shape, stream::timestamp now) {
  const stream::duration horizon = shape.horizon();
  if (horizon == stream::duration::max()) return;
  const stream::timestamp oldest = stream::saturating_add(now, -horizon);
  for (auto& events : steps) drop_older(events, oldest);
  for (auto& events : absences) drop_older(events, oldest);
}

bool sequence_state::empty() const {
  const auto is_empty = [](const ring<candidate>& events) { return events.empty(); };
  return std::ranges::all_of(steps, is_empty) && std::ranges::all_of(absences, is_empty);
}

bool sequence_search::run(candidate end, std::vector<bound_step>& bound, const acceptance& accept) {
  end_ = end;
  bound_ = &bound;
  accept_ = &accept;
  bound.clear();
  return extend(0);
}

bool sequence_search::extend(std::size_t step) {
  const auto bind_and_go_on = [&](const candidate& event) {
    if (!fits(step, event)) return false;
    bound_->push_back({event.handle, {}});
    const bool found = step + 1 == shape_.steps.size() ? (*accept_)(*bound_) : extend(step + 1);
    if (!found) bound_->pop_back();
    return found;
  };
  if (step + 1 == shape_.steps.size()) return bind_and_go_on(end_);

  const auto& candidates = state_.steps[step];
  for (std::size_t i = candidates.size(); i-- > 0;) {
    const candidate& event = candidates[i];
    if (event.handle >= end_.handle) continue;
    // From here back all come too early: after the event before, or for the window.
    if (step > 0 && event.handle <= bound_->back().last) return false;
    if (shape_.within && end_.at - event.at > *shape_.within) return false;
    if (bind_and_go_on(event)) return true;
  }
  return false;
}

bool sequence_search::fits(std::size_t step, const candidate& event) {
  const auto& asked = shape_.steps[step];
  from_.bound = *bound_;
  for (const auto& absence : asked.before) {
    if (absence_broken(absence, state_, from_, bound_->back().last, event.handle)) return false;
  }
  if (!asked.join) return true;
  from_.event = (*from_.log)[event.handle];
  return asked.join->holds(from_);
}

bool absence_broken(const sequence_shape::absence_shape& absence, const sequence_state& state, bindings from,
                    stream::event_handle after, stream::event_handle before) {
  const auto& events = state.absences[absence.slot];
  for (std::size_t i = first_after(events, after); i < events.size() && events[i].handle < before; ++i) {
    if (!absence.join) return true;
    from.event = (*from.log)[events[i].handle];
    if (absence.join->holds(from)) return true;
  }
  return false;
}

}  // namespace weir::cep
