#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <functional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "stream/dstream/members.hpp"
#include "stream/dstream/rows.hpp"

namespace weir::stream {

namespace key_detail {

/// The finaliser of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
constexpr std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

template <class K>
concept tuple_like = requires { std::tuple_size<std::remove_cvref_t<K>>::value; };

template <class K>
concept std_hashable = requires(const K& key) {
  { std::hash<K>{}(key) } -> std::convertible_to<std::size_t>;
};

}  // namespace key_detail

/// The hash of a key: numbers, enums, texts (std::string and std::string_view alike), times, what std::hash knows,
/// pairs and tuples of such, and simple structs of such. The same in every process.
template <class K>
std::uint64_t key_hash(const K& key) {
  using key_detail::mixed;
  if constexpr (std::integral<K> || std::is_enum_v<K>) {
    return mixed(static_cast<std::uint64_t>(key) + 0x9e3779b97f4a7c15);
  } else if constexpr (std::convertible_to<const K&, std::string_view>) {
    return mixed(std::hash<std::string_view>{}(key));
  } else if constexpr (requires { key.time_since_epoch().count(); }) {
    return key_hash(key.time_since_epoch().count());
  } else if constexpr (requires { K::period::den; }) {
    return key_hash(key.count());
  } else if constexpr (key_detail::std_hashable<K>) {
    return mixed(std::hash<K>{}(key));
  } else {
    std::uint64_t sum = 0;
    const auto add = [&sum](const auto& part) { sum = mixed(sum + key_hash(part)); };
    if constexpr (key_detail::tuple_like<K>) {
      std::apply([&](const auto&... parts) { (add(parts), ...); }, key);
    } else {
      std::apply([&](const auto&... members) { (add(members), ...); }, members_of(key));
    }
    return sum;
  }
}

/// Whether a kept key equals another one that may still look at the batch's memory.
template <class A, class B>
bool same_key(const A& kept, const B& other) {
  if constexpr (key_detail::tuple_like<A> && !std::is_same_v<A, B>) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (same_key(std::get<I>(kept), std::get<I>(other)) && ...);
    }(std::make_index_sequence<std::tuple_size_v<A>>{});
  } else {
    return kept == other;
  }
}

/// A row of a key and a value.
template <class T>
concept pair_row = requires {
  typename T::first_type;
  typename T::second_type;
  requires std::same_as<T, std::pair<typename T::first_type, typename T::second_type>>;
};

}  // namespace weir::stream
