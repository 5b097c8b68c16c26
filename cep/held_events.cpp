#include "cep/held_events.hpp"

#include <algorithm>

namespace weir::cep {

namespace {

stream::duration sum_of(stream::duration a, stream::duration b) {
  return a > stream::duration::max() - b ? stream::duration::max() : a + b;
}

/// How many events of the part are held at most, where they are counted.
std::optional<std::uint32_t> counted(const held_shape::part& part) {
  const auto* extent = std::get_if<count_extent>(&part.held.extent);
  return extent != nullptr ? std::optional{extent->events} : std::nullopt;
}

}  // namespace

std::optional<stream::duration> match_reach(const pattern& p) {
  const auto steps = steps_of(p);
  const bool single = steps.size() == 1 && steps.front()->count.single();
  if (!single && !p.body.within) return std::nullopt;
  stream::duration before{};
  for (const auto& part : p.body.parts) {
    const auto* first = std::get_if<absence>(&part);
    if (first == nullptr) break;
    before = std::max(before, *first->within);
  }
  stream::duration behind{};
  for (const absence* last : last_absences(p)) behind = std::max(behind, *last->within);
  return sum_of(single ? stream::duration::zero() : *p.body.within, sum_of(before, behind));
}

void held_events::advance(const held_shape& shape, stream::timestamp now) {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    part_state& part = parts_[i];
    if (part.events.empty() || shape.parts[i].forever) continue;
    const auto& extent = shape.parts[i].held.extent;
    if (const auto* time = std::get_if<time_extent>(&extent)) {
      drop_before(part, stream::saturating_add(now, -time->length));
    } else if (const auto* past = std::get_if<past_extent>(&extent)) {
      drop_before(part, stream::saturating_add(stream::saturating_add(now, -past->ago), -past->length));
    } else if (const auto* session = std::get_if<session_extent>(&extent)) {
      const bool over = part.events.back().at < stream::saturating_add(now, -session->gap);
      if (over) drop_before(part, stream::end_of_time);
    } else if (shape.parts[i].days && now >= part.period_end) {
      const calendar::period today = shape.parts[i].days->at(now);
      drop_before(part, today.begin);
      part.period_end = today.end;
    }
  }
}

void held_events::drop_before(part_state& part, stream::timestamp oldest) {
  while (!part.events.empty() && part.events.front().at < oldest) drop_oldest(part);
}

void held_events::drop_oldest(part_state& part) {
  const stream::event_handle handle = part.events.front().handle;
  part.events.pop_front();
  release(handle);
}

void held_events::release(stream::event_handle handle) {
  entry& one = events_[place_of(handle)];
  if (--one.parts != 0) return;
  --size_;
  while (!events_.empty() && events_.front().parts == 0) events_.pop_front();
  if (events_.size() > 2 * size_ + 16) close_gaps();
}

void held_events::close_gaps() {
  ring<entry> held;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (events_[i].parts != 0) held.push_back(events_[i]);
  }
  events_ = std::move(held);
}

std::size_t held_events::place_of(stream::event_handle handle) const {
  std::size_t low = 0;
  std::size_t high = events_.size();
  while (high - low > 1) {
    const std::size_t middle = (low + high) / 2;
    (events_[middle].handle > handle ? high : low) = middle;
  }
  return low;
}

// An event leaves a part that counts its events when another one enters it.
std::size_t held_events::size_with(const held_shape& shape, std::span<const std::uint32_t> parts) const {
  std::vector<stream::event_handle> leaving;
  for (const std::uint32_t i : parts) {
    const auto most = counted(shape.parts[i]);
    if (most && parts_[i].events.size() == *most) leaving.push_back(parts_[i].events.front().handle);
  }
  std::ranges::sort(leaving);
  std::size_t gone = 0;
  for (auto one = leaving.begin(); one != leaving.end();) {
    const auto next = std::upper_bound(one, leaving.end(), *one);
    if (static_cast<std::size_t>(next - one) == entry_of(*one).parts) ++gone;
    one = next;
  }
  return size_ + 1 - gone;
}

void held_events::add(const held_shape& shape, const candidate& event, std::span<const std::uint32_t> parts) {
  events_.push_back({event.handle, static_cast<std::uint32_t>(parts.size())});
  ++size_;
  for (const std::uint32_t i : parts) {
    parts_[i].events.push_back(event);
    const auto most = counted(shape.parts[i]);
    if (most && parts_[i].events.size() > *most) drop_oldest(parts_[i]);
    const auto& days = shape.parts[i].days;
    if (days && event.at >= parts_[i].period_end) parts_[i].period_end = days->at(event.at).end;
  }
}

void held_events::forget(stream::event_handle event) {
  for (part_state& part : parts_) {
    while (!part.events.empty() && part.events.front().handle <= event) drop_oldest(part);
  }
}

stream::timestamp held_events::until(const held_shape& shape) const {
  stream::timestamp latest = stream::start_of_time;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].events.empty()) continue;
    if (shape.parts[i].forever) return stream::end_of_time;
    const stream::timestamp newest = parts_[i].events.back().at;
    const auto& extent = shape.parts[i].held.extent;
    if (const auto* time = std::get_if<time_extent>(&extent)) {
      latest = std::max(latest, stream::saturating_add(newest, time->length));
    } else if (const auto* past = std::get_if<past_extent>(&extent)) {
      latest = std::max(latest, stream::saturating_add(stream::saturating_add(newest, past->ago), past->length));
    } else if (const auto* session = std::get_if<session_extent>(&extent)) {
      latest = std::max(latest, stream::saturating_add(newest, session->gap));
    } else if (shape.parts[i].days) {
      latest = std::max(latest, parts_[i].period_end - stream::duration{1});
    } else {
      return stream::end_of_time;
    }
  }
  return latest;
}

}  // namespace weir::cep
