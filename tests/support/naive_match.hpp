#pragma once

#include <compare>
#include <string>
#include <vector>

#include "cep/pattern.hpp"
#include "tests/support/naive_evaluator.hpp"
#include "tests/support/naive_window.hpp"

namespace weir::testing {

/// A match of a pattern's body, its condition not judged yet.
struct naive_match {
  std::vector<std::string> subject;
  naive_binding bound;              // by step
  std::vector<std::size_t> groups;  // by step: which `then` it belongs to
  match_end end;

  /// Every event that is bound, in the order in which the steps are written: two matches with equal lists are one.
  std::vector<std::size_t> events() const;
};

/// "Of two matches that end at the same place, the later is …": greater is later.
std::strong_ordering compare(const naive_match& a, const naive_match& b);

/// Every match of a pattern's body for every subject, by trying every choice of events. Matches that never end, since
/// a deadline is not passed by `final_watermark`, are left out.
std::vector<naive_match> all_matches(const cep::pattern& pattern, const naive_context& stream,
                                     stream::timestamp final_watermark);

}  // namespace weir::testing
