#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "apps/weir/explain/alert_record.hpp"
#include "cep/match.hpp"
#include "rules/program.hpp"
#include "stream/event_log.hpp"

namespace weir::explain {

/// A match put together again from what its alert tells of it.
struct recalled_match {
  stream::symbols names;
  stream::event_log log;
  std::vector<cep::bound_event> events;  // in the order of the alert
  std::vector<stream::symbol> subject;
  std::vector<cep::value> aggregates;
  std::vector<cep::value> answers;  // of graphs
  stream::duration span{};

  explicit recalled_match(const stream::schema& types) : names(types) {}
};

/// Decodes the alert's events and values as the rules declare them. The error names what does not fit.
std::expected<std::unique_ptr<recalled_match>, std::string> recall(const alert_record& alert, const rules::rule& cause,
                                                                   const rules::program& program);

}  // namespace weir::explain
