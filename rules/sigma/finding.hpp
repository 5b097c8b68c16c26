#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace weir::sigma {

/// A line of one of the files that are read, both counted: files from 0, lines from 1.
struct place {
  std::uint32_t file = 0;
  std::uint32_t line = 1;
};

/// Something that was left out, and why.
struct finding {
  place where;
  std::string title;  // of the rule it belongs to; empty where that is not known
  std::string message;
};

/// Ends the reading or writing of one rule; never leaves the module.
class cannot_say : public std::runtime_error {
 public:
  cannot_say(place where, const std::string& why) : std::runtime_error(why), where_(where) {}
  place where() const { return where_; }

 private:
  place where_;
};

}  // namespace weir::sigma
