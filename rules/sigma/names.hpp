#pragma once

#include <set>
#include <string>
#include <string_view>

namespace weir::sigma {

/// `text` as a name of the language: other characters become `_`, and none that the language keeps for itself.
std::string identifier(std::string_view text);
/// The same in small letters: "Many Failed Logins" gives many_failed_logins.
std::string small_identifier(std::string_view text);

/// Sigma's tags, as Weir writes them: attack.t1059.001 gives attack.t1059_001. Empty where nothing is left.
std::string tag(std::string_view text);

/// Gives each name once: what is taken gets a number behind it.
class name_pool {
 public:
  std::string take(const std::string& wanted);

 private:
  std::set<std::string> taken_;
};

}  // namespace weir::sigma
