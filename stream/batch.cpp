#include "stream/batch.hpp"

#include <algorithm>
#include <tuple>

namespace weir::stream {

batch::batch(const schema& types) {
  tables_.reserve(types.events().size());
  for (const event_type& type : types.events()) tables_.emplace_back(type);
}

void batch::order_all() {
  order_.clear();
  for (std::size_t type = 0; type < tables_.size(); ++type) {
    for (std::size_t row = 0; row < tables_[type].size(); ++row) {
      order_.push_back({static_cast<event_type_id>(type), static_cast<std::uint32_t>(row)});
    }
  }
  std::ranges::stable_sort(order_, {}, [this](row_ref r) { return std::tuple{at(r), from(r)}; });
}

std::size_t batch::bytes() const {
  std::size_t sum = order_.capacity() * sizeof(row_ref);
  for (const table& rows : tables_) sum += rows.bytes();
  return sum;
}

std::vector<table_size> batch::measure() const {
  std::vector<table_size> found;
  for (const table& rows : tables_) found.push_back(rows.measure());
  return found;
}

void batch::reserve(std::span<const table_size> likely, double part) {
  std::size_t rows = 0;
  for (std::size_t i = 0; i < likely.size(); ++i) {
    tables_[i].reserve(likely[i], part);
    rows += likely[i].rows;
  }
  order_.reserve(static_cast<std::size_t>(part * static_cast<double>(rows)));
}

}  // namespace weir::stream
