#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::bench::nexmark {

/// The texts of events, each once: what events say are views of them.
struct texts {
  struct channel {
    std::string name;
    std::string url;
  };

  std::vector<std::string_view> states;  // the six that the queries know some of
  std::vector<std::string_view> cities;
  std::vector<std::string> names;
  std::vector<std::string> emails;
  std::vector<std::string> items;
  std::vector<channel> hot_channels;  // four, where half of the bids come from
  std::vector<channel> channels;

  /// Made at the first call; any thread may ask.
  static const texts& tables();
};

}  // namespace weir::bench::nexmark
