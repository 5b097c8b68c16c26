#include "rules/sigma/names.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace weir::sigma {

namespace {

// Reserved words, and `at`, which every event has.
constexpr std::array<std::string_view, 17> kept_words = {"and",  "at",     "between", "false", "is",    "match",
                                                         "no",   "not",    "on",      "or",    "over",  "then",
                                                         "true", "unless", "when",    "where", "within"};

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string in_small_letters(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// Letters and digits stay, everything between them is one `_`.
std::string words_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool kept = is_letter(c) || is_digit(c) || c == '_';
    if (kept) {
      out += c;
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  while (out.size() > 1 && out.back() == '_') out.pop_back();
  return out;
}

}  // namespace

std::string identifier(std::string_view text) {
  std::string name = words_of(text);
  if (name.empty() || is_digit(name.front())) name.insert(0, "_");
  if (std::ranges::find(kept_words, name) != kept_words.end()) name += '_';
  return name;
}

std::string small_identifier(std::string_view text) { return identifier(in_small_letters(std::string{text})); }

std::string tag(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    const std::string part = words_of(text.substr(0, dot));
    text.remove_prefix(std::min(dot + 1, text.size()));
    if (part.empty()) continue;
    if (!out.empty()) out += is_digit(part.front()) ? '_' : '.';
    if (out.empty() && is_digit(part.front())) out += '_';
    out += part;
  }
  return out;
}

std::string name_pool::take(const std::string& wanted) {
  std::string name = wanted;
  for (int number = 2; !taken_.insert(name).second; ++number) name = wanted + "_" + std::to_string(number);
  return name;
}

}  // namespace weir::sigma
