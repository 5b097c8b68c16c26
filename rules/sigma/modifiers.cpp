#include "rules/sigma/modifiers.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace weir::sigma {

namespace {

constexpr std::array<std::pair<std::string_view, comparison>, 6> comparisons{{{"re", comparison::expression},
                                                                              {"cidr", comparison::subnet},
                                                                              {"lt", comparison::less},
                                                                              {"lte", comparison::less_equal},
                                                                              {"gt", comparison::greater},
                                                                              {"gte", comparison::greater_equal}}};
constexpr std::array<std::pair<std::string_view, text_part>, 3> parts{
    {{"contains", text_part::inside}, {"startswith", text_part::beginning}, {"endswith", text_part::ending}}};

// Known to Sigma, and why they are not read.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> not_read{{
    {"base64", "encoded values are not worked out"},
    {"base64offset", "encoded values are not worked out"},
    {"wide", "encoded values are not worked out"},
    {"utf16", "encoded values are not worked out"},
    {"utf16le", "encoded values are not worked out"},
    {"utf16be", "encoded values are not worked out"},
    {"expand", "placeholders have no values here"},
    {"neq", "it does not say what a missing field is; write a selection and `not` it in the condition"},
    {"minute", "parts of a time cannot be read"},
    {"hour", "parts of a time cannot be read"},
    {"day", "parts of a time cannot be read"},
    {"week", "parts of a time cannot be read"},
    {"month", "parts of a time cannot be read"},
    {"year", "parts of a time cannot be read"},
    {"near", "it is obsolete"},
    {"utf16-le", "it is obsolete"},
}};

template <class Entries>
auto find(const Entries& entries, std::string_view name) {
  const auto found = std::ranges::find_if(entries, [&](const auto& entry) { return entry.first == name; });
  return found == entries.end() ? nullptr : &found->second;
}

[[noreturn]] void refuse(const item& from, const std::string& why) { throw cannot_say(from.where, why); }

void set_part(modifiers& read, text_part part, const item& from) {
  if (std::exchange(read.part, part) != text_part::whole) refuse(from, "two of contains, startswith and endswith");
}

void set_comparison(modifiers& read, comparison how, const item& from) {
  if (std::exchange(read.how, how) != comparison::text) refuse(from, "two ways to compare in one item");
}

void read_one(const std::string& name, modifiers& read, const item& from) {
  const bool flag = name == "i" || name == "m" || name == "s";
  if (name == "all") {
    read.all = true;
  } else if (name == "cased") {
    read.cased = true;
  } else if (name == "exists") {
    read.exists = true;
  } else if (name == "fieldref") {
    read.other_field = true;
  } else if (name == "windash") {
    read.any_dash = true;
  } else if (flag && read.how == comparison::expression) {
    read.expression_flags += name;
  } else if (const auto* part = find(parts, name)) {
    set_part(read, *part, from);
  } else if (const auto* how = find(comparisons, name)) {
    set_comparison(read, *how, from);
  } else if (const auto* why = find(not_read, name)) {
    refuse(from, "the modifier `" + name + "`: " + std::string{*why});
  } else {
    refuse(from, "the modifier `" + name + "` is not known");
  }
}

}  // namespace

modifiers read_modifiers(const item& from) {
  modifiers read;
  for (const std::string& name : from.modifiers) read_one(name, read, from);
  const bool compares = read.how != comparison::text;
  const bool of_texts = read.part != text_part::whole || read.any_dash || read.cased;
  const bool contradicts = (compares && (of_texts || read.other_field)) || (read.other_field && read.any_dash) ||
                           (read.exists && from.modifiers.size() > 1);
  if (contradicts) refuse(from, "these modifiers do not go together");
  return read;
}

}  // namespace weir::sigma
