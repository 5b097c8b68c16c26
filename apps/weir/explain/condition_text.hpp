#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rules/program.hpp"

namespace weir::explain {

/// What an expression came to, as a person reads it: "9", "3.07 EUR", "missing".
using value_words = std::function<std::string(const cep::expression&)>;

/// Writes conditions of one rule as they stand in its file, comments left out, on one line. Holds references: the
/// program and the files outlive it.
class condition_text {
 public:
  condition_text(const rules::rule& of, const rules::program& program, const std::vector<rules::source_file>& files)
      : rule_(of), program_(program), files_(files) {}

  std::string plain(const rules::source_span& where) const;

  /// With what each side of a comparison came to: "count(payment) over 10m = 9 > payments_max = 4"; where an `=` stands
  /// already, in brackets: "p.country (DE) = home (SE)".
  std::string filled_in(const rules::written_condition& condition, const rules::written_expression& part,
                        const value_words& value_of) const;

  /// The fields, subjects and aggregates that the expression reads, each once: "kind", "in.amount".
  std::vector<std::pair<std::string, cep::expression>> reads_of(const cep::expression& e,
                                                                const rules::written_condition& where) const;

 private:
  struct insertion {
    std::uint32_t at = 0;
    std::string text;
  };

  void collect(const rules::written_condition& condition, const rules::written_expression& part, bool ordered,
               const value_words& value_of, std::vector<insertion>& into) const;
  std::string reads_words(const rules::written_condition& condition, const rules::written_expression& part,
                          const value_words& value_of) const;
  std::string name_of(const cep::expression& read, const rules::written_condition& where) const;
  std::string_view source(const rules::source_span& where) const;

  const rules::rule& rule_;
  const rules::program& program_;
  const std::vector<rules::source_file>& files_;
};

/// The text on one line: each run of white space and comments is one space.
std::string on_one_line(std::string_view text);

/// The filters of a pattern's steps and absences, in the order in which they are written.
std::vector<const cep::event_filter*> filters_of(const cep::pattern& p);

}  // namespace weir::explain
