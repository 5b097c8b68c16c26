#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apps/weir/why_not/answer.hpp"
#include "rules/program.hpp"
#include "stream/batch.hpp"

namespace weir::why_not {

/// What is asked, and what an answer needs beside the events. All outlives the call.
struct question {
  const rules::rule& rule;
  const rules::program& program;
  const std::vector<rules::source_file>& files;
  stream::symbols& names;
  std::span<const stream::symbol> subject;
  stream::timestamp at;
  std::function<std::string(const stream::event_view&)> id_of;  // what alerts call an event by
};

/// Says why the rule raised no alert. `events` is what the rule sees of the subject up to the moment, as a
/// subject_stream gives it. Slow and plain: the engine finds how far a match came, in the rule cut short after each
/// step; the conditions of what was to follow are computed for every event that might have.
answer why_not(const question& asked, stream::batch events);

}  // namespace weir::why_not
