#pragma once

#include <string>
#include <vector>

#include "apps/weir/config.hpp"
#include "stream/intake.hpp"

namespace weir::app {

/// The sources that `--input EVENT=FILE` or `--input FILE` name; of the latter every record names its own event. A
/// source is called after its event, or its file, and numbered where a name comes again.
std::vector<source_config> parse_inputs(const std::vector<std::string>& inputs);

/// The sources as the intake knows them. Throws `failure` when one names an event or a field that the rules do not
/// declare, or when it is open which format a file has.
std::vector<stream::source_options> resolve(const std::vector<source_config>& sources, const stream::schema& types);

}  // namespace weir::app
