#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "stream/dictionary.hpp"
#include "stream/schema.hpp"
#include "stream/time.hpp"

namespace weir::stream {

/// An address as sixteen bytes; IPv4 is mapped into IPv6 (::ffff:a.b.c.d), so equal addresses are equal bytes.
struct ip_address {
  std::array<std::uint8_t, 16> bytes{};

  friend auto operator<=>(const ip_address&, const ip_address&) = default;
};

std::optional<ip_address> parse_ip(std::string_view text);
std::string to_text(const ip_address& address);

/// Texts that nothing compares: one run of bytes, cut by offsets.
class text_run {
 public:
  void push_back(std::string_view text) {
    make_room(text.size());
    text.copy(bytes_.data() + text_bytes(), text.size());  // of an empty text too, which may be nowhere
    ends_.push_back(static_cast<std::uint32_t>(text_bytes() + text.size()));
  }
  /// The same, where `readable_bytes` of memory can be read at the text, whatever stands behind it.
  void push_back_readable(std::string_view text) {
    if (text.size() > readable_bytes) return push_back(text);
    make_room(readable_bytes);
    std::memcpy(bytes_.data() + text_bytes(), text.data(), readable_bytes);
    ends_.push_back(static_cast<std::uint32_t>(text_bytes() + text.size()));
  }
  static constexpr std::size_t readable_bytes = 16;

  std::string_view operator[](std::size_t row) const;
  std::size_t size() const { return ends_.size(); }
  std::size_t text_bytes() const { return ends_.empty() ? 0 : ends_.back(); }
  void reserve(std::size_t rows, std::size_t text_bytes);
  void truncate(std::size_t rows);
  std::size_t bytes() const { return bytes_.capacity() + ends_.capacity() * sizeof(std::uint32_t); }

 private:
  void make_room(std::size_t bytes) {
    if (bytes_.size() - text_bytes() < bytes) grow(bytes);
  }
  void grow(std::size_t bytes);

  std::string bytes_;  // those of the texts, and room for more
  std::vector<std::uint32_t> ends_;
};

/// Contiguous values of one field, with a bit a row that says whether the value is there. A missing value still takes
/// a place, so that row numbers hold. Which alternative holds the values follows from the field (`storage_of`).
class column {
 public:
  using booleans = std::vector<std::uint8_t>;
  using numbers = std::vector<std::int64_t>;  // integer, decimal, money (minor units), time and duration (µs)
  using reals = std::vector<double>;
  using symbol_ids = std::vector<symbol>;  // entities and interned texts
  using addresses = std::vector<ip_address>;

  explicit column(const field& described);

  bool present(std::size_t row) const { return (valid_[row / 64] >> (row % 64)) & 1; }

  bool boolean(std::size_t row) const { return values<booleans>()[row] != 0; }
  std::int64_t number(std::size_t row) const { return values<numbers>()[row]; }
  double real(std::size_t row) const { return values<reals>()[row]; }
  symbol id(std::size_t row) const { return values<symbol_ids>()[row]; }
  const ip_address& address(std::size_t row) const { return values<addresses>()[row]; }
  std::string_view text(std::size_t row) const { return values<text_run>()[row]; }

  /// Appends; the type of the argument is the column's storage, as `field` described it.
  void push_boolean(bool value) { push<booleans>(value); }
  void push_number(std::int64_t value) { push<numbers>(value); }
  void push_real(double value) { push<reals>(value); }
  void push_id(symbol value) { push<symbol_ids>(value); }
  void push_address(const ip_address& value) { push<addresses>(value); }
  void push_text(std::string_view value) { push<text_run>(value); }
  void push_missing();

  /// The values themselves, to be appended to and nothing else; `settle` then makes what was appended count, as values
  /// that are there. Until then nothing else may be asked of the column.
  template <class Values>
  Values& open() {
    return held<Values>(values_);
  }
  void settle();

  /// Appends one value of a column of the same field.
  void push_from(const column& other, std::size_t row);

  std::size_t size() const { return size_; }
  /// Drops all values from row `rows` on.
  void truncate(std::size_t rows);
  std::size_t bytes() const;
  /// Bytes that texts take which no dictionary holds.
  std::size_t text_bytes() const;
  void reserve(std::size_t rows, std::size_t text_bytes);

  /// All values; `Values` is the column's storage.
  template <class Values>
  const Values& values() const {
    return held<const Values>(values_);
  }
  std::span<const std::uint64_t> validity() const { return valid_; }

 private:
  template <class Values>
  static Values& held(auto& storage) {
    auto* const values = std::get_if<std::remove_const_t<Values>>(&storage);
    assert(values != nullptr);
    if (values == nullptr) std::unreachable();
    return *values;
  }
  template <class Values, class Value>
  void push(const Value& value) {
    held<Values>(values_).push_back(value);
    mark(true);
  }
  void mark(bool present) {
    if (size_ % 64 == 0) valid_.push_back(0);
    valid_.back() |= std::uint64_t{present} << (size_ % 64);
    ++size_;
  }

  std::variant<booleans, numbers, reals, symbol_ids, addresses, text_run> values_;
  std::vector<std::uint64_t> valid_;
  std::size_t size_ = 0;
};

enum class source_id : std::uint16_t {};

/// Where a row came from: its source, and its place there (for a file the byte at which its record begins).
struct origin {
  source_id source{};
  std::uint64_t position = 0;

  friend auto operator<=>(const origin&, const origin&) = default;
};

/// Rows, and how many bytes of text they have in each column.
struct table_size {
  std::size_t rows = 0;
  std::vector<std::size_t> text_bytes;
};

/// The rows of one event type: a time and an origin each, and a column a field.
class table {
 public:
  explicit table(const event_type& type);

  std::size_t size() const { return at_.size(); }
  timestamp at(std::size_t row) const { return at_[row]; }
  const origin& from(std::size_t row) const { return from_[row]; }
  const column& operator[](field_id field) const { return columns_[static_cast<std::size_t>(field)]; }
  std::span<const timestamp> times() const { return at_; }

  /// Filling a row: push at most one value to each column, then close the row with its time and origin; columns that
  /// got none count as missing. `abandon_row` takes back what was pushed since the last row was closed.
  column& operator[](field_id field) { return columns_[static_cast<std::size_t>(field)]; }
  void close_row(timestamp at, origin from);
  /// The same for a row whose columns all have got a value, be it one that is not settled.
  void close_full_row(timestamp at, origin from) {
    at_.push_back(at);
    from_.push_back(from);
  }
  void abandon_row() { truncate(size()); }

  /// Appends a row of a table of the same event type.
  void push_from(const table& other, std::size_t row);
  /// Drops all from row `rows` on.
  void truncate(std::size_t rows);
  std::size_t bytes() const;

  /// What is there, and room for as much or a part of it, so that columns need not grow.
  table_size measure() const;
  void reserve(const table_size& likely, double part = 1);

 private:
  std::vector<timestamp> at_;
  std::vector<origin> from_;
  std::vector<column> columns_;
};

}  // namespace weir::stream
