#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "rules/diagnostic.hpp"
#include "rules/text_position.hpp"

namespace weir::app {

/// A range as the Language Server Protocol has it: `{"start":{"line":…,"character":…},"end":{…}}`.
nlohmann::ordered_json range_json(const rules::line_table& lines, const rules::source_span& where);

/// A finding for a program to read: `file`, `range`, `severity` (1 error, 2 warning, as in the Language Server
/// Protocol), `source` ("weir"), `message`, and `hint` where there is one. `lines`: of the file it is about.
nlohmann::ordered_json finding_json(const rules::diagnostic& finding, const std::string& path,
                                    const rules::line_table& lines);

}  // namespace weir::app
