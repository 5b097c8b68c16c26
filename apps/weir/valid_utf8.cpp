#include "apps/weir/valid_utf8.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace weir::app {

namespace {

/// What a sequence of several bytes may be: the range of its first byte and of its second, and its length (RFC 3629,
/// section 4). All further bytes are from 0x80 to 0xBF.
struct sequence_form {
  unsigned char first_least, first_greatest, second_least, second_greatest;
  std::size_t length;
};

constexpr std::array<sequence_form, 8> forms{{
    {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4},
}};

bool in_range(char c, unsigned char least, unsigned char greatest) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= least && byte <= greatest;
}

bool begins_with(std::string_view text, const sequence_form& form) {
  return text.size() >= form.length && in_range(text[0], form.first_least, form.first_greatest) &&
         in_range(text[1], form.second_least, form.second_greatest) &&
         std::ranges::all_of(text.substr(2, form.length - 2), [](char c) { return in_range(c, 0x80, 0xBF); });
}

/// The length of the character that `text` begins with; 0 if it begins with none.
std::size_t character_length(std::string_view text) {
  if (in_range(text[0], 0x00, 0x7F)) return 1;
  const auto found = std::ranges::find_if(forms, [&](const sequence_form& form) { return begins_with(text, form); });
  return found == forms.end() ? 0 : found->length;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const auto length = character_length(text);
    valid += length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return valid;
}

}  // namespace weir::app
