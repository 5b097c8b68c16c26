#pragma once

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/completion.hpp"
#include "rules/index/glossary.hpp"

namespace weir::rules::indexing {

/// Collects completions, no word twice.
class offers {
 public:
  /// The index must outlive it.
  explicit offers(const symbol_index& index) : index_(index) {}

  std::vector<completion> taken() && { return std::move(found_); }

  void add(completion_kind kind, std::string_view word, std::string detail, std::string documentation = {});

  /// Leaves a word out from now on.
  void leave_out(std::string_view word) { known_.insert(std::string(word)); }

  /// Words of the language, with what the glossary says of them.
  void words(std::initializer_list<std::string_view> words);
  void terms_of(term_kind kind, completion_kind as);

  /// The names of a kind that belong to `owner`.
  void symbols(symbol_kind kind, completion_kind as, std::size_t owner = no_symbol);

  void events() { symbols(symbol_kind::event, completion_kind::event); }
  void types();
  void currencies();
  void durations();
  void windows();

  /// What a step may begin with.
  void steps();

 private:
  void add_symbol(const symbol& s, completion_kind as);

  const symbol_index& index_;
  std::vector<completion> found_;
  std::set<std::string> known_;
};

}  // namespace weir::rules::indexing
