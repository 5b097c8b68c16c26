#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "apps/weir/config.hpp"
#include "apps/weir/file_watch.hpp"
#include "apps/weir/rule_files.hpp"
#include "rules/successor.hpp"

namespace weir::app {

/// The rule files of a run while it goes on: looked at, and read again as a whole set. Owned by the loop; its thread.
class live_rules {
 public:
  /// A set that may go on where the running one is.
  struct change {
    rules::successor next;
    std::string what;  // "11 rules go on; begin anew: velocity"
  };
  /// Why the running set stays: what is wrong with the new one.
  struct refusal {
    std::string findings;  // as `weir check` prints them; empty when it is about the run
    std::string why;       // in a line
  };

  /// `read`: the files that the running set was compiled from, imports included.
  /// `limits` are what the rules of every set get.
  live_rules(rule_files files, std::vector<std::string> read, const std::vector<source_config>& sources,
             limits_config limits);

  /// To be asked now and then: true when files have been written since they were read, and nothing more has been
  /// written since it was asked last, as an editor may be in the middle of it.
  bool worth_reading();

  /// Compiles the files anew. Nothing when the set is what it was.
  std::expected<std::optional<change>, refusal> read(const rules::program& running);

 private:
  std::expected<std::optional<change>, refusal> compare(const rules::program& running, rules::program fresh) const;

  rule_files files_;
  rules::decoded_events decoded_;
  limits_config limits_;
  file_watch watch_;
  std::vector<std::string> watched_;
  bool written_ = false;  // and not read yet
};

}  // namespace weir::app
