#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "cep/graph_answer.hpp"
#include "cep/reference.hpp"
#include "stream/dictionary.hpp"

namespace weir::cep {

class live_graphs;

/// The addresses whose first `bits` of sixteen bytes are those of `base`: of 10.0.0.0/8 they are 96 + 8. An address of
/// version 4 is in no block of version 6, though its sixteen bytes would fit ::/0.
struct address_block {
  stream::ip_address base;
  int bits = 0;

  bool contains(const stream::ip_address& address) const;
  friend bool operator==(const address_block&, const address_block&) = default;
};

/// "10.0.0.0/8", "2001:db8::/32", or one address. Bits beyond the block's are made zero.
std::optional<address_block> parse_block(std::string_view text);
/// `address` with all but its first `bits` made zero.
stream::ip_address masked(stream::ip_address address, int bits);
/// Whether blocks of so many bits may hold the address.
bool is_of_length(const stream::ip_address& address, int bits);

/// A program's reference data, made ready for look-ups, by any thread. Owned by the engine, whose thread changes it.
class references {
 public:
  /// `graphs` are asked through it, and outlive it; without them every answer is missing.
  references(const reference_data& data, stream::symbols& names, live_graphs* graphs = nullptr);

  /// Whether the present `v` is in the list.
  bool contains(std::size_t list, const value& v, const value_type& type) const;
  /// The cell of the row with the present key; missing without such a row, or such a cell.
  value cell(std::size_t table, const value& key, std::size_t column) const;
  bool has_row(std::size_t table, const value& key) const { return tables_[table].row_of(key).has_value(); }
  double score(std::size_t which, std::span<const double> arguments) const { return models_[which](arguments); }

  /// Has a graph made ready for a question that will be put to it.
  void prepare(const graph_question& question) const;
  /// As of where the graphs are on their way: for the thread that leads them.
  graph_answer ask(const graph_question& question, std::span<const value> args) const;
  const graph_shape& graph(std::uint16_t index) const;

  /// Takes over the lists and tables that `data` has beyond those known, and all its models. Between two batches.
  void extend(const reference_data& data, stream::symbols& names);
  /// Puts new contents in place of a list's or a table's, of the same types. Between two batches.
  void replace_list(std::size_t index, const value_list& with, stream::symbols& names);
  void replace_table(std::size_t index, const value_table& with, stream::symbols& names);

 private:
  struct address_hash {
    std::size_t operator()(const stream::ip_address& address) const;
  };
  struct blocks_of_length {
    int bits = 0;
    boost::unordered_flat_set<stream::ip_address, address_hash> bases;
  };
  struct members {
    boost::unordered_flat_set<stream::symbol> ids;
    std::vector<stream::symbol> written;   // the same, in the order of the file
    std::vector<int128> numbers;           // sorted, in the digits of the list's type
    std::vector<blocks_of_length> blocks;  // a length once
  };
  struct rows {
    value_type key;
    std::size_t columns = 0;
    boost::unordered_flat_map<std::int64_t, std::uint32_t> places;  // by a name's id, or a number
    std::vector<value> cells;                                       // row by row

    std::optional<std::uint32_t> row_of(const value& v) const;
  };

  static members ready(const value_list& list, stream::symbols& names);
  static rows ready(const value_table& table, stream::symbols& names);
  static void add_block(members& into, const address_block& block);

  live_graphs* graphs_;
  std::vector<members> lists_;
  std::vector<rows> tables_;
  std::vector<model> models_;
};

/// The constant as a value of its type; texts and names of entities are interned.
value to_value(const constant_value& constant, const value_type& type, stream::symbols& names);

}  // namespace weir::cep
