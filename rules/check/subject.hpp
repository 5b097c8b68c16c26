#pragma once

#include "rules/check/scope.hpp"

namespace weir::rules {

/// The subject's type: what the rule writes, else the entity of its name, else the type of the fields of its name in
/// the rule's events. Nothing, and a finding, when it has none.
std::optional<rule_subject> resolve_subject(const ast::subject& written, std::uint32_t file,
                                            const std::vector<readable_event>& events, workplace& work);

/// Says how the events belong to each subject: through the equality on it, which leaves the condition, or through the
/// field of its name. No subjects, no keys.
std::expected<cep::event_filter, type_mismatch> with_keys(cep::event_filter events,
                                                          const std::vector<rule_subject>* subjects,
                                                          const stream::schema& schema);

}  // namespace weir::rules
