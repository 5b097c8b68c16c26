#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stream/dstream/source.hpp"
#include "tests/stream/temporary_folder.hpp"

namespace weir::testing {

/// A folder into which files are moved whole.
class inbox {
 public:
  std::string path() const { return folder_.path("in"); }
  std::string path(const std::string& name) const { return path() + '/' + name; }

  inbox();
  /// Moves a file in, over one of that name if there is one, as if it had been written so many seconds after 1970.
  void put(const std::string& name, std::string_view text, int written_seconds = 1) const;
  void remove(const std::string& name) const;

 private:
  temporary_folder folder_;
};

/// Rows as texts of their own.
inline std::vector<std::string> texts_of(const stream::received<std::string_view>& rows) {
  return {rows.rows.begin(), rows.rows.end()};
}

/// What a poll or a replay gave, or the error's text alone.
inline std::vector<std::string> texts_of(
    const std::expected<stream::polled<std::string_view>, stream::io_error>& polled) {
  return polled ? texts_of(polled->taken) : std::vector<std::string>{polled.error().message};
}
inline std::vector<std::string> texts_of(
    const std::expected<stream::received<std::string_view>, stream::io_error>& rows) {
  return rows ? texts_of(*rows) : std::vector<std::string>{rows.error().message};
}

/// "", or the error's text.
inline std::string error_of(const std::expected<void, stream::io_error>& done) {
  return done ? "" : done.error().message;
}

}  // namespace weir::testing
