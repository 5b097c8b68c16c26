#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "cep/column_scan.hpp"
#include "cep/evaluator.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

enum class guard_id : std::uint32_t {};

/// The distinct conditions on one event, of all patterns together. Each is computed once a batch, into a bitmap over
/// the places of the batch's order; rows that no guard wants are not looked at again.
class guards {
 public:
  guards(stream::symbols& names, const references& lookups) : names_(&names), lookups_(&lookups) {}

  /// The guard "an event of `type` for which `condition` holds"; equal ones share an id. `condition` must be local.
  guard_id add(stream::event_type_id type, const expression& condition);

  void evaluate(const stream::batch& rows);

  /// One bit a place of the order, from the lowest bit of the first word.
  std::span<const std::uint64_t> bitmap(guard_id id) const { return guards_[static_cast<std::size_t>(id)].bits; }
  bool holds(guard_id id, std::size_t place) const { return (bitmap(id)[place / 64] >> (place % 64)) & 1; }

  /// Divisions by zero and overflows that a guard has met, up to now.
  std::uint64_t undefined(guard_id id) const { return guards_[static_cast<std::size_t>(id)].undefined; }

 private:
  struct guard {
    stream::event_type_id type;
    std::vector<column_scan> scans{};  // what of the condition can be computed over columns
    std::optional<evaluator> rest{};   // what is left, row by row
    std::vector<std::uint64_t> bits{};
    std::uint64_t undefined = 0;
  };

  void evaluate(guard& g, const stream::table& rows);
  bool find_places(const stream::batch& rows);
  void move_to_places(guard& g, std::size_t places);

  std::vector<std::vector<std::uint32_t>> places_;  // by type and row, of the batch at hand
  std::vector<std::uint64_t> by_row_;               // of the guard at hand; kept for its memory
  stream::symbols* names_;
  const references* lookups_;
  std::vector<guard> guards_;
  boost::unordered_flat_map<std::string, guard_id> by_text_;
};

}  // namespace weir::cep
