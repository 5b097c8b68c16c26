#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rules/sigma/document.hpp"
#include "rules/sigma/finding.hpp"

// Sigma rules as rules of Weir. What Sigma leaves open is read as docs/sigma.md says; what cannot be said exactly is
// left out and named, never guessed.
namespace weir::sigma {

/// How a field is called in Weir, and its type there: "text?". Without a type it is found from how rules use it.
struct field_choice {
  std::string name;
  std::string type;
};

/// Which event a log source is. Parts of `source` that are empty fit any.
struct source_choice {
  logsource source;
  std::string event;
  std::map<std::string, field_choice> fields;  // by their names in Sigma
  std::vector<std::string> keywords;           // the fields, by their names in Sigma, that keywords are looked for in
};

/// The first choice that fits decides; what nothing is said about gets names made from Sigma's own.
struct mapping {
  std::vector<source_choice> sources;
  std::map<std::string, field_choice> fields;  // of every source
};

struct source_file {
  std::string path;
  std::string text;
};

struct imported {
  std::string text;  // a rule file; empty when there is no rule
  std::size_t rules = 0;
  std::vector<finding> left_out;  // in the order of the files
};

/// Reads the files as one set: correlations may name rules of other files. The same input gives the same text.
imported import_rules(std::span<const source_file> files, const mapping& names);

}  // namespace weir::sigma
