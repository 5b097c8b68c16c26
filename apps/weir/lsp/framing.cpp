#include "apps/weir/lsp/framing.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace weir::app::lsp {

namespace {

constexpr std::string_view length_header = "content-length:";
constexpr std::size_t header_bytes_max = 8192;

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::size_t find_length(std::string_view text) {
  const auto same = [](char a, char b) { return lower(a) == b; };
  const auto found = std::ranges::search(text, length_header, same);
  return found.empty() ? std::string_view::npos : static_cast<std::size_t>(found.begin() - text.begin());
}

struct header_end {
  std::size_t lines = 0;  // bytes up to the blank line
  std::size_t all = 0;    // and with it
};

/// Lines end with "\r\n"; "\n" alone is taken, too.
std::optional<header_end> end_of_header(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    const auto rest = text.substr(at + 1);
    if (rest.starts_with("\r\n")) return header_end{at + 1, at + 3};
    if (rest.starts_with('\n')) return header_end{at + 1, at + 2};
  }
  return std::nullopt;
}

std::optional<std::size_t> length_in(std::string_view header) {
  const auto at = find_length(header);
  if (at == std::string_view::npos) return std::nullopt;
  auto written = header.substr(at + length_header.size());
  written = written.substr(0, written.find('\n'));
  while (written.ends_with('\r') || written.ends_with(' ')) written.remove_suffix(1);
  while (written.starts_with(' ')) written.remove_prefix(1);
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), length);
  const bool whole = error == std::errc() && end == written.data() + written.size();
  return whole ? std::optional(length) : std::nullopt;
}

}  // namespace

std::optional<std::expected<std::string, std::string>> message_reader::next() {
  if (lost_ && !find_header()) return std::nullopt;
  const auto end = end_of_header(waiting_);
  if (!end) {
    if (waiting_.size() <= header_bytes_max) return std::nullopt;
    return lose(header_bytes_max, "a message's header does not end");
  }
  const auto length = length_in(std::string_view(waiting_).substr(0, end->lines));
  if (!length) return lose(end->all, "a message's header says no Content-Length");
  if (*length > message_bytes_max) return lose(end->all, fmt::format("a message of {} bytes is too long", *length));
  if (waiting_.size() < end->all + *length) return std::nullopt;
  auto message = waiting_.substr(end->all, *length);
  waiting_.erase(0, end->all + *length);
  return message;
}

/// Drops what stands before the next header.
bool message_reader::find_header() {
  const auto at = find_length(waiting_);
  const bool found = at != std::string_view::npos;
  // The beginning of one may be the last that has come.
  waiting_.erase(0, found ? at : waiting_.size() - std::min(waiting_.size(), length_header.size() - 1));
  lost_ = !found;
  return found;
}

std::unexpected<std::string> message_reader::lose(std::size_t bytes, std::string why) {
  waiting_.erase(0, bytes);
  lost_ = true;
  return std::unexpected(std::move(why));
}

std::string framed(std::string_view message) {
  return fmt::format("Content-Length: {}\r\n\r\n{}", message.size(), message);
}

}  // namespace weir::app::lsp
