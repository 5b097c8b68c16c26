#include "stream/format/flat_object.hpp"

#include <simdjson.h>

#include <bit>
#include <cstring>

namespace weir::stream {

namespace {

// Eight bytes at a time, as a number of which the first byte is the lowest.
constexpr std::uint64_t ones = 0x0101010101010101;
constexpr std::uint64_t high_bits = 0x80 * ones;

std::uint64_t load(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

/// A high bit at the first byte that is less than `limit` (at most 128); above that one, bits may be wrong.
constexpr std::uint64_t less(std::uint64_t word, std::uint8_t limit) {
  return (word - limit * ones) & ~word & high_bits;
}

constexpr std::uint64_t equal(std::uint64_t word, char c) {
  return less(word ^ (static_cast<std::uint8_t>(c) * ones), 1);
}

/// A high bit at the first byte that does not simply go on with a text.
constexpr std::uint64_t stops(std::uint64_t word) { return equal(word, '"') | equal(word, '\\') | less(word, 0x20); }

bool is_in_number(char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E'; }

}  // namespace

flat_object::flat_object(std::string_view record)
    : record_(record), at_(record.data()), end_(record.data() + record.size()) {
  skip_spaces();
  if (!take_char('{')) fail();
}

bool flat_object::take(member& into) {
  skip_spaces();
  if (take_char('}')) {
    skip_spaces();
    ended_ = at_ == end_;
    return fail();
  }
  if (!std::exchange(first_, false)) {
    if (!take_char(',')) return fail();
    skip_spaces();
  }
  if (!take_text(into.key)) return fail();
  skip_spaces();
  if (!take_char(':')) return fail();
  skip_spaces();
  return take_value(into.value) || fail();
}

bool flat_object::whole() const {
  return ended_ && ((bytes_seen_ & high_bits) == 0 || simdjson::validate_utf8(record_.data(), record_.size()));
}

/// Nothing is taken any more.
bool flat_object::fail() {
  at_ = end_;
  return false;
}

void flat_object::skip_spaces() {
  while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r')) ++at_;
}

bool flat_object::take_char(char c) {
  if (at_ == end_ || *at_ != c) return false;
  ++at_;
  return true;
}

bool flat_object::take_text(std::string_view& into) {
  if (!take_char('"')) return false;
  const char* const begin = at_;
  for (; at_ < end_; at_ += sizeof(std::uint64_t)) {
    const std::uint64_t word = load(at_);
    bytes_seen_ |= word;
    const std::uint64_t stop = stops(word);
    if (stop == 0) continue;
    at_ += std::countr_zero(stop) / 8;
    into = {begin, at_};
    return at_ < end_ && take_char('"');
  }
  return false;
}

bool flat_object::take_value(scalar& into) {
  switch (at_ == end_ ? '\0' : *at_) {
    case '"': into.kind = scalar_kind::text; return take_text(into.text);
    case 't': return take_word("true", scalar_kind::boolean, into);
    case 'f': return take_word("false", scalar_kind::boolean, into);
    case 'n': return take_word("null", scalar_kind::missing, into);
    default: return take_number(into);
  }
}

bool flat_object::take_number(scalar& into) {
  const char* const begin = at_;
  while (at_ != end_ && is_in_number(*at_)) ++at_;
  into = {scalar_kind::number, {begin, at_}};
  return is_json_number(into.text);
}

bool flat_object::take_word(std::string_view word, scalar_kind kind, scalar& into) {
  if (!std::string_view{at_, end_}.starts_with(word)) return false;
  into = {kind, {at_, word.size()}};
  at_ += word.size();
  return true;
}

}  // namespace weir::stream
