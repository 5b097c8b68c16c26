#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "cep/subject_share.hpp"
#include "stream/dictionary.hpp"

namespace weir::cep {

/// From a subject of a share to the place of its state. Subjects are dense ids, so this is an array, in pages that
/// exist only where some subject has had a state: a look-up costs two loads and no hash.
class subject_index {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  explicit subject_index(subject_share share = {}) : share_(share) {}

  std::uint32_t find(stream::symbol subject) const {
    const auto [page, place] = split(subject);
    return page < pages_.size() && pages_[page] ? (*pages_[page])[place] : none;
  }

  /// The entry of a subject, `none` if it has had no state; to be set.
  std::uint32_t& operator[](stream::symbol subject) {
    const auto [page, place] = split(subject);
    if (page >= pages_.size()) pages_.resize(page + 1);
    if (!pages_[page]) {
      pages_[page] = std::make_unique<entries>();
      pages_[page]->fill(none);
    }
    return (*pages_[page])[place];
  }

 private:
  static constexpr std::size_t page_entries = 1024;
  using entries = std::array<std::uint32_t, page_entries>;

  struct position {
    std::size_t page;
    std::size_t place;
  };
  position split(stream::symbol subject) const {
    const std::size_t number = share_.number_of(subject);
    return {number / page_entries, number % page_entries};
  }

  subject_share share_;
  std::vector<std::unique_ptr<entries>> pages_;
};

}  // namespace weir::cep
