#include "stream/text_store.hpp"

#include <algorithm>

namespace weir::stream {

void text_store::put(std::uint32_t id, std::string_view text) {
  const std::size_t chunk = split(id).chunk;
  if (!chunks_[chunk]) chunks_[chunk] = std::make_unique<entry[]>(size_of(chunk));
  entry& into = at(id);
  into.size = static_cast<std::uint32_t>(text.size());
  if (text.size() <= entry::near_bytes) {
    std::ranges::copy(text, into.near.begin());
    return;
  }
  into.far = std::make_unique_for_overwrite<char[]>(text.size());
  std::ranges::copy(text, into.far.get());
}

}  // namespace weir::stream
