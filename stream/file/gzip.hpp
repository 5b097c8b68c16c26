#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace weir::stream {

/// Unpacks gzip data as it comes, one member after another; zero bytes behind a member are passed over. One thread.
class gzip_reader {
 public:
  gzip_reader();
  ~gzip_reader();
  gzip_reader(gzip_reader&&) noexcept;
  gzip_reader& operator=(gzip_reader&&) noexcept;

  static bool begins_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

  struct progress {
    std::size_t taken = 0;  // of the packed bytes
    std::size_t given = 0;  // unpacked bytes
  };
  /// Unpacks from `packed` into `into` until one of the two is used up, or says what is wrong with the data. Without
  /// further packed bytes it gives what earlier ones still hold.
  std::expected<progress, std::string> unpack(std::string_view packed, std::span<char> into);

  /// True where the data may end: behind a member.
  bool complete() const { return place_ != place::in_member; }

 private:
  enum class place : std::uint8_t { in_member, behind_member, in_padding };
  struct inflater;

  std::expected<std::size_t, std::string> take_between(std::string_view packed);
  std::expected<progress, std::string> take_member(std::string_view packed, std::span<char> into);

  std::unique_ptr<inflater> inflater_;
  place place_ = place::in_member;
  bool holds_more_ = false;
};

}  // namespace weir::stream
