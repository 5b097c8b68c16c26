#include "tests/support/sha256.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace weir::testing {
namespace {

using word = std::uint32_t;
using state = std::array<word, 8>;

constexpr bool is_prime(unsigned n) {
  for (unsigned d = 2; d * d <= n; ++d) {
    if (n % d == 0) return false;
  }
  return true;
}

// The first 32 bits of the fractional part of p^(1/root). The standard takes its constants from the first primes.
word fraction_of_root(unsigned p, int root) {
  const long double r = root == 2 ? std::sqrt(static_cast<long double>(p)) : std::cbrt(static_cast<long double>(p));
  return static_cast<word>((r - std::floor(r)) * 4294967296.0L);
}

template <std::size_t N>
std::array<word, N> fractions_of_roots(int root) {
  std::array<word, N> constants{};
  std::size_t i = 0;
  for (unsigned n = 2; i < N; ++n) {
    if (is_prime(n)) constants[i++] = fraction_of_root(n, root);
  }
  return constants;
}

std::array<word, 64> schedule(std::string_view block) {
  std::array<word, 64> w{};
  for (std::size_t i = 0; i < 64; ++i) w[i / 4] = w[i / 4] << 8 | static_cast<unsigned char>(block[i]);
  for (std::size_t t = 16; t < 64; ++t) {
    const word s0 = std::rotr(w[t - 15], 7) ^ std::rotr(w[t - 15], 18) ^ w[t - 15] >> 3;
    const word s1 = std::rotr(w[t - 2], 17) ^ std::rotr(w[t - 2], 19) ^ w[t - 2] >> 10;
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
  return w;
}

void compress(state& hash, std::string_view block) {
  static const std::array<word, 64> k = fractions_of_roots<64>(3);
  const std::array<word, 64> w = schedule(block);
  auto [a, b, c, d, e, f, g, h] = hash;
  for (std::size_t t = 0; t < 64; ++t) {
    const word sum1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const word sum0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const word t1 = h + sum1 + ((e & f) ^ (~e & g)) + k[t] + w[t];
    const word t2 = sum0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
  }
  const state round{a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < hash.size(); ++i) hash[i] += round[i];
}

// A one bit, zeros, and the length in bits as the last eight bytes of a block of 64.
std::string padded(std::string_view bytes) {
  std::string text(bytes);
  text += '\x80';
  text.append((120 - text.size() % 64) % 64, '\0');
  const std::uint64_t bits = bytes.size() * 8;
  for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(bits >> shift & 0xff);
  return text;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  state hash = fractions_of_roots<8>(2);
  const std::string text = padded(bytes);
  for (std::size_t i = 0; i < text.size(); i += 64) compress(hash, std::string_view(text).substr(i, 64));
  std::string hex;
  for (const word w : hash) {
    for (int shift = 28; shift >= 0; shift -= 4) hex += "0123456789abcdef"[w >> shift & 15];
  }
  return hex;
}

}  // namespace weir::testing
