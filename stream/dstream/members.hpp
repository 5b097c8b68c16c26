#pragma once

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

// The members of a plain struct, found by the compiler. (Boost.PFR does the same for more of them, but takes g++ 12
// down where a member is an array of texts.)
namespace weir::stream {

/// A struct with public members and nothing else: no bases, no arrays but std::array.
template <class T>
concept plain_struct = std::is_aggregate_v<T> && std::is_class_v<T> && std::default_initializable<T> &&
                       !requires { std::tuple_size<T>::value; };

inline constexpr std::size_t members_max = 16;

/// Stands for a value of any type, where nobody asks for it.
struct any_member {
  template <class T>
  operator T() const;
};

template <plain_struct T, class... Given>
consteval std::size_t member_count(Given... given) {
  if constexpr (sizeof...(Given) > members_max || !requires { T{given..., any_member{}}; }) {
    return sizeof...(Given);
  } else {
    return member_count<T>(given..., any_member{});
  }
}

/// References to the members, in order.
template <class T>
  requires plain_struct<std::remove_const_t<T>>
constexpr auto members_of(T& value) {
  constexpr std::size_t count = member_count<std::remove_const_t<T>>();
  static_assert(count <= members_max, "a struct with more members is put together of smaller ones");
  if constexpr (count == 0) return std::tuple<>{};
  // clang-format off
  if constexpr (count == 1) { auto& [a] = value; return std::tie(a); }
  if constexpr (count == 2) { auto& [a, b] = value; return std::tie(a, b); }
  if constexpr (count == 3) { auto& [a, b, c] = value; return std::tie(a, b, c); }
  if constexpr (count == 4) { auto& [a, b, c, d] = value; return std::tie(a, b, c, d); }
  if constexpr (count == 5) { auto& [a, b, c, d, e] = value; return std::tie(a, b, c, d, e); }
  if constexpr (count == 6) { auto& [a, b, c, d, e, f] = value; return std::tie(a, b, c, d, e, f); }
  if constexpr (count == 7) { auto& [a, b, c, d, e, f, g] = value; return std::tie(a, b, c, d, e, f, g); }
  if constexpr (count == 8) { auto& [a, b, c, d, e, f, g, h] = value; return std::tie(a, b, c, d, e, f, g, h); }
  if constexpr (count == 9) { auto& [a, b, c, d, e, f, g, h, i] = value; return std::tie(a, b, c, d, e, f, g, h, i); }
  if constexpr (count == 10) { auto& [a, b, c, d, e, f, g, h, i, j] = value; return std::tie(a, b, c, d, e, f, g, h, i, j); }
  if constexpr (count == 11) { auto& [a, b, c, d, e, f, g, h, i, j, k] = value; return std::tie(a, b, c, d, e, f, g, h, i, j, k); }
  if constexpr (count == 12) { auto& [a, b, c, d, e, f, g, h, i, j, k, l] = value; return std::tie(a, b, c, d, e, f, g, h, i, j, k, l); }
  if constexpr (count == 13) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = value; return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m); }
  if constexpr (count == 14) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = value; return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n); }
  if constexpr (count == 15) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o] = value; return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o); }
  if constexpr (count == 16) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = value; return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p); }
  // clang-format on
}

}  // namespace weir::stream
