#pragma once

#include <cstddef>
#include <vector>

#include "rules/index/definitions.hpp"
#include "rules/index/names.hpp"

namespace weir::rules::indexing {

/// What an open bracket holds.
enum class bracket_kind : std::uint8_t { none, group, aggregate, call, cell, edge, fields };

/// A bracket, or the clause itself, as far as it was read.
struct bracket {
  bracket_kind kind{};
  std::size_t event = no_symbol;  // the event named last in it: a `where` behind it reads its fields
  bool in_where = false;          // bare names are that event's fields
  bool wants_event = false;       // an event is to come
};

/// Reads the tokens of a clause, or of a let's body, one by one, and says what each names. It keeps what matters for
/// the next: which event is at hand, and what stands before a point.
class scope_walker {
 public:
  /// `owner`: the rule or let, whose labels, subjects or parameters are known.
  scope_walker(const outlined_file& file, const name_table& names, std::size_t owner);

  /// The symbol that token `index` names, or `no_symbol`. Tokens come in order.
  std::size_t read(std::size_t index);

  // ---- of the place behind the tokens read

  const bracket& innermost() const { return open_.back(); }

  /// Whose members stand behind a point: an event, a table, a graph; `no_symbol` for anything else.
  std::size_t left_of_point() const { return left_; }

  /// The event whose fields bare names are, or `no_symbol`.
  std::size_t event_at_hand() const { return innermost().in_where ? innermost().event : no_symbol; }

 private:
  std::string_view word(std::size_t index) const { return file_.word(index); }
  std::string_view before(std::size_t index, std::size_t steps = 1) const;

  void read_symbol(std::size_t index);
  void open(std::size_t index);
  void close();
  std::size_t read_word(std::size_t index);
  std::size_t read_event(std::size_t index);
  std::size_t read_name(std::size_t index);
  std::size_t member(std::size_t index) const;
  bool begins_step(std::size_t index) const;
  bool is_step_word(std::size_t index) const;
  std::size_t event_of(std::size_t symbol) const;
  std::size_t meaning_of(std::size_t symbol) const;

  const outlined_file& file_;
  const name_table& names_;
  std::size_t owner_;
  std::vector<bracket> open_{1};
  std::vector<std::size_t> left_of_bracket_;  // for each open one: the table before it
  std::size_t left_ = no_symbol;
};

}  // namespace weir::rules::indexing
