#include "stream/lane.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace weir::stream {

namespace {

// A chunk's texts are cut by 32-bit offsets: it ends long before they could run out.
constexpr std::size_t chunk_bytes_max = 256 << 20;

}  // namespace

lane::lane(source_id id, const source_options& options, const schema& types, symbols& names)
    : id_(id),
      syntax_(options.format.syntax),
      decoder_(syntax_ == record_syntax::csv ? decoder{csv_decoder(types, names, options.format)}
                                             : decoder{ndjson_decoder(types, names, options.format)}),
      clock_(options.lateness) {}

void lane::feed(block bytes) {
  assert(!ended_);
  idle_ = false;
  if (failure_) return;
  bytes_waiting_ += bytes.size;
  blocks_.emplace_back(syntax_, std::move(bytes));
}

void lane::wake(timestamp floor) {
  idle_ = false;
  clock_.raise(floor);
}

void lane::decode(std::size_t rows_max, batch& into, std::vector<set_aside_record>& aside) {
  const std::size_t bytes_at_first = bytes_waiting_;
  reserve(into);
  std::visit([&](auto& chosen) { decode_with(chosen, rows_max, into, aside); }, decoder_);
  last_size_ = into.measure();
  last_bytes_ = bytes_at_first - bytes_waiting_;
}

/// Room for what the bytes that wait are likely to become, but no more than the last chunk took.
void lane::reserve(batch& into) const {
  if (last_bytes_ == 0) return;
  into.reserve(last_size_, std::min(1.0, static_cast<double>(bytes_waiting_) / static_cast<double>(last_bytes_)));
}

template <class Decoder>
void lane::decode_with(Decoder& chosen, std::size_t rows_max, batch& into, std::vector<set_aside_record>& aside) {
  const std::size_t bytes_at_first = bytes_waiting_;
  while (!blocks_.empty() && into.size() < rows_max && bytes_at_first - bytes_waiting_ < chunk_bytes_max) {
    const std::size_t bytes_before = blocks_.front().bytes_left();
    if constexpr (requires { &Decoder::decode_run; }) decode_run(chosen, rows_max, into);
    if (into.size() < rows_max) decode_next(chosen, into, aside);
    if (failure_) return;
    bytes_waiting_ -= bytes_before - blocks_.front().bytes_left();
    if (blocks_.front().bytes_left() == 0) blocks_.pop_front();
  }
}

/// The usual records that come next, up to one that is not.
template <class Decoder>
void lane::decode_run(Decoder& chosen, std::size_t rows_max, batch& into) {
  record_cursor& records = blocks_.front();
  const origin first{id_, records.byte()};
  const decoded_run run = chosen.decode_run(records.rest(), first, rows_max - into.size(), clock_, into);
  records.pass(run.records, run.bytes);
  counters_.events += run.records;
}

/// The next record, whatever it is.
template <class Decoder>
void lane::decode_next(Decoder& chosen, batch& into, std::vector<set_aside_record>& aside) {
  const auto record = blocks_.front().next();
  if (!record) return;
  auto decoded = chosen.decode(record->bytes, record->readable, into);
  if (!decoded) {
    ++counters_.bad;
    aside.push_back(set_aside(set_aside_kind::bad, *record, std::move(decoded.error())));
  } else if (*decoded) {
    admit(**decoded, *record, into, aside);
  } else if constexpr (requires { chosen.failure(); }) {
    if (chosen.failure()) fail(*chosen.failure());
  }
}

void lane::admit(const open_row& row, const placed_record& record, batch& into, std::vector<set_aside_record>& aside) {
  table& rows = into[row.type];
  if (const auto late = clock_.late_by(row.at)) {
    rows.abandon_row();
    ++counters_.late;
    aside.push_back(set_aside(set_aside_kind::late, record, "late by " + to_text(*late)));
    return;
  }
  clock_.see(row.at);
  ++counters_.events;
  into.append_to_order({row.type, static_cast<std::uint32_t>(rows.size())});
  rows.close_row(row.at, {id_, record.byte});
}

set_aside_record lane::set_aside(set_aside_kind kind, const placed_record& record, std::string reason) const {
  return {.kind = kind,
          .source = id_,
          .line = record.line,
          .byte = record.byte,
          .reason = std::move(reason),
          .record = std::string{record.bytes.substr(0, set_aside_record::record_bytes_kept)}};
}

void lane::fail(std::string reason) {
  failure_ = std::move(reason);
  blocks_.clear();
  bytes_waiting_ = 0;
}

}  // namespace weir::stream
