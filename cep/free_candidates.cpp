#include "cep/free_candidates.hpp"

#include <algorithm>

namespace weir::cep {

namespace {

std::optional<stream::symbol> id_in(const stream::event_view& event, stream::field_id field) {
  const stream::column& values = event[field];
  return values.present(event.row) ? std::optional{values.id(event.row)} : std::nullopt;
}

void drop_older(ring<numbered_event>& events, stream::timestamp oldest) {
  while (!events.empty() && events.front().at < oldest) events.pop_front();
}

}  // namespace

free_candidates::free_candidates(std::vector<step_link> links, std::vector<bool> free)
    : links_(std::move(links)), free_(std::move(free)), all_(free_.size()) {
  for (const step_link& link : links_) {
    const auto same = [&](const index& i) { return i.step == link.step && i.field == link.field; };
    if (std::ranges::none_of(indexes_, same)) indexes_.push_back({link.step, link.field, {}});
  }
}

void free_candidates::add(std::size_t step, const stream::event_view& event, const numbered_event& itself) {
  if (free_[step]) all_[step].push_back(itself);
  for (index& i : indexes_) {
    if (i.step != step) continue;
    if (const auto id = id_in(event, i.field)) i.events[*id].push_back(itself);
  }
}

void free_candidates::sweep() {
  for (ring<numbered_event>& events : all_) drop_older(events, oldest_);
  for (index& i : indexes_) {
    for (auto& [id, events] : i.events) drop_older(events, oldest_);
    erase_if(i.events, [](const auto& entry) { return entry.second.empty(); });
  }
}

const ring<numbered_event>& free_candidates::look_up(std::size_t step, stream::field_id field,
                                                     const stream::event_view& event,
                                                     stream::field_id other_field) const {
  const auto in = std::ranges::find_if(indexes_, [&](const index& i) { return i.step == step && i.field == field; });
  const auto id = id_in(event, other_field);
  if (!id) return none_;
  const auto found = in->events.find(*id);
  return found == in->events.end() ? none_ : found->second;
}

const ring<numbered_event>& free_candidates::find(std::size_t step, std::span<const bound_step> bound,
                                                  const stream::event_log& log) const {
  for (const step_link& link : links_) {
    if (link.step != step || !bound[link.other_step].bound()) continue;
    return look_up(step, link.field, log[bound[link.other_step].last], link.other_field);
  }
  return all_[step];
}

void free_candidates::find_leads(std::size_t step, const stream::event_view& event, const stream::event_log& log,
                                 std::vector<lead>& into) const {
  std::vector<bool> seen(free_.size());  // a path crosses a step once
  const auto follow = [&](const auto& self, std::size_t from, const stream::event_view& at) -> void {
    seen[from] = true;
    for (const step_link& link : links_) {
      if (link.other_step != from || seen[link.step]) continue;
      const auto& events = look_up(link.step, link.field, at, link.other_field);
      for (std::size_t i = events.size(); i-- > 0 && events[i].at >= oldest_;) {
        if (!free_[link.step]) {
          into.push_back({link.step, events[i].handle});
        } else {
          self(self, link.step, log[events[i].handle]);
        }
      }
    }
    seen[from] = false;
  };
  follow(follow, step, event);
}

}  // namespace weir::cep
