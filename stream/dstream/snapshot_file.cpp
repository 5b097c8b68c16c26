#include "stream/dstream/snapshot_file.hpp"

#include <string_view>
#include <utility>

#include "stream/dstream/coder.hpp"
#include "stream/dstream/crc32c.hpp"
#include "stream/dstream/open_file.hpp"

namespace weir::stream {

namespace {

constexpr std::string_view name_begin = "snapshot-";
constexpr std::string_view name_end = ".state";
constexpr std::string_view magic = "weirsnp1";
constexpr std::size_t checked_bytes = magic.size() + 3 * sizeof(std::uint64_t) + sizeof(std::uint32_t);
constexpr std::size_t header_bytes = checked_bytes + sizeof(std::uint32_t);

std::string header_of(const snapshot& written) {
  std::string header;
  encoder to(header);
  to.bytes(magic);
  to.fixed(written.number);
  to.fixed(written.fingerprint);
  to.fixed(std::uint64_t{written.state.size()});
  to.fixed(crc32c(written.state));
  to.fixed(crc32c(header));
  return header;
}

/// Takes a snapshot out of its file's bytes, if they are whole and of that number.
bool take(std::string& bytes, std::uint64_t number, snapshot& into) {
  decoder from(std::string_view{bytes}.substr(0, header_bytes));
  const bool known = from.bytes(magic.size()) == magic;
  into.number = from.fixed<std::uint64_t>();
  into.fingerprint = from.fixed<std::uint64_t>();
  const auto length = from.fixed<std::uint64_t>();
  const auto state_crc = from.fixed<std::uint32_t>();
  const auto header_crc = from.fixed<std::uint32_t>();
  if (from.failed() || !known || header_crc != crc32c(std::string_view{bytes}.substr(0, checked_bytes))) return false;
  if (into.number != number || length != bytes.size() - header_bytes) return false;
  bytes.erase(0, header_bytes);
  into.state = std::move(bytes);
  return crc32c(into.state) == state_crc;
}

std::expected<void, io_error> write_all(open_file& file, const snapshot& written) {
  const std::string header = header_of(written);
  if (auto cut = file.truncate(0); !cut) return cut;
  if (auto put = file.write(0, header); !put) return put;
  if (auto put = file.write(header.size(), written.state); !put) return put;
  return file.sync();
}

}  // namespace

std::string snapshot_name(std::uint64_t number) { return numbered_name(name_begin, number, name_end); }

std::expected<std::vector<std::uint64_t>, io_error> snapshots_in(const std::string& folder) {
  const auto names = names_in(folder);
  if (!names) return std::unexpected(names.error());
  std::vector<std::uint64_t> numbers;
  for (const std::string& name : *names) {
    if (const auto number = number_in(name, name_begin, name_end)) numbers.push_back(*number);
  }
  return numbers;
}

std::expected<void, io_error> write_snapshot_file(const std::string& folder, const snapshot& written) {
  const std::string unfinished = folder + "/snapshot.unfinished";
  auto file = open_file::to_write(unfinished);
  if (!file) return std::unexpected(file.error());
  if (auto put = write_all(*file, written); !put) return put;
  if (auto named = rename_file(unfinished, folder + "/" + snapshot_name(written.number)); !named) return named;
  return sync_folder(folder);
}

std::expected<snapshot, io_error> read_snapshot_file(const std::string& folder, std::uint64_t number) {
  const auto file = open_file::to_read(folder + "/" + snapshot_name(number));
  if (!file) return std::unexpected(file.error());
  const auto size = file->size();
  if (!size) return std::unexpected(size.error());
  auto bytes = file->read(0, *size);
  if (!bytes) return std::unexpected(bytes.error());
  snapshot read;
  if (!take(*bytes, number, read)) return std::unexpected(io_error{file->path() + ": is damaged"});
  return read;
}

}  // namespace weir::stream
