#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cep/evaluator.hpp"
#include "cep/pattern.hpp"
#include "cep/planning.hpp"

namespace weir::cep {

/// A pattern's `suppress`: finds the key of an alert and asks the pattern's silences. Owned by the matcher. What was
/// kept back is told with the next alert, whenever that comes: so a key has texts as they are, and not their ids, which
/// may be another's by then.
class suppressor {
 public:
  /// Of a pattern that has `suppress`, number `index` of those that are planned.
  suppressor(const pattern& p, std::uint32_t index, const planning& with);

  /// Whether an alert at `at` is held back. If not, the silence begins anew, and `kept_before` says how many were held
  /// back since the last one.
  bool holds_back(stream::timestamp at, const bindings& from, std::uint64_t& kept_before);

 private:
  const std::string& key_of(const bindings& from);

  const stream::symbols* names_;
  silences* silences_;
  std::vector<value_type> subjects_;
  std::vector<evaluator> by_;
  std::vector<value_type> types_;  // of by_
  std::string key_;
};

}  // namespace weir::cep
