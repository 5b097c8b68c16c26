#include "stream/file/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace weir::stream {

namespace {

constexpr int gzip_only = 16;  // added to the window bits: see zlib.h, inflateInit2

uInt step_of(std::size_t bytes) {
  return static_cast<uInt>(std::min<std::size_t>(bytes, std::numeric_limits<uInt>::max()));
}

}  // namespace

struct gzip_reader::inflater {
  z_stream stream{};

  inflater() {
    if (inflateInit2(&stream, MAX_WBITS + gzip_only) != Z_OK) throw std::bad_alloc();
  }
  ~inflater() { inflateEnd(&stream); }
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;
};

gzip_reader::gzip_reader() : inflater_(std::make_unique<inflater>()) {}
gzip_reader::~gzip_reader() = default;
gzip_reader::gzip_reader(gzip_reader&&) noexcept = default;
gzip_reader& gzip_reader::operator=(gzip_reader&&) noexcept = default;

std::expected<gzip_reader::progress, std::string> gzip_reader::unpack(std::string_view packed, std::span<char> into) {
  progress done;
  while ((done.taken < packed.size() || holds_more_) && done.given < into.size()) {
    const std::string_view left = packed.substr(done.taken);
    if (place_ == place::in_member) {
      const auto step = take_member(left, into.subspan(done.given));
      if (!step) return std::unexpected(step.error());
      done.taken += step->taken;
      done.given += step->given;
    } else {
      const auto taken = take_between(left);
      if (!taken) return std::unexpected(taken.error());
      done.taken += *taken;
    }
  }
  return done;
}

/// Behind a member another one may begin, or zeros may fill up a block of a tape.
std::expected<std::size_t, std::string> gzip_reader::take_between(std::string_view packed) {
  if (place_ == place::behind_member && packed.front() == '\x1f') {
    inflateReset(&inflater_->stream);
    place_ = place::in_member;
    return 0;
  }
  place_ = place::in_padding;
  if (packed.front() != '\0') return std::unexpected("something follows the end of the gzip data");
  return std::min(packed.find_first_not_of('\0'), packed.size());
}

std::expected<gzip_reader::progress, std::string> gzip_reader::take_member(std::string_view packed,
                                                                           std::span<char> into) {
  z_stream& stream = inflater_->stream;
  const uInt packed_step = step_of(packed.size());
  const uInt into_step = step_of(into.size());
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // zlib does not write there
  stream.avail_in = packed_step;
  stream.next_out = reinterpret_cast<Bytef*>(into.data());
  stream.avail_out = into_step;
  const int result = inflate(&stream, Z_NO_FLUSH);
  if (result == Z_STREAM_END) place_ = place::behind_member;
  holds_more_ = result == Z_OK && stream.avail_out == 0;
  if (result == Z_MEM_ERROR) return std::unexpected("not enough memory to unpack the gzip data");
  if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
    const std::string why = stream.msg == nullptr ? "" : std::string{" ("} + stream.msg + ")";
    return std::unexpected("the gzip data is damaged" + why);
  }
  return progress{packed_step - stream.avail_in, into_step - stream.avail_out};
}

}  // namespace weir::stream
