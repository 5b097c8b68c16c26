#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/container/vector.hpp>

namespace weir::stream {

/// Rows one after another in memory; also those of type bool, which std::vector packs into bits.
template <class T>
using row_vector = std::conditional_t<std::is_same_v<T, bool>, boost::container::vector<bool>, std::vector<T>>;

/// What stands for a row once its batch is over: texts that only looked at the batch's memory become texts of their
/// own, in pairs and tuples too; all else stays what it is.
template <class T>
struct kept {
  using type = T;
};
template <>
struct kept<std::string_view> {
  using type = std::string;
};
template <class A, class B>
struct kept<std::pair<A, B>> {
  using type = std::pair<typename kept<A>::type, typename kept<B>::type>;
};
template <class... Parts>
struct kept<std::tuple<Parts...>> {
  using type = std::tuple<typename kept<Parts>::type...>;
};
template <class T>
using kept_t = typename kept<std::remove_cvref_t<T>>::type;

/// Rows as a source gives them, and the memory that they look at, if any.
template <class T>
struct received {
  row_vector<T> rows;
  // Shared, since a limit may cut what was received into two batches, and both look at it.
  std::shared_ptr<const void> memory{};
  std::size_t bytes = 0;  // of the source, as it spells them
};

/// The rows of one batch, in order: those of the first part, then those of the second, and so on. The parts can be
/// worked on side by side. Whoever owns the rows sees to it that they stay until the batch is done.
template <class T>
class row_parts {
 public:
  std::size_t parts() const { return parts_.size(); }
  std::span<const T> operator[](std::size_t part) const { return parts_[part]; }
  auto begin() const { return parts_.begin(); }
  auto end() const { return parts_.end(); }

  std::size_t size() const {
    std::size_t sum = 0;
    for (const auto part : parts_) sum += part.size();
    return sum;
  }

  void clear() { parts_.clear(); }
  void add(std::span<const T> part) { parts_.push_back(part); }

  /// Adds rows as `count` parts of nearly one size; fewer where there are fewer rows.
  void add_evenly(std::span<const T> rows, std::size_t count) {
    for (std::size_t i = 0, from = 0; i < count; ++i) {
      const std::size_t to = rows.size() * (i + 1) / count;
      if (to != from) parts_.push_back(rows.subspan(from, to - from));
      from = to;
    }
  }

 private:
  std::vector<std::span<const T>> parts_;
};

}  // namespace weir::stream
