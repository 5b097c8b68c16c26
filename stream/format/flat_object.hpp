#pragma once

#include <cstdint>
#include <string_view>

#include "stream/format/scalar.hpp"

namespace weir::stream {

/// Walks once over a record that is the plainest of JSON objects: its values are texts without escapes, numbers and
/// words. It never judges: what it does not get through may be good JSON or bad, and another has to say so.
///
///     flat_object record(bytes);
///     flat_object::member next;
///     while (record.take(next)) …
///     if (record.whole()) …          // it was good JSON, and every member has been given
class flat_object {
 public:
  /// Behind the record `block_padding` bytes of memory must be readable.
  explicit flat_object(std::string_view record);

  struct member {
    std::string_view key;
    scalar value;
  };

  /// The next member; false behind the last one, and where the walk cannot go on.
  bool take(member& into);
  /// True when `take` has come to the end of the record and all of it is valid.
  bool whole() const;

 private:
  void skip_spaces();
  bool take_char(char c);
  bool take_text(std::string_view& into);
  bool take_value(scalar& into);
  bool take_number(scalar& into);
  bool take_word(std::string_view word, scalar_kind kind, scalar& into);
  bool fail();

  std::string_view record_;
  const char* at_;
  const char* end_;
  std::uint64_t bytes_seen_ = 0;  // all bytes of texts, or-ed together: do they need a look at their encoding?
  bool first_ = true;
  bool ended_ = false;
};

}  // namespace weir::stream
