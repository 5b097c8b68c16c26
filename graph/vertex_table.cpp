#include "graph/vertex_table.hpp"

#include <memory>

namespace weir::graph {

void vertex_table::add_page(std::size_t page) {
  if (page >= pages_.size()) pages_.resize(page + 1, nullptr);
  auto* const records = reinterpret_cast<vertex_record*>(spans_->take());
  std::uninitialized_value_construct_n(records, per_page);
  pages_[page] = records;
}

}  // namespace weir::graph
