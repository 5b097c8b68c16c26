#pragma once

#include <optional>
#include <vector>

#include "cep/engine.hpp"
#include "cep/pattern.hpp"

namespace weir::why_not {

/// A match, kept beyond the engine's next `advance`.
struct found_match {
  stream::timestamp at;
  std::vector<cep::bound_event> events;
  std::vector<cep::value> aggregates;
  std::vector<cep::value> answers;  // of graphs
};

/// A rule's pattern and what is left of it without some of its parts.
struct cut_pattern {
  enum class part : std::uint8_t {
    whole,          // as the rule is
    unsilenced,     // without `suppress` and `emit first`
    unconditioned,  // without `when` and `unless` too
    prefix,         // the first `groups` of its groups, and nothing that is judged at the end
  };

  part kept = part::whole;
  std::size_t groups = 0;
  cep::pattern pattern;
};

/// The whole rule first, the shortest prefix last. Prefixes of optional groups alone are left out.
std::vector<cut_pattern> cuts_of(const cep::pattern& p);

/// The parts of the body up to the group, which is counted from 1, with it.
std::size_t end_of_group(const cep::pattern& p, std::size_t group);
std::size_t groups_in(const cep::pattern& p);

}  // namespace weir::why_not
