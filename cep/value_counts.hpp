#pragma once

#include <cstdint>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

namespace weir::cep {

/// How often each value is in a window, for the windows of a matcher that hold too many to be looked through. Their
/// owners keep a number for them; zero stands for none.
class value_counts {
 public:
  std::uint32_t begin() {
    if (unused_.empty()) {
      counts_.emplace_back();
      return static_cast<std::uint32_t>(counts_.size());
    }
    const std::uint32_t number = unused_.back();
    unused_.pop_back();
    return number;
  }
  void end(std::uint32_t number) {
    counts_[number - 1] = {};
    unused_.push_back(number);
  }

  void add(std::uint32_t number, std::int64_t value) { ++counts_[number - 1][value]; }
  void remove(std::uint32_t number, std::int64_t value) {
    const auto counted = counts_[number - 1].find(value);
    if (--counted->second == 0) counts_[number - 1].erase(counted);
  }
  std::size_t distinct(std::uint32_t number) const { return counts_[number - 1].size(); }
  bool has_once(std::uint32_t number, std::int64_t value) const { return counts_[number - 1].at(value) == 1; }

 private:
  std::vector<boost::unordered_flat_map<std::int64_t, std::uint32_t>> counts_;
  std::vector<std::uint32_t> unused_;
};

}  // namespace weir::cep
