#include "tests/support/event_builder.hpp"

#include <algorithm>
#include <stdexcept>

namespace weir::testing {
namespace {

struct push_value {
  stream::column& column;
  const stream::field& field;
  stream::symbols& names;

  void operator()(std::monostate) const { column.push_missing(); }
  void operator()(bool b) const { column.push_boolean(b); }
  void operator()(std::int64_t n) const { column.push_number(n); }
  void operator()(double d) const { column.push_real(d); }
  void operator()(const stream::ip_address& a) const { column.push_address(a); }
  void operator()(const std::string& text) const {
    if (field.type.kind == stream::type_kind::entity || field.interned) {
      column.push_id(names.of(field.type).intern_passing(text));
    } else {
      column.push_text(text);
    }
  }
};

// "All events before this time have been seen": at most the time of the event that comes next. And not before the
// events that are there, which the intake gives out only when the watermark has reached them.
stream::timestamp watermark_between(std::span<const plain_event> events, std::size_t next, stream::duration lag) {
  const stream::timestamp earliest = next == 0 ? stream::start_of_time + lag : events[next - 1].at;
  return std::max(earliest, events[next].at - lag);
}

}  // namespace

plain_event make_event(const stream::schema& types, std::string_view type, stream::duration since_1970,
                       const named_values& fields) {
  const auto id = types.find(type);
  if (!id) throw std::invalid_argument("no event type " + std::string(type));
  plain_event event{*id, stream::timestamp(since_1970), {}, {}};
  event.fields.resize(types[*id].fields.size());
  for (const auto& [name, value] : fields) {
    const auto field = types[*id].find(name);
    if (!field) throw std::invalid_argument("no field " + name);
    event.fields[static_cast<std::size_t>(*field)] = value;
  }
  return event;
}

std::vector<plain_event> in_one_source(std::vector<plain_event> events) {
  for (std::size_t i = 0; i < events.size(); ++i) events[i].from = {stream::source_id{0}, i};
  sort_by_stream_order(events);
  return events;
}

std::vector<batch_cut> one_batch(std::span<const plain_event> events, stream::timestamp final_watermark) {
  return {{events.size(), final_watermark}};
}

std::vector<batch_cut> batches_of(std::size_t rows, std::span<const plain_event> events,
                                  stream::timestamp final_watermark) {
  const std::size_t sizes[] = {rows};
  const stream::duration lags[] = {stream::duration::zero()};
  return batches_by(sizes, lags, events, final_watermark);
}

std::vector<batch_cut> batches_by(std::span<const std::size_t> sizes, std::span<const stream::duration> lags,
                                  std::span<const plain_event> events, stream::timestamp final_watermark) {
  std::vector<batch_cut> cuts;
  std::size_t taken = 0;
  stream::timestamp watermark = stream::start_of_time;
  while (taken < events.size() && cuts.size() < 4 * events.size()) {
    const std::size_t rows = std::min(sizes[cuts.size() % sizes.size()], events.size() - taken);
    taken += rows;
    if (taken == events.size()) break;
    watermark = std::max(watermark, watermark_between(events, taken, lags[cuts.size() % lags.size()]));
    cuts.push_back({rows, watermark});
  }
  std::size_t given = 0;
  for (const batch_cut& cut : cuts) given += cut.events;
  cuts.push_back({events.size() - given, final_watermark});
  return cuts;
}

stream::batch make_batch(std::span<const plain_event> events, stream::timestamp watermark, const stream::schema& types,
                         stream::symbols& names) {
  stream::batch batch(types);
  for (const plain_event& event : events) {
    stream::table& table = batch[event.type];
    const auto row = static_cast<std::uint32_t>(table.size());
    const auto& fields = types[event.type].fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      std::visit(push_value{table[stream::field_id(i)], fields[i], names}, event.fields[i]);
    }
    table.close_row(event.at, event.from);
    batch.append_to_order({event.type, row});
  }
  batch.set_watermark(watermark);
  return batch;
}

}  // namespace weir::testing
