#pragma once

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

// Words that other languages have for what ours says with another.
namespace weir::rules::syntax {

using known_words = std::span<const std::pair<std::string_view, std::string_view>>;

inline std::string_view look_up(known_words words, std::string_view word) {
  const auto found = std::ranges::find(words, word, &std::pair<std::string_view, std::string_view>::first);
  return found == words.end() ? std::string_view() : found->second;
}

/// Our name of a function that others call otherwise: `avg` for `average`. Empty if there is none.
inline std::string_view name_here(std::string_view function) {
  static constexpr std::pair<std::string_view, std::string_view> names[] = {{"average", "avg"},
                                                                            {"mean", "avg"},
                                                                            {"std", "stddev"},
                                                                            {"stdev", "stddev"},
                                                                            {"minimum", "min"},
                                                                            {"maximum", "max"},
                                                                            {"total", "sum"},
                                                                            {"unique", "distinct"},
                                                                            {"nunique", "distinct"},
                                                                            {"count_distinct", "distinct"},
                                                                            {"quantile", "percentile"},
                                                                            {"p95", "percentile"},
                                                                            {"p99", "percentile"},
                                                                            {"previous", "prev"},
                                                                            {"lag", "prev"},
                                                                            {"earliest", "first"},
                                                                            {"latest", "last"},
                                                                            {"len", "length"},
                                                                            {"tolower", "lower"},
                                                                            {"toupper", "upper"},
                                                                            {"ifnull", "coalesce"},
                                                                            {"nvl", "coalesce"},
                                                                            {"distance", "distance_km"}};
  return look_up(names, function);
}

/// The unit of a duration that a word or an abbreviation means: "m" for `minutes`. Empty if there is none.
inline std::string_view unit_here(std::string_view word) {
  static constexpr std::pair<std::string_view, std::string_view> units[] = {
      {"us", "us"},  {"ms", "ms"},     {"s", "s"},      {"m", "m"},       {"h", "h"},      {"d", "d"},
      {"w", "w"},    {"millis", "ms"}, {"sec", "s"},    {"secs", "s"},    {"second", "s"}, {"seconds", "s"},
      {"min", "m"},  {"mins", "m"},    {"minute", "m"}, {"minutes", "m"}, {"hr", "h"},     {"hrs", "h"},
      {"hour", "h"}, {"hours", "h"},   {"day", "d"},    {"days", "d"},    {"week", "w"},   {"weeks", "w"}};
  return look_up(units, word);
}

}  // namespace weir::rules::syntax
