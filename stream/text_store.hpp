#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <string_view>

namespace weir::stream {

/// Texts by dense id. What is put here stays in its place until it is dropped: one thread puts and drops, and others
/// may read the texts whose ids were handed to them since.
class text_store {
 public:
  text_store() = default;
  text_store(text_store&& other) noexcept = default;
  text_store& operator=(text_store&& other) noexcept = default;

  /// The text of an id that has one.
  std::string_view operator[](std::uint32_t id) const {
    const entry& held = at(id);
    return {held.far ? held.far.get() : held.near.data(), held.size};
  }

  /// Ids without a text only; new ones from zero on, without a gap.
  void put(std::uint32_t id, std::string_view text);
  void drop(std::uint32_t id) { at(id) = {}; }

 private:
  struct entry {
    static constexpr std::size_t near_bytes = 20;

    std::unique_ptr<char[]> far;  // of a text that is too long to stand here
    std::uint32_t size = 0;
    std::array<char, near_bytes> near{};
  };

  // Chunk 0 holds the first ids; each one after it as many as all before it together. So none ever moves.
  static constexpr unsigned first_bits = 10;
  static constexpr std::size_t chunks_max = 33 - first_bits;
  struct position {
    std::size_t chunk;
    std::size_t place;
  };
  static position split(std::uint32_t id) {
    const auto chunk = static_cast<std::size_t>(std::bit_width(id >> first_bits));
    const std::size_t first = chunk == 0 ? 0 : std::size_t{1} << (first_bits + chunk - 1);
    return {chunk, id - first};
  }
  static std::size_t size_of(std::size_t chunk) {
    return std::size_t{1} << (chunk == 0 ? first_bits : first_bits + chunk - 1);
  }

  const entry& at(std::uint32_t id) const {
    const auto [chunk, place] = split(id);
    return chunks_[chunk][place];
  }
  entry& at(std::uint32_t id) {
    const auto [chunk, place] = split(id);
    return chunks_[chunk][place];
  }

  std::array<std::unique_ptr<entry[]>, chunks_max> chunks_;
};

}  // namespace weir::stream
