#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "rules/diagnostic.hpp"
#include "rules/syntax/ast.hpp"
#include "rules/syntax/boundaries.hpp"
#include "rules/syntax/config.hpp"
#include "rules/syntax/error_handler.hpp"

namespace weir::rules::syntax {

/// Reads a file declaration by declaration, and a rule clause by clause, each with the grammar. After an error it goes
/// on where the next one begins: at a word that can begin one and is the first of its line.
class file_parser {
 public:
  file_parser(std::string_view file_text, std::uint32_t file, std::uint32_t offset, std::vector<diagnostic>& findings);

  ast::file run();

 private:
  void read_declaration(ast::file& tree);
  void read_rule(ast::file& tree);
  bool read_rule_header(ast::rule_declaration& rule);
  void read_clauses(ast::rule_declaration& rule);
  void read_clause(ast::rule_declaration& rule);
  void report_open_rule(const ast::rule_declaration& rule);
  bool skip_to_body();

  template <typename Rule, typename Node>
  bool read(const Rule& rule, Node& node);
  void report(diagnostic finding);

  std::string_view word(std::size_t index) const { return word_at(source_, index); }
  bool at_end() const { return next_ == source_.tokens.size(); }
  bool clause_may_begin(std::size_t index) const;
  bool declaration_may_begin(std::size_t index) const;
  void skip_to_declaration();
  void skip_clause(std::size_t begin);

  reading source_;
  error_handler errors_;
  std::vector<diagnostic>& findings_;
  std::size_t next_ = 0;   // the first token not read yet
  std::size_t error_ = 0;  // the token at which the last error was found
  std::size_t reported_ = 0;
};

}  // namespace weir::rules::syntax
