#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "rules/program.hpp"

// What stands in the files of lists and tables.
namespace weir::rules {

/// The values in a list's file: one a line, or the first column of a CSV. Blank lines and lines that begin with # are
/// passed over, and so is a header: a first line that says the list's own name or that of its type. An error reads
/// "line 3: …".
std::expected<cep::value_list, std::string> read_list(std::string_view text, const list_source& list);

/// The rows in a table's file, a CSV whose first line names the columns; those that the table does not have are passed
/// over. The key stands in the column called like its type, else in the first one. Blank lines and lines that begin
/// with # are passed over. An error reads "line 3: …".
std::expected<cep::value_table, std::string> read_table(std::string_view text, const table_source& table,
                                                        const stream::schema& types);

/// Whether `text` is a whole number that a 64-bit integer surely holds.
bool is_whole_number(std::string_view text);

}  // namespace weir::rules
