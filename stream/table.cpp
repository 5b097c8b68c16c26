#include "stream/table.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace weir::stream {

namespace {

using storage =
    std::variant<column::booleans, column::numbers, column::reals, column::symbol_ids, column::addresses, text_run>;

storage storage_of(const field& described) {
  switch (described.type.kind) {
    case type_kind::boolean: return column::booleans{};
    case type_kind::integer:
    case type_kind::decimal:
    case type_kind::money:
    case type_kind::time:
    case type_kind::duration: return column::numbers{};
    case type_kind::floating: return column::reals{};
    case type_kind::entity: return column::symbol_ids{};
    case type_kind::ip: return column::addresses{};
    case type_kind::text: return described.interned ? storage{column::symbol_ids{}} : storage{text_run{}};
  }
  std::unreachable();
}

}  // namespace

// ---- addresses

std::optional<ip_address> parse_ip(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size()) return std::nullopt;
  std::ranges::copy(text, terminated.begin());
  ip_address address;
  if (inet_pton(AF_INET6, terminated.data(), address.bytes.data()) == 1) return address;
  address.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (inet_pton(AF_INET, terminated.data(), address.bytes.data() + 12) == 1) return address;
  return std::nullopt;
}

std::string to_text(const ip_address& address) {
  static constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (std::ranges::equal(mapped, std::span{address.bytes}.first(12))) {
    inet_ntop(AF_INET, address.bytes.data() + 12, text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size());
  }
  return text.data();
}

// ---- text_run

void text_run::grow(std::size_t bytes) {
  bytes_.resize(std::max({2 * bytes_.size(), text_bytes() + bytes, 4 * readable_bytes}));
}

std::string_view text_run::operator[](std::size_t row) const {
  const std::uint32_t begin = row == 0 ? 0 : ends_[row - 1];
  return std::string_view{bytes_}.substr(begin, ends_[row] - begin);
}

void text_run::reserve(std::size_t rows, std::size_t text_bytes) {
  ends_.reserve(rows);
  if (text_bytes + readable_bytes > bytes_.size()) bytes_.resize(text_bytes + readable_bytes);
}

void text_run::truncate(std::size_t rows) { ends_.resize(std::min(rows, ends_.size())); }

// ---- column

column::column(const field& described) : values_(storage_of(described)) {}

void column::push_missing() {
  std::visit([](auto& values) { values.push_back({}); }, values_);
  mark(false);
}

void column::settle() {
  const std::size_t rows = std::visit([](const auto& values) { return values.size(); }, values_);
  valid_.resize((rows + 63) / 64);
  while (size_ < rows) {
    const std::size_t bits = std::min<std::size_t>(64 - size_ % 64, rows - size_);
    valid_[size_ / 64] |= (~std::uint64_t{0} >> (64 - bits)) << (size_ % 64);
    size_ += bits;
  }
}

void column::push_from(const column& other, std::size_t row) {
  std::visit(
      [&](auto& values) {
        using values_type = std::remove_reference_t<decltype(values)>;
        values.push_back(std::get<values_type>(other.values_)[row]);
      },
      values_);
  mark(other.present(row));
}

void column::truncate(std::size_t rows) {
  if (rows >= size_) return;
  std::visit(
      [&](auto& values) {
        if constexpr (requires { values.truncate(rows); }) {
          values.truncate(rows);
        } else {
          values.resize(rows);
        }
      },
      values_);
  valid_.resize((rows + 63) / 64);
  if (rows % 64 != 0) valid_.back() &= (std::uint64_t{1} << (rows % 64)) - 1;
  size_ = rows;
}

std::size_t column::bytes() const {
  const std::size_t values = std::visit(
      [](const auto& held) {
        if constexpr (requires { held.bytes(); }) {
          return held.bytes();
        } else {
          return held.capacity() * sizeof(held[0]);
        }
      },
      values_);
  return values + valid_.capacity() * sizeof(std::uint64_t);
}

std::size_t column::text_bytes() const {
  const auto* texts = std::get_if<text_run>(&values_);
  return texts == nullptr ? 0 : texts->text_bytes();
}

void column::reserve(std::size_t rows, std::size_t text_bytes) {
  std::visit(
      [&](auto& values) {
        if constexpr (requires { values.reserve(rows, text_bytes); }) {
          values.reserve(rows, text_bytes);
        } else {
          values.reserve(rows);
        }
      },
      values_);
  valid_.reserve((rows + 63) / 64);
}

// ---- table

table::table(const event_type& type) {
  columns_.reserve(type.fields.size());
  for (const field& described : type.fields) columns_.emplace_back(described);
}

void table::close_row(timestamp at, origin from) {
  at_.push_back(at);
  from_.push_back(from);
  for (column& values : columns_) {
    if (values.size() < at_.size()) values.push_missing();
  }
}

void table::truncate(std::size_t rows) {
  at_.resize(std::min(rows, at_.size()));
  from_.resize(at_.size());
  for (column& values : columns_) values.truncate(at_.size());
}

void table::push_from(const table& other, std::size_t row) {
  for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].push_from(other.columns_[i], row);
  at_.push_back(other.at_[row]);
  from_.push_back(other.from_[row]);
}

std::size_t table::bytes() const {
  std::size_t sum = at_.capacity() * sizeof(timestamp) + from_.capacity() * sizeof(origin);
  for (const column& values : columns_) sum += values.bytes();
  return sum;
}

table_size table::measure() const {
  table_size found{.rows = size(), .text_bytes = {}};
  for (const column& values : columns_) found.text_bytes.push_back(values.text_bytes());
  return found;
}

void table::reserve(const table_size& likely, double part) {
  const auto part_of = [part](std::size_t whole) {
    return static_cast<std::size_t>(part * static_cast<double>(whole));
  };
  const std::size_t rows = part_of(likely.rows);
  at_.reserve(rows);
  from_.reserve(rows);
  for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].reserve(rows, part_of(likely.text_bytes[i]));
}

}  // namespace weir::stream
