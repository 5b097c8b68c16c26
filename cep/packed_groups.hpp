#pragma once

#include <cstdint>
#include <vector>

#include "cep/packed_plan.hpp"
#include "cep/pair_plan.hpp"

namespace weir::cep {

/// How patterns about one kind of subject that can be packed are divided between matchers.
struct packed_groups {
  std::vector<pair_plan> pairs;
  std::vector<packed_plan> others;
};

/// Arguments as of make_packed_plan.
packed_groups group_packed(const std::vector<const pattern*>& patterns, const std::vector<std::uint32_t>& indexes,
                           const planning& with);

}  // namespace weir::cep
