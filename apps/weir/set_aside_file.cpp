#include "apps/weir/set_aside_file.hpp"

#include <fmt/format.h>

#include "apps/weir/valid_utf8.hpp"
#include "rules/json_text.hpp"

namespace weir::app {

namespace {

void append_text(std::string& out, std::string_view text) { rules::append_json_text(out, valid_utf8(text)); }

std::string as_json(const stream::set_aside_record& record, const source_place& source) {
  std::string line = R"({"source":)";
  append_text(line, source.name);
  line += R"(,"file":)";
  append_text(line, source.path == "-" ? "standard input" : source.path);
  const auto kind = record.kind == stream::set_aside_kind::late ? "late" : "bad";
  line += fmt::format(R"(,"line":{},"byte":{},"kind":"{}","reason":)", record.line, record.byte, kind);
  append_text(line, record.reason);
  line += R"(,"record":)";
  append_text(line, record.record);
  line += '}';
  return line;
}

}  // namespace

set_aside_file::set_aside_file(std::string path, std::vector<source_place> sources)
    : path_(std::move(path)), sources_(std::move(sources)) {}

std::expected<void, stream::io_error> set_aside_file::write(std::span<const stream::set_aside_record> records) {
  if (records.empty()) return {};
  if (!out_) {
    auto opened = stream::line_writer::open(path_);
    if (!opened) return std::unexpected(opened.error());
    out_ = std::move(*opened);
  }
  for (const auto& record : records) {
    auto written = out_->write(as_json(record, sources_[static_cast<std::size_t>(record.source)]));
    if (!written) return written;
  }
  return {};
}

std::expected<void, stream::io_error> set_aside_file::flush() {
  if (!out_) return {};
  return out_->flush();
}

std::expected<void, stream::io_error> set_aside_file::close() {
  if (!out_) return {};
  return out_->close();
}

}  // namespace weir::app
