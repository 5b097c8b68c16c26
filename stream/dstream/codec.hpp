#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "stream/dstream/coder.hpp"
#include "stream/dstream/members.hpp"

// How values are written as bytes, for state and logs that are read by a later run of the same program. The bytes do
// not name types or fields: what is read must be what was written. Equal values give equal bytes, whatever the order
// in which a hash table holds them. Every value takes a byte at least, so that a count can be held against what is
// left.
//
//   bool, optional's "is there"    a byte, 0 or 1          text                 length, bytes
//   integers of one byte           that byte               list, set, map       count, elements
//   other unsigned integers        7 bits a byte, low      list of numbers      count, the numbers as in memory
//                                  first (varint)          variant              number of the alternative, value
//   other signed integers          the same, as zigzag     pair, tuple, struct,  one after another
//   float, double                  as in memory            array
namespace weir::stream {

/// How a T is written and read:
///   static void write(encoder& to, const T& value);
///   static void read(decoder& from, T& into);   // into a fresh T; fails the decoder where the bytes are no T
/// Specialise it for a type that is not covered below. It is to write a byte at least.
template <class T>
struct codec;

/// What can be written.
template <class T>
concept encodable = requires(encoder& to, const T& value) { codec<T>::write(to, value); };

/// What can be written and read again.
template <class T>
concept storable =
    encodable<T> && std::default_initializable<T> && requires(decoder& from, T& into) { codec<T>::read(from, into); };

template <encodable T>
void encode(encoder& to, const T& value) {
  codec<T>::write(to, value);
}

/// Reads into a fresh T; `from` tells whether it failed.
template <storable T>
void decode(decoder& from, T& into) {
  codec<T>::read(from, into);
}

/// The next value, or nothing where the decoder failed.
template <storable T>
std::optional<T> decode(decoder& from) {
  T value{};
  codec<T>::read(from, value);
  if (from.failed()) return {};
  return value;
}

template <encodable T>
std::string encoded(const T& value) {
  std::string out;
  encoder to(out);
  codec<T>::write(to, value);
  return out;
}

/// The value that all of the bytes are, or nothing.
template <storable T>
std::optional<T> decoded(std::string_view bytes) {
  decoder from(bytes);
  T value{};
  codec<T>::read(from, value);
  if (from.failed() || from.left() > 0) return {};
  return value;
}

// ---- numbers, truth values, enums

template <class T>
concept stored_integer = std::integral<T> && !std::same_as<T, bool> && sizeof(T) <= sizeof(std::uint64_t);

/// What a list holds as it is in memory: any bytes are such a number.
template <class T>
concept stored_in_place = stored_integer<T> || std::same_as<T, float> || std::same_as<T, double>;

template <>
struct codec<bool> {
  static void write(encoder& to, bool value) { to.byte(value ? 1 : 0); }
  static void read(decoder& from, bool& into) {
    const std::uint8_t byte = from.byte();
    if (byte > 1) from.fail();
    into = byte == 1;
  }
};

template <stored_integer T>
struct codec<T> {
  static void write(encoder& to, T value) {
    if constexpr (sizeof(T) == 1) {
      to.byte(static_cast<std::uint8_t>(value));
    } else if constexpr (std::is_signed_v<T>) {
      const auto wide = static_cast<std::int64_t>(value);
      to.varint((static_cast<std::uint64_t>(wide) << 1) ^ static_cast<std::uint64_t>(wide >> 63));
    } else {
      to.varint(value);
    }
  }

