#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "stream/file/line_writer.hpp"
#include "stream/set_aside.hpp"

namespace weir::app {

/// A source as a set-aside record names it.
struct source_place {
  std::string name;
  std::string path;
};

/// The records that took no part, as lines of JSON: source, file, line, byte, kind, reason, record. The file is made
/// when there is the first one to write.
class set_aside_file {
 public:
  /// `sources` by source_id.
  set_aside_file(std::string path, std::vector<source_place> sources);

  std::expected<void, stream::io_error> write(std::span<const stream::set_aside_record> records);
  std::expected<void, stream::io_error> flush();
  std::expected<void, stream::io_error> close();

  const std::string& path() const { return path_; }
  std::uint64_t records() const { return out_ ? out_->lines() : 0; }

 private:
  std::string path_;
  std::vector<source_place> sources_;
  std::optional<stream::line_writer> out_;
};

}  // namespace weir::app
