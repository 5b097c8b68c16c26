#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How numbered blocks lie one after another in a file of a log.
//
//   0        4        8                16       20       24
//   ┌────────┬────────┬────────────────┬────────┬────────┬─────────┐
//   │ length │ crc of │ number of the  │ place  │ crc of │ payload │
//   │        │ payload│ block          │in group│ 0 … 20 │         │
//   └────────┴────────┴────────────────┴────────┴────────┴─────────┘
//
// A group is what was written at once: nothing of it was acknowledged before all of it was written, and all groups
// before it were. That tells a tail that a crash tore from damage: if a whole block of a later group follows a bad one,
// then the bad one had been whole.
namespace weir::stream {

inline constexpr std::uint64_t block_header_bytes = 24;
inline constexpr std::uint64_t block_payload_bytes_max = 0xffff'ffff;

/// Which block it is: its number in the log, and how many came before it in its group.
struct block_place {
  std::uint64_t number = 0;
  std::uint32_t in_group = 0;
};

/// Adds a block at the end of `out`. The payload is not longer than it may be.
void append_block(std::string& out, block_place place, std::string_view payload);

/// The payload of the block of a number with which the bytes begin, if it is whole. More may follow.
std::optional<std::string_view> block_at(std::string_view bytes, std::uint64_t number);

/// What a file of blocks holds.
struct walked_blocks {
  std::vector<std::uint64_t> begins;  // offsets of the whole blocks, one after another
  std::uint64_t end = 0;              // behind the last of them
  bool damaged = false;               // what follows there had been whole once
};

/// Walks the blocks of a file, the first of which has a number.
walked_blocks walk_blocks(std::string_view bytes, std::uint64_t first);

}  // namespace weir::stream
