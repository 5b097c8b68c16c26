#include "stream/event_log.hpp"

#include <cassert>
#include <utility>

#include "stream/adapt.hpp"

namespace weir::stream {

namespace {

// A handle: | number of the batch, 40 bits | place in the batch's order, 24 bits |
constexpr unsigned place_bits = 24;
constexpr std::uint64_t place_mask = (std::uint64_t{1} << place_bits) - 1;

}  // namespace

const batch& event_log::append(batch next) {
  assert(next.size() <= place_mask);
  bytes_ += next.bytes();
  return batches_.emplace_back(std::move(next));
}

event_handle event_log::handle(std::size_t place_in_last_batch) const {
  const std::uint64_t number = first_ + batches_.size() - 1;
  return static_cast<event_handle>(number << place_bits | place_in_last_batch);
}

event_view event_log::operator[](event_handle handle) const {
  const auto bits = static_cast<std::uint64_t>(handle);
  const batch& holder = batches_[(bits >> place_bits) - first_];
  const row_ref place = holder.order()[bits & place_mask];
  return {place.type, &holder[place.type], place.row};
}

void event_log::adapt(const schema& from, const schema& to, dictionary& texts) {
  bytes_ = 0;
  for (batch& one : batches_) {
    stream::adapt(one, from, to, texts);
    bytes_ += one.bytes();
  }
}

void event_log::drop_before(timestamp horizon) {
  while (batches_.size() > 1) {
    const batch& oldest = batches_.front();
    if (oldest.size() != 0 && oldest.at(oldest.order().back()) >= horizon) return;
    bytes_ -= oldest.bytes();
    batches_.pop_front();
    ++first_;
  }
}

}  // namespace weir::stream