  static void read(decoder& from, T& into) {
    if constexpr (sizeof(T) == 1) {
      into = static_cast<T>(from.byte());
    } else {
      const std::uint64_t raw = from.varint();
      using wide = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
      const auto value = static_cast<wide>(std::is_signed_v<T> ? (raw >> 1) ^ (0 - (raw & 1)) : raw);
      into = static_cast<T>(value);
      if (static_cast<wide>(into) != value) from.fail();
    }
  }
};

template <std::floating_point T>
  requires stored_in_place<T>
struct codec<T> {
  static void write(encoder& to, T value) { to.fixed(value); }
  static void read(decoder& from, T& into) { into = from.fixed<T>(); }
};

/// Any value of the number beneath is taken, also one that has no name.
template <class T>
  requires std::is_enum_v<T>
struct codec<T> {
  using number = std::underlying_type_t<T>;
  static void write(encoder& to, T value) { encode(to, static_cast<number>(value)); }
  static void read(decoder& from, T& into) {
    number raw{};
    decode(from, raw);
    into = static_cast<T>(raw);
  }
};

// ---- times

template <class Number, class Period>
struct codec<std::chrono::duration<Number, Period>> {
  using type = std::chrono::duration<Number, Period>;
  static void write(encoder& to, type value) { encode(to, value.count()); }
  static void read(decoder& from, type& into) {
    Number count{};
    decode(from, count);
    into = type{count};
  }
};

template <class Clock, class Duration>
struct codec<std::chrono::time_point<Clock, Duration>> {
  using type = std::chrono::time_point<Clock, Duration>;
  static void write(encoder& to, type value) { encode(to, value.time_since_epoch()); }
  static void read(decoder& from, type& into) {
    Duration since{};
    decode(from, since);
    into = type{since};
  }
};

// ---- texts

/// Can be written only: read it as a std::string.
template <>
struct codec<std::string_view> {
  static void write(encoder& to, std::string_view value) {
    to.varint(value.size());
    to.bytes(value);
  }
};

template <>
struct codec<std::string> {
  static void write(encoder& to, const std::string& value) { encode(to, std::string_view{value}); }
  static void read(decoder& from, std::string& into) { into = from.bytes(from.count()); }
};

// ---- one after another

/// Nothing takes a byte, like everything.
template <>
struct codec<std::monostate> {
  static void write(encoder& to, std::monostate) { to.byte(0); }
  static void read(decoder& from, std::monostate&) {
    if (from.byte() != 0) from.fail();
  }
};

/// Writes and reads the parts of what has a fixed number of them.
template <class... Parts>
struct parts_codec {
  static void write(encoder& to, const Parts&... parts) {
    if constexpr (sizeof...(Parts) == 0) encode(to, std::monostate{});
    (encode(to, parts), ...);
  }
  static void read(decoder& from, Parts&... parts) {
    std::monostate nothing;
    if constexpr (sizeof...(Parts) == 0) decode(from, nothing);
    (decode(from, parts), ...);
  }
};

template <encodable A, encodable B>
struct codec<std::pair<A, B>> {
  static void write(encoder& to, const std::pair<A, B>& value) {
    parts_codec<A, B>::write(to, value.first, value.second);
  }
  static void read(decoder& from, std::pair<A, B>& into)
    requires storable<A> && storable<B>
  {
    parts_codec<A, B>::read(from, into.first, into.second);
  }
};

template <encodable... Parts>
struct codec<std::tuple<Parts...>> {
  static void write(encoder& to, const std::tuple<Parts...>& value) {
    std::apply([&](const Parts&... parts) { parts_codec<Parts...>::write(to, parts...); }, value);
  }
  static void read(decoder& from, std::tuple<Parts...>& into)
    requires(storable<Parts> && ...)
  {
    std::apply([&](Parts&... parts) { parts_codec<Parts...>::read(from, parts...); }, into);
  }
};

template <encodable T, std::size_t N>
struct codec<std::array<T, N>> {
  static void write(encoder& to, const std::array<T, N>& value) {
    if constexpr (N == 0) {
      encode(to, std::monostate{});
    } else if constexpr (stored_in_place<T>) {
      to.fixed(value);
    } else {
      for (const T& element : value) encode(to, element);
    }
  }
  static void read(decoder& from, std::array<T, N>& into)
    requires storable<T>
  {
    std::monostate nothing;
    if constexpr (N == 0) {
      decode(from, nothing);
    } else if constexpr (stored_in_place<T>) {
      into = from.fixed<std::array<T, N>>();
    } else {
      for (T& element : into) decode(from, element);
    }
  }
};

// ---- one of several

template <encodable T>
struct codec<std::optional<T>> {
  static void write(encoder& to, const std::optional<T>& value) {
    encode(to, value.has_value());
    if (value) encode(to, *value);
  }
  static void read(decoder& from, std::optional<T>& into)
    requires storable<T>
  {
    bool there = false;
    decode(from, there);
    if (there) decode(from, into.emplace());
  }
};

template <encodable... Choices>
struct codec<std::variant<Choices...>> {
  using type = std::variant<Choices...>;

  static void write(encoder& to, const type& value) {
    to.varint(value.index());
    std::visit([&](const auto& chosen) { encode(to, chosen); }, value);
  }
  static void read(decoder& from, type& into)
    requires(storable<Choices> && ...)
  {
    const std::uint64_t index = from.varint();
    if (index >= sizeof...(Choices)) return from.fail();
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((index == I && (decode(from, into.template emplace<I>()), true)) || ...);
    }(std::index_sequence_for<Choices...>{});
  }
};

// ---- any number of them

