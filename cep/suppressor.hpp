#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "cep/evaluator.hpp"
#include "cep/pattern.hpp"

namespace weir::cep {

/// A pattern's `suppress`: what is silent until when, and what was kept back meanwhile. Owned by the pattern's matcher.
/// What was kept back is told with the next alert, whenever that comes: so texts are kept here as they are, and not by
/// their ids, which may be another's by then.
class suppressor {
 public:
  /// `names` and `lookups` outlive it; `subjects` are the pattern's.
  suppressor(const suppression& asked, const std::vector<stream::field_type>& subjects, stream::symbols& names,
             const references& lookups);

  /// Whether an alert at `at` is held back. If not, the silence begins anew, and `kept_before` says how many were held
  /// back since the last one.
  bool holds_back(stream::timestamp at, const bindings& from, std::uint64_t& kept_before);

  /// Forgets silences that are over and have nothing to tell.
  void sweep(stream::timestamp watermark);

 private:
  struct silence {
    stream::timestamp until = stream::start_of_time;
    std::uint64_t kept_back = 0;
  };

  const std::string& key_of(const bindings& from);

  const stream::symbols* names_;
  stream::duration length_;
  std::vector<value_type> subjects_;
  std::vector<evaluator> by_;
  std::vector<value_type> types_;  // of by_
  boost::unordered_flat_map<std::string, silence> silences_;
  std::string key_;
};

}  // namespace weir::cep
