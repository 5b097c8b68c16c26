#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "stream/source.hpp"

// A snapshot as a file: "weirsnp1", number, fingerprint and length (8 bytes each), checksums of the state and of what
// is before it (4 each), the state.
namespace weir::stream {

/// The state behind a batch.
struct snapshot {
  std::uint64_t number = 0;       // of the batch
  std::uint64_t fingerprint = 0;  // of the program that can read the state
  std::string state;

  bool operator==(const snapshot&) const = default;
};

/// The name of the file of a snapshot.
std::string snapshot_name(std::uint64_t number);
/// The numbers of the snapshots in a folder, in order.
std::expected<std::vector<std::uint64_t>, io_error> snapshots_in(const std::string& folder);

/// Returns when the file is on disk under its name. Until then there is none of that name, or the one before.
std::expected<void, io_error> write_snapshot_file(const std::string& folder, const snapshot& written);

/// The error says if it is damaged.
std::expected<snapshot, io_error> read_snapshot_file(const std::string& folder, std::uint64_t number);

}  // namespace weir::stream
