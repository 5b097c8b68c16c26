#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/sigma/fields.hpp"
#include "rules/sigma/term.hpp"

namespace weir::sigma {

/// Puts the rule file together: declarations in front, then rules as they come.
class file_writer {
 public:
  file_writer(event_plans& plans, const std::vector<std::string>& paths) : plans_(plans), paths_(paths) {}

  /// A name that no other rule or condition of the file has.
  std::string name(const std::string& wanted) { return names_.take(wanted); }

  /// A rule, or a condition that rules share, as it stands in the file.
  void add(std::string text) { bodies_.push_back(std::move(text)); }
  void add_rule(std::string text);

  std::size_t rules() const { return rules_; }
  std::string whole() const;

 private:
  std::string declarations() const;

  event_plans& plans_;
  const std::vector<std::string>& paths_;
  name_pool names_;
  std::vector<std::string> bodies_;
  std::size_t rules_ = 0;
};

/// What a document says about itself: comments in front of the rule, and the clauses severity and tags.
std::string comments_of(const head& of);
std::string clauses_of(const head& of);
std::string rule_name_of(const head& of);

/// Lines of comment, each beginning with `#`, of `text` on as many as it needs.
std::string comment(const std::string& text);

}  // namespace weir::sigma
