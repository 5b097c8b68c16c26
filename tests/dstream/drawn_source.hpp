#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stream/dstream/key.hpp"
#include "stream/dstream/source.hpp"

namespace weir::testing {

/// Rows by chance, but always the same, in pieces that are always the same: it can give again what it gave. A row is
/// (key, (its time in microseconds, a number)).
class drawn_source {
 public:
  using row = std::pair<std::string, std::pair<std::int64_t, int>>;

  drawn_source(std::uint64_t seed, std::size_t pieces) : seed_(seed), pieces_(pieces) {}

  std::expected<stream::polled<row>, stream::io_error> poll(std::size_t) {
    stream::polled<row> got;
    if (next_ < pieces_) {
      got.taken = piece(next_);
      got.range = std::to_string(next_++);
    }
    got.ended = next_ >= pieces_;
    return got;
  }
  std::expected<stream::received<row>, stream::io_error> replay(std::string_view range) {
    next_ = place(range) + 1;
    return piece(next_ - 1);
  }
  std::expected<void, stream::io_error> skip(std::string_view range) {
    next_ = place(range) + 1;
    return {};
  }

 private:
  static std::size_t place(std::string_view range) { return std::stoul(std::string(range)); }

  stream::received<row> piece(std::size_t number) const {
    stream::received<row> made;
    auto draw = [at = stream::key_hash(seed_ * 1'000 + number)](std::uint64_t below) mutable {
      return static_cast<int>(stream::key_hash(at++) % below);
    };
    made.rows.resize(static_cast<std::size_t>(draw(20)));
    for (auto& [key, value] : made.rows) {
      key = "k" + std::to_string(draw(9));
      value = {static_cast<std::int64_t>(number) * 100 + draw(150), draw(1'000)};
    }
    return made;
  }

  std::uint64_t seed_;
  std::size_t pieces_;
  std::size_t next_ = 0;
};

}  // namespace weir::testing
