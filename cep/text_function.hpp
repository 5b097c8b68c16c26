#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cep/expression.hpp"
#include "stream/dictionary.hpp"

namespace re2 {
class RE2;  // NOLINT(readability-identifier-naming): the library's name
}

namespace weir::cep {

/// Whether RE2 can read the pattern; else why not, in its own words.
std::string why_not_a_pattern(std::string_view pattern);

/// `text` with every letter made small, or large: one code point for one, as utf8proc knows them. What is not UTF-8
/// stays as it is.
std::string lower(std::string_view text);
std::string upper(std::string_view text);
/// Code points.
std::size_t length(std::string_view text);

/// What `lower`, `upper`, `starts_with`, `ends_with`, `contains`, `matches` and `length` do to texts that are named by
/// their ids. What a text gave once is kept, so that in a guard it costs a look-up. `lower` and `upper` intern what
/// they give: one thread at a time, that of the dictionaries.
class text_function {
 public:
  /// `first` holds the ids of the first argument, and `texts` the second's and the results'; both outlive it.
  /// `constant`: the second argument, where it is one.
  text_function(operation op, const stream::dictionary& first, stream::dictionary& texts, const std::string* constant);

  /// Both present; `second` is not read where it is constant, or there is none.
  value operator()(stream::symbol first, stream::symbol second);

 private:
  bool decide(std::string_view text, std::string_view part) const;
  value remembered(stream::symbol first);
  value changed(stream::symbol first);

  operation op_;
  const stream::dictionary* first_;
  stream::dictionary* texts_;
  bool constant_ = false;
  std::string part_;
  std::shared_ptr<const re2::RE2> pattern_;  // shared by copies: it never changes
  std::vector<signed char> decided_;         // by id: true, false, or not asked yet
  std::vector<stream::symbol> changed_;      // by id
  std::uint32_t generation_ = 0;             // of the ids remembered
  std::uint32_t epoch_ = 0;                  // in which what was changed has been seen
};

}  // namespace weir::cep
