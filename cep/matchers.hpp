#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "cep/matcher.hpp"
#include "cep/pattern.hpp"
#include "cep/planning.hpp"
#include "cep/subject_share.hpp"

namespace weir::cep {

/// A pattern, or the part of it that is about a share of the subjects.
struct pattern_part {
  std::uint32_t pattern = 0;
  subject_share share;
};

/// The matchers of a set of patterns, and which of them has which.
struct matchers {
  struct home {
    std::size_t matcher = 0;  // in `all`
    std::size_t own = 0;      // the pattern's number there
  };

  std::vector<std::unique_ptr<matcher>> all;
  std::vector<std::optional<home>> homes;  // by pattern; none: no part of it is here
};

/// Chooses for each part the cheapest matcher that finds its matches exactly; no pattern has two parts. The patterns'
/// guards join those that `with.shared` has.
matchers make_matchers(const std::vector<pattern>& patterns, std::span<const pattern_part> parts, const planning& with);

}  // namespace weir::cep
