#include "cep/silences.hpp"

#include <algorithm>
#include <utility>

namespace weir::cep {

bool silences::hold_back(const std::string& key, stream::timestamp at, std::uint64_t& kept_before) {
  const std::lock_guard one_at_a_time(shared_);
  const auto [known, is_new] = silences_.try_emplace(key);
  silence& quiet = known->second;
  if (!is_new && at <= quiet.until) {
    ++quiet.kept_back;
    return true;
  }
  kept_before = std::exchange(quiet.kept_back, 0);
  quiet.until = stream::saturating_add(at, length_);
  return false;
}

void silences::pass(stream::timestamp watermark) {
  if (watermark < next_sweep_) return;
  next_sweep_ = stream::saturating_add(watermark, std::max<stream::duration>(length_, std::chrono::seconds{1}));
  erase_if(silences_, [&](const auto& entry) { return entry.second.until < watermark && entry.second.kept_back == 0; });
}

}  // namespace weir::cep
