#include "stream/framer.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace weir::stream {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::uint64_t count_lines(std::string_view bytes) {
  return static_cast<std::uint64_t>(std::ranges::count(bytes, '\n'));
}

}  // namespace

record_framer::record_framer(record_syntax syntax, source_id source) : syntax_(syntax), source_(source) {}

std::optional<block> record_framer::push(std::string_view bytes, std::vector<set_aside_record>& aside) {
  assert(bytes.size() <= record_bytes_max);
  if (!begun_) return push_first(bytes, aside);
  if (skipping_) bytes = skip_line(bytes);
  return skipping_ ? std::nullopt : frame(bytes, aside);
}

std::optional<block> record_framer::finish() {
  if (rest_.empty()) return std::nullopt;
  return take_block({});
}

std::optional<block> record_framer::push_first(std::string_view bytes, std::vector<set_aside_record>& aside) {
  rest_.append(bytes);
  if (rest_.size() < byte_order_mark.size() && byte_order_mark.starts_with(rest_)) return std::nullopt;
  begun_ = true;
  const std::string first = std::exchange(rest_, {});
  std::string_view unmarked = first;
  if (unmarked.starts_with(byte_order_mark)) {
    unmarked.remove_prefix(byte_order_mark.size());
    rest_byte_ = byte_order_mark.size();
  }
  return frame(unmarked, aside);
}

std::optional<block> record_framer::frame(std::string_view bytes, std::vector<set_aside_record>& aside) {
  const auto [first, last] = find_ends(bytes);
  if (rest_.size() + std::min(first, bytes.size()) > record_bytes_max) return set_long_aside(bytes, aside);
  if (last == std::string_view::npos) {
    rest_.append(bytes);
    return std::nullopt;
  }
  block made = take_block(bytes.substr(0, last + 1));
  rest_ = bytes.substr(last + 1);
  return made;
}

csv_scanner::ends record_framer::find_ends(std::string_view bytes) {
  if (syntax_ == record_syntax::csv) return scanner_.find_ends(bytes);
  return {bytes.find('\n'), bytes.rfind('\n')};
}

/// A block of the rest and `bytes`, after which no rest is left.
block record_framer::take_block(std::string_view bytes) {
  block made;
  made.size = rest_.size() + bytes.size();
  made.first_byte = rest_byte_;
  made.first_line = rest_line_;
  made.buffer.reserve(made.size + block_padding);
  made.buffer.append(rest_).append(bytes).append(block_padding, '\0');
  rest_.clear();
  rest_byte_ += made.size;
  rest_line_ += count_lines(made.bytes());
  return made;
}

/// The record that began with the rest is too long. Where the source goes on depends on the bytes alone, not on how
/// they came: behind the first line end that is more than the most bytes away.
std::optional<block> record_framer::set_long_aside(std::string_view bytes, std::vector<set_aside_record>& aside) {
  rest_.append(bytes);
  const std::string record = std::exchange(rest_, {});
  scanner_ = {};
  aside.push_back({.kind = set_aside_kind::bad,
                   .source = source_,
                   .line = rest_line_,
                   .byte = rest_byte_,
                   .reason = "record is longer than " + std::to_string(record_bytes_max >> 20) + " MiB",
                   .record = record.substr(0, set_aside_record::record_bytes_kept)});
  const std::string_view whole = record;
  rest_byte_ += record_bytes_max;
  rest_line_ += count_lines(whole.substr(0, record_bytes_max));
  const std::string_view left = skip_line(whole.substr(record_bytes_max));
  return skipping_ ? std::nullopt : frame(left, aside);
}

/// Passes over the rest of a line; what is left of the bytes behind it.
std::string_view record_framer::skip_line(std::string_view bytes) {
  const std::size_t end = bytes.find('\n');
  skipping_ = end == std::string_view::npos;
  const std::size_t skipped = skipping_ ? bytes.size() : end + 1;
  rest_byte_ += skipped;
  rest_line_ += skipping_ ? 0 : 1;
  return bytes.substr(skipped);
}

}  // namespace weir::stream
