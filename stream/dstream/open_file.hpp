#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stream/source.hpp"

// Files that are to be there after a crash. Every error names the file or folder: "batches/7.log: Input/output error".
namespace weir::stream {

/// An open file; closed with its owner. One thread.
class open_file {
 public:
  /// To read, or to read and write; the latter makes the file where there is none.
  static std::expected<open_file, io_error> to_read(std::string path);
  static std::expected<open_file, io_error> to_write(std::string path);

  ~open_file();
  open_file(open_file&& other) noexcept;
  open_file& operator=(open_file&& other) noexcept;

  const std::string& path() const { return path_; }

  std::expected<std::uint64_t, io_error> size() const;
  /// The bytes from there on: fewer only where the file ends.
  std::expected<std::string, io_error> read(std::uint64_t from, std::uint64_t bytes) const;
  std::expected<void, io_error> write(std::uint64_t at, std::string_view bytes);
  std::expected<void, io_error> truncate(std::uint64_t bytes);
  /// Returns when all that was written is on disk.
  std::expected<void, io_error> sync();

 private:
  open_file(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  friend std::expected<open_file, io_error> lock_folder(const std::string& path);
  static std::expected<open_file, io_error> open(std::string path, int flags);
  std::unexpected<io_error> failed() const;

  std::string path_;
  int descriptor_ = -1;
};

/// Makes a folder, and those it stands in.
std::expected<void, io_error> make_folder(const std::string& path);
/// Makes a folder and takes it for as long as what it gives is open. An error that ends in "in use by another process"
/// if somebody has it.
std::expected<open_file, io_error> lock_folder(const std::string& path);
/// Returns when what was made, renamed or removed in the folder is on disk.
std::expected<void, io_error> sync_folder(const std::string& path);
/// The names in a folder, sorted.
std::expected<std::vector<std::string>, io_error> names_in(const std::string& folder);
std::expected<void, io_error> rename_file(const std::string& from, const std::string& to);
std::expected<void, io_error> remove_file(const std::string& path);

/// Names of files that begin with a number sort as the numbers do: "00000000000000000042.log".
std::string numbered_name(std::string_view before, std::uint64_t number, std::string_view after);
/// The number in such a name; nothing if it is another.
std::optional<std::uint64_t> number_in(std::string_view name, std::string_view before, std::string_view after);

}  // namespace weir::stream
