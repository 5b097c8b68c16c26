#include "cep/references.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <utility>

#include "cep/live_graphs.hpp"

namespace weir::cep {

namespace {

constexpr int address_bits = 128;
constexpr int mapped_bits = 96;  // before an address of version 4

std::optional<int> parse_bits(std::string_view text, int most) {
  int bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (error != std::errc{} || end != text.data() + text.size() || bits < 0 || bits > most) return std::nullopt;
  return bits;
}

struct value_of_constant {
  const value_type& type;
  stream::symbols& names;

  value operator()(bool b) const { return value::of(b); }
  value operator()(int128 n) const { return value::of(n); }
  value operator()(double d) const { return value::of(d); }
  value operator()(const stream::ip_address& ip) const { return value::of(ip); }
  value operator()(const std::string& text) const {
    return value::of(type.kind == value_kind::entity ? names.entities(type.entity).intern(text)
                                                     : names.texts().intern(text));
  }
};

}  // namespace

value to_value(const constant_value& constant, const value_type& type, stream::symbols& names) {
  return std::visit(value_of_constant{type, names}, constant);
}

// ---- blocks of addresses

stream::ip_address masked(stream::ip_address address, int bits) {
  for (int byte = 0; byte < 16; ++byte) {
    const int kept = std::clamp(bits - byte * 8, 0, 8);
    address.bytes[static_cast<std::size_t>(byte)] &= static_cast<std::uint8_t>(0xFF00U >> static_cast<unsigned>(kept));
  }
  return address;
}

bool is_of_length(const stream::ip_address& address, int bits) {
  static constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return bits >= mapped_bits || !std::ranges::equal(mapped, std::span(address.bytes).first<12>());
}

bool address_block::contains(const stream::ip_address& address) const {
  return masked(address, bits) == base && is_of_length(address, bits);
}

std::optional<address_block> parse_block(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = stream::parse_ip(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return address_block{*address, address_bits};
  const bool version_4 = text.substr(0, slash).find(':') == std::string_view::npos;
  const auto bits = parse_bits(text.substr(slash + 1), version_4 ? address_bits - mapped_bits : address_bits);
  if (!bits) return std::nullopt;
  const int all = version_4 ? *bits + mapped_bits : *bits;
  return address_block{masked(*address, all), all};
}

// ---- references

graph_answer references::ask(const graph_question& question, std::span<const value> args) const {
  return graphs_ == nullptr ? graph_answer{} : graphs_->answer(question, args);
}

const graph_shape& references::graph(std::uint16_t index) const { return graphs_->shape(index); }

references::references(const reference_data& data, stream::symbols& names, live_graphs* graphs) : graphs_(graphs) {
  extend(data, names);
}

void references::prepare(const graph_question& question) const {
  if (graphs_ == nullptr) return;
  graphs_->prepare(question, question.list ? std::span(lists_[*question.list].written) : std::span<stream::symbol>());
}

void references::extend(const reference_data& data, stream::symbols& names) {
  for (const value_list& list : std::span{data.lists}.subspan(lists_.size())) lists_.push_back(ready(list, names));
  for (const value_table& table : std::span{data.tables}.subspan(tables_.size())) {
    tables_.push_back(ready(table, names));
  }
  models_ = data.models;
  if (graphs_ != nullptr) graphs_->extend(data.graphs);
}

void references::replace_list(std::size_t index, const value_list& with, stream::symbols& names) {
  lists_[index] = ready(with, names);
  if (graphs_ != nullptr) graphs_->replace_list(static_cast<std::uint16_t>(index), lists_[index].written);
}

void references::replace_table(std::size_t index, const value_table& with, stream::symbols& names) {
  tables_[index] = ready(with, names);
}

// The checker let only texts through that can be read.
references::members references::ready(const value_list& list, stream::symbols& names) {
  members made;
  for (const std::string& text : list.values) {
    switch (list.type.kind) {
      case value_kind::text:
      case value_kind::entity:
        if (const auto id = to_value(text, list.type, names).id; made.ids.insert(id).second) made.written.push_back(id);
        break;
      case value_kind::exact: made.numbers.push_back(std::stoll(text)); break;
      case value_kind::ip:
        if (const auto block = parse_block(text)) add_block(made, *block);
        break;
      case value_kind::boolean:
      case value_kind::real: break;
    }
  }
  std::ranges::sort(made.numbers);
  return made;
}

void references::add_block(members& into, const address_block& block) {
  auto known = std::ranges::find(into.blocks, block.bits, &blocks_of_length::bits);
  if (known == into.blocks.end()) known = into.blocks.insert(known, {block.bits, {}});
  known->bases.insert(block.base);
}

bool references::contains(std::size_t list, const value& v, const value_type& type) const {
  const members& in = lists_[list];
  switch (type.kind) {
    case value_kind::exact: return std::ranges::binary_search(in.numbers, v.exact);
    case value_kind::ip:
      return std::ranges::any_of(
          in.blocks, [&](const blocks_of_length& blocks) { return blocks.bases.contains(masked(v.ip, blocks.bits)); });
    default: return in.ids.contains(v.id);
  }
}

std::size_t references::address_hash::operator()(const stream::ip_address& address) const {
  return std::hash<std::string_view>{}({reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()});
}

references::rows references::ready(const value_table& table, stream::symbols& names) {
  rows made{.key = table.key, .columns = table.columns.size(), .places = {}, .cells = {}};
  const bool number = table.key.kind == value_kind::exact;
  for (const auto& row : table.rows) {
    const auto key = number ? std::stoll(row.key) : static_cast<std::int64_t>(to_value(row.key, table.key, names).id);
    made.places.emplace(key, static_cast<std::uint32_t>(made.places.size()));
    for (std::size_t i = 0; i < made.columns; ++i) {
      const auto& cell = row.values[i];
      made.cells.push_back(cell ? to_value(*cell, table.columns[i], names) : value::missing());
    }
  }
  return made;
}

std::optional<std::uint32_t> references::rows::row_of(const value& v) const {
  using limits = std::numeric_limits<std::int64_t>;
  const bool number = key.kind == value_kind::exact;
  if (number && (v.exact < limits::min() || v.exact > limits::max())) return std::nullopt;
  const auto found = places.find(number ? static_cast<std::int64_t>(v.exact) : static_cast<std::int64_t>(v.id));
  return found == places.end() ? std::nullopt : std::optional{found->second};
}

value references::cell(std::size_t table, const value& key, std::size_t column) const {
  const rows& in = tables_[table];
  const auto row = in.row_of(key);
  return row ? in.cells[*row * in.columns + column] : value::missing();
}

}  // namespace weir::cep
