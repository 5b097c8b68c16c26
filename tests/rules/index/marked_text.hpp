#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// A rule file in which a `^` marks the place that is asked about.
struct marked_text {
  std::string text;  // without the mark
  std::size_t offset = 0;
};

marked_text marked(std::string_view written);

/// The declarations that the tests of the index ask about.
extern const std::string declarations;
