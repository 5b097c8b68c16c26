#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace weir::app::lsp {

inline constexpr std::size_t message_bytes_max = std::size_t{64} << 20;

/// Cuts the bytes that come from an editor into messages. Each has lines of header, one of them `Content-Length: N`, a
/// blank line, and N bytes.
/// Source: Language Server Protocol 3.17, Base Protocol.
class message_reader {
 public:
  void feed(std::string_view bytes) { waiting_ += bytes; }

  /// The next message, or what is wrong with its header; nothing until more bytes come. Behind a wrong header it goes
  /// on at the next `Content-Length`.
  std::optional<std::expected<std::string, std::string>> next();

 private:
  bool find_header();
  std::unexpected<std::string> lose(std::size_t bytes, std::string why);

  std::string waiting_;
  bool lost_ = false;  // behind a wrong header
};

/// A message with its header.
std::string framed(std::string_view message);

}  // namespace weir::app::lsp
