#pragma once

#include <stdexcept>
#include <string>

namespace weir::app {

/// What the command `weir` ends with; docs/operations.md explains them to its users.
enum class exit_code : int {
  done = 0,
  findings = 1,  // a rule file has errors, or a test failed
  usage = 2,     // wrong use of the command, or a wrong configuration
  io = 3,        // input or output failed
  limit = 4,     // a run has come to one of its limits
};

/// Ends a verb that cannot start, or cannot go on: `main` prints the message as one line and ends with the code.
class failure : public std::runtime_error {
 public:
  failure(exit_code code, const std::string& message) : std::runtime_error(message), code_(code) {}

  exit_code code() const { return code_; }

 private:
  exit_code code_;
};

}  // namespace weir::app
