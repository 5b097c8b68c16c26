#pragma once

#include <utility>
#include <vector>

#include "stream/dstream/steps.hpp"

namespace weir::stream {

/// Runs the steps and keeps their rows for the batch, part by part side by side.
template <class Pipe, class T>
class collect_node final : public node<T> {
 public:
  collect_node(Pipe pipe, std::string name)
      : node<T>(pipe.from->room(), std::move(name), {pipe.from}, pipe.from->slide()), pipe_(std::move(pipe)) {}

  void run(const batch_info&) override {
    owned_.resize(std::max(owned_.size(), pipe_.parts()));
    this->room().workers.run(pipe_.parts(), [this](std::size_t part) {
      owned_[part].clear();
      pipe_.run_part(part,
                     [&](auto&& row) { owned_[part].push_back(static_cast<T>(std::forward<decltype(row)>(row))); });
    });
    this->rows_.clear();
    for (std::size_t part = 0; part < pipe_.parts(); ++part) this->rows_.add(owned_[part]);
  }

 private:
  Pipe pipe_;
  std::vector<row_vector<T>> owned_;
};

}  // namespace weir::stream
