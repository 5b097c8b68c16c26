#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "cep/column_scan.hpp"
#include "cep/evaluator.hpp"
#include "cep/interval_index.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

enum class guard_id : std::uint32_t {};

/// The distinct conditions on one event, of all patterns together. Each is computed once a batch, into a bitmap over
/// the places of the batch's order; rows that no guard wants are not looked at again. Where many guards compare one
/// field with a constant each, or want it between two, a row finds those that hold for it by its value.
class guards {
 public:
  guards(stream::symbols& names, const references& lookups) : names_(&names), lookups_(&lookups) {}

  /// The guard "an event of `type` for which `condition` holds"; equal ones share an id. `condition` must be local.
  guard_id add(stream::event_type_id type, const expression& condition);

  void evaluate(const stream::batch& rows);

  /// One bit a place of the order, from the lowest bit of the first word.
  std::span<const std::uint64_t> bitmap(guard_id id) const { return guards_[static_cast<std::size_t>(id)].bits; }
  bool holds(guard_id id, std::size_t place) const { return (bitmap(id)[place / 64] >> (place % 64)) & 1; }

  /// Whether the batch is the rows of one table, as they stand there: a row's number is its place.
  bool in_one_table() const { return in_one_table_; }

  /// Divisions by zero and overflows that a guard has met, up to now.
  std::uint64_t undefined(guard_id id) const { return guards_[static_cast<std::size_t>(id)].undefined; }

 private:
  struct guard {
    stream::event_type_id type;
    std::vector<column_scan> scans{};  // what of the condition can be computed over columns
    std::optional<evaluator> rest{};   // what is left, row by row
    std::vector<std::uint64_t> bits{};
    std::uint64_t undefined = 0;
    bool indexed = false;  // by some of its scans, which `scans` no longer has
  };
  /// The guards of one type with `field = constant`, by constant.
  struct constant_index {
    stream::event_type_id type;
    stream::field_id field;
    std::vector<std::uint32_t> entries{};  // by id: in `guards`, from 1; 0: none
    std::vector<std::vector<std::uint32_t>> guards{};
  };

  /// The guards of one type that want one number between two bounds each.
  struct range_index {
    stream::event_type_id type;
    stream::field_id field;
    std::vector<interval_index::interval> ranges{};  // by number in `guards`
    interval_index found;
  };

  void make_indexes();
  void make_constant_indexes();
  void make_range_indexes();
  std::optional<interval_index::interval> range_of(std::uint32_t number, stream::field_id field) const;
  void add_ranges(stream::event_type_id type, stream::field_id field, std::vector<interval_index::interval> added);
  void look_up(const range_index& index, const stream::table& rows);
  void add_to_index(constant_index& index, std::uint32_t number, std::size_t scan);
  void look_up(const constant_index& index, const stream::table& rows);
  void evaluate(guard& g, const stream::table& rows);
  bool find_places(const stream::batch& rows);
  void move_to_places(guard& g, std::size_t places);

  bool in_one_table_ = false;
  std::vector<std::vector<std::uint32_t>> places_;  // by type and row, of the batch at hand
  std::vector<std::uint64_t> by_row_;               // of the guard at hand; kept for its memory
  stream::symbols* names_;
  const references* lookups_;
  std::vector<guard> guards_;
  std::vector<constant_index> indexes_;
  std::vector<range_index> ranges_;
  std::size_t known_to_indexes_ = 0;  // so many guards were there when they were made
  boost::unordered_flat_map<std::string, guard_id> by_text_;
};

}  // namespace weir::cep