/// A list that grows at its end: vector (std's or Boost's), deque, list.
template <class C>
concept stored_list = requires(C c, typename C::value_type element) {
  c.push_back(std::move(element));
  c.resize(c.size());
  requires encodable<typename C::value_type>;
} && !std::convertible_to<C, std::string_view>;

/// A set or a map, ordered or hashed.
template <class C>
concept stored_set = requires(C c, typename C::value_type element) {
  typename C::key_type;
  c.insert(std::move(element));
  c.size();
  requires encodable<typename C::value_type>;
};

template <stored_list C>
struct codec<C> {
  using element = typename C::value_type;
  static constexpr bool in_place = stored_in_place<element> && requires(C c) { c.data(); };

  static void write(encoder& to, const C& value) {
    to.varint(value.size());
    if constexpr (in_place) {
      to.bytes({reinterpret_cast<const char*>(value.data()), value.size() * sizeof(element)});
    } else {
      for (const auto& one : value) encode(to, static_cast<const element&>(one));
    }
  }

  static void read(decoder& from, C& into)
    requires storable<element>
  {
    const std::size_t count = from.count();
    if constexpr (in_place) {
      const std::string_view raw = from.bytes(std::uint64_t{count} * sizeof(element));
      into.resize(raw.size() / sizeof(element));
      if (!raw.empty()) std::memcpy(into.data(), raw.data(), raw.size());
    } else {
      make_room(into, count);
      for (std::size_t i = 0; i < count && !from.failed(); ++i) {
        element one{};
        decode(from, one);
        into.push_back(std::move(one));
      }
    }
  }

 private:
  /// A count that is not true is found out before it has cost much memory.
  static void make_room(C& into, std::size_t count) {
    constexpr std::size_t trusted_bytes = 1 << 20;
    if constexpr (requires { into.reserve(count); }) into.reserve(std::min(count, 1 + trusted_bytes / sizeof(element)));
  }
};

/// What stands in a set of bytes in its place: a map's key is const there.
template <class Element>
struct unfrozen {
  using type = Element;
};
template <class Key, class Value>
struct unfrozen<std::pair<const Key, Value>> {
  using type = std::pair<Key, Value>;
};

template <class Key, class Value>
struct codec<std::pair<const Key, Value>> {
  static void write(encoder& to, const std::pair<const Key, Value>& value)
    requires encodable<Key> && encodable<Value>
  {
    parts_codec<Key, Value>::write(to, value.first, value.second);
  }
};

template <stored_set C>
struct codec<C> {
  using element = typename unfrozen<typename C::value_type>::type;

  static void write(encoder& to, const C& value) {
    to.varint(value.size());
    if constexpr (requires { typename C::hasher; }) {
      write_sorted(to, value);
    } else {
      for (const auto& one : value) encode(to, one);
    }
  }

  static void read(decoder& from, C& into)
    requires storable<element>
  {
    const std::size_t count = from.count();
    for (std::size_t i = 0; i < count && !from.failed(); ++i) {
      element one{};
      decode(from, one);
      into.insert(std::move(one));
    }
    if (into.size() != count) from.fail();
  }

 private:
  /// By their bytes, since keys need have no order.
  static void write_sorted(encoder& to, const C& value) {
    std::string all;
    std::vector<std::size_t> ends{0};
    encoder apart(all);
    for (const auto& one : value) {
      encode(apart, one);
      ends.push_back(all.size());
    }
    std::vector<std::string_view> elements;
    for (std::size_t i = 1; i < ends.size(); ++i) {
      elements.push_back(std::string_view{all}.substr(ends[i - 1], ends[i] - ends[i - 1]));
    }
    std::ranges::sort(elements);
    for (const std::string_view one : elements) to.bytes(one);
  }
};

// ---- structs

template <class Members>
inline constexpr bool all_encodable = false;
template <class... Members>
inline constexpr bool all_encodable<std::tuple<Members&...>> = (encodable<Members> && ...);

template <class Members>
inline constexpr bool all_storable = false;
template <class... Members>
inline constexpr bool all_storable<std::tuple<Members&...>> = (storable<Members> && ...);

/// Member by member: members.hpp says for which structs.
template <plain_struct T>
struct codec<T> {
  using members = decltype(members_of(std::declval<T&>()));

  static void write(encoder& to, const T& value)
    requires all_encodable<members>
  {
    std::apply([&]<class... M>(const M&... member) { parts_codec<M...>::write(to, member...); }, members_of(value));
  }
  static void read(decoder& from, T& into)
    requires all_storable<members>
  {
    std::apply([&]<class... M>(M&... member) { parts_codec<M...>::read(from, member...); }, members_of(into));
  }
};

}  // namespace weir::stream
