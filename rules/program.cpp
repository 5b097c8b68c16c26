#include "rules/program.hpp"

#include <utility>

namespace weir::rules {

std::string_view to_text(severity s) {
  switch (s) {
    case severity::low: return "low";
    case severity::medium: return "medium";
    case severity::high: return "high";
    case severity::critical: return "critical";
  }
  std::unreachable();
}

std::string_view to_text(rule_mode m) {
  switch (m) {
    case rule_mode::live: return "live";
    case rule_mode::shadow: return "shadow";
    case rule_mode::off: return "off";
  }
  std::unreachable();
}

const reference_file& program::file_of(rule_input input) const {
  switch (input.what) {
    case rule_input::kind::list: return lists[input.index].file;
    case rule_input::kind::table: return tables[input.index].file;
    case rule_input::kind::model: return models[input.index].file;
  }
  std::unreachable();
}

std::vector<const rule*> program::active() const {
  std::vector<const rule*> found;
  for (const auto& r : rules) {
    if (r.mode != rule_mode::off) found.push_back(&r);
  }
  return found;
}

std::vector<cep::pattern> program::patterns() const {
  std::vector<cep::pattern> found;
  for (const auto* r : active()) found.push_back(r->pattern);
  return found;
}

}  // namespace weir::rules
