#include "stream/framer.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <utility>

namespace weir::stream {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// In runs that a byte can count, so that many bytes are compared and added up at a time.
std::uint64_t count_lines(std::string_view bytes) {
  constexpr std::size_t run_max = 255;
  std::uint64_t lines = 0;
  while (!bytes.empty()) {
    std::uint8_t in_run = 0;
    for (const char c : bytes.substr(0, run_max)) in_run = static_cast<std::uint8_t>(in_run + (c == '\n' ? 1 : 0));
    lines += in_run;
    bytes.remove_prefix(std::min(run_max, bytes.size()));
  }
  return lines;
}

}  // namespace

record_framer::record_framer(record_syntax syntax, source_id source) : syntax_(syntax), source_(source) {}

std::span<char> record_framer::room(std::size_t bytes) {
  const std::size_t needed = rest_ + bytes + block_padding;
  if (buffer_.size() < needed) {
    buffer_.resize_and_overwrite(needed, [needed](char*, std::size_t) { return needed; });
  }
  return {buffer_.data() + rest_, bytes};
}

std::optional<block> record_framer::take(std::size_t count, std::vector<set_aside_record>& aside) {
  assert(count <= record_bytes_max);
  if (!begun_) return take_first(count, aside);
  if (skipping_) count = skip_line(count);
  return skipping_ ? std::nullopt : frame(count, aside);
}

std::optional<block> record_framer::push(std::string_view bytes, std::vector<set_aside_record>& aside) {
  bytes.copy(room(bytes.size()).data(), bytes.size());
  return take(bytes.size(), aside);
}

std::optional<block> record_framer::finish() {
  if (rest_ == 0) return std::nullopt;
  room(0);
  return cut(rest_, rest_);
}

std::optional<block> record_framer::take_first(std::size_t count, std::vector<set_aside_record>& aside) {
  count += std::exchange(rest_, 0);
  const std::string_view first = fresh(count);
  if (count < byte_order_mark.size() && byte_order_mark.starts_with(first)) {
    rest_ = count;
    return std::nullopt;
  }
  begun_ = true;
  if (first.starts_with(byte_order_mark)) {
    buffer_.erase(0, byte_order_mark.size());
    count -= byte_order_mark.size();
    rest_byte_ = byte_order_mark.size();
  }
  return frame(count, aside);
}

std::optional<block> record_framer::frame(std::size_t count, std::vector<set_aside_record>& aside) {
  const auto [first, last] = find_ends(fresh(count));
  if (rest_ + std::min(first, count) > record_bytes_max) return set_long_aside(count, aside);
  if (last == std::string_view::npos) {
    rest_ += count;
    return std::nullopt;
  }
  return cut(rest_ + last + 1, rest_ + count);
}

csv_scanner::ends record_framer::find_ends(std::string_view bytes) {
  if (syntax_ == record_syntax::csv) return scanner_.find_ends(bytes);
  return {bytes.find('\n'), bytes.rfind('\n')};
}

/// A block of the first `size` bytes; what is behind them, of `all`, is the rest.
block record_framer::cut(std::size_t size, std::size_t all) {
  block made;
  made.buffer = hand_out(size, all);
  made.size = size;
  made.first_byte = rest_byte_;
  made.first_line = rest_line_;
  rest_byte_ += size;
  rest_line_ += count_lines(made.bytes());
  return made;
}

/// The first `size` bytes and their padding: the buffer itself, if they fill most of it.
std::string record_framer::hand_out(std::size_t size, std::size_t all) {
  rest_ = all - size;
  std::string handed;
  if (size < buffer_.size() / 2) {
    handed.reserve(size + block_padding);
    handed.append(buffer_, 0, size).append(block_padding, '\0');
    std::memmove(buffer_.data(), buffer_.data() + size, rest_);
    return handed;
  }
  handed.swap(buffer_);
  room(handed.size() - rest_ - block_padding);  // as much as there was
  std::memcpy(buffer_.data(), handed.data() + size, rest_);
  handed.resize(size + block_padding);
  std::fill_n(handed.begin() + static_cast<std::ptrdiff_t>(size), block_padding, '\0');
  return handed;
}

/// The record that began with the rest is too long. Where the source goes on depends on the bytes alone, not on how
/// they came: behind the first line end that is more than the most bytes away.
std::optional<block> record_framer::set_long_aside(std::size_t count, std::vector<set_aside_record>& aside) {
  const std::string_view record{buffer_.data(), rest_ + count};
  scanner_ = {};
  aside.push_back({.kind = set_aside_kind::bad,
                   .source = source_,
                   .line = rest_line_,
                   .byte = rest_byte_,
                   .reason = "record is longer than " + std::to_string(record_bytes_max >> 20) + " MiB",
                   .record = std::string{record.substr(0, set_aside_record::record_bytes_kept)}});
  rest_byte_ += record_bytes_max;
  rest_line_ += count_lines(record.substr(0, record_bytes_max));
  const std::size_t behind = record.size() - record_bytes_max;
  rest_ = 0;
  std::memmove(buffer_.data(), buffer_.data() + record_bytes_max, behind);
  const std::size_t left = skip_line(behind);
  return skipping_ ? std::nullopt : frame(left, aside);
}

/// Passes over the rest of a line; how many of the bytes are left behind it, at the buffer's beginning.
std::size_t record_framer::skip_line(std::size_t count) {
  const std::size_t end = fresh(count).find('\n');
  skipping_ = end == std::string_view::npos;
  const std::size_t skipped = skipping_ ? count : end + 1;
  rest_byte_ += skipped;
  rest_line_ += skipping_ ? 0 : 1;
  std::memmove(buffer_.data(), buffer_.data() + skipped, count - skipped);
  return count - skipped;
}

}  // namespace weir::stream
