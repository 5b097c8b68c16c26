#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "stream/dstream/operators/event_pipe.hpp"

namespace weir::stream {

/// The rows that are late, or those that are not. With several threads the parts of a batch are read twice side by
/// side, for a part's rows are judged by those of the parts before it too.
template <class Pipe, class T, bool Late>
class judged_rows_node final : public node<T> {
 public:
  judged_rows_node(Pipe pipe, std::string name)
      : node<T>(pipe.from().room(), std::move(name), {&pipe.from()}, pipe.from().slide()),
        pipe_(std::move(pipe)),
        clock_(pipe_.lateness) {}

  void run(const batch_info& now) override {
    const std::size_t parts = pipe_.parts();
    owned_.resize(std::max(owned_.size(), parts));
    late_.assign(parts, 0);
    if (this->room().workers.threads() == 1) {
      for (std::size_t part = 0; part < parts; ++part) read(part, clock_.rows);
    } else {
      find_clocks(parts);
      this->room().workers.run(parts, [this](std::size_t part) { read(part, clocks_[part]); });
    }
    for (std::size_t part = 0; part < parts; ++part) clock_.late_rows += late_[part];
    clock_.advance(pipe_, now);
    this->rows_.clear();
    for (std::size_t part = 0; part < parts; ++part) this->rows_.add(owned_[part]);
  }

  void save(encoder& out) const override { clock_.save(out); }
  void load(decoder& in) override { clock_.load(in); }
  state_size state() const override { return {.late_rows = clock_.late_rows}; }
  std::optional<timestamp> watermark() const override { return clock_.shown(); }
  std::optional<timestamp> rows_watermark() const override { return clock_.rows_watermark(); }

 private:
  void read(std::size_t part, source_clock& clock) {
    auto& out = owned_[part];
    out.clear();
    pipe_.run_part(part, clock, [&](timestamp at, timestamp watermark, auto&& value) {
      const bool late = at < watermark;
      if (late) ++late_[part];
      if (late == Late) out.push_back(static_cast<T>(std::forward<decltype(value)>(value)));
    });
  }

  /// The clocks with which the parts begin.
  void find_clocks(std::size_t parts) {
    clocks_.assign(parts, clock_.rows);
    this->room().workers.run(parts, [this](std::size_t part) {
      pipe_.run_part(part, clocks_[part], [](timestamp, timestamp, const auto&) {});
    });
    for (auto& clock : clocks_) {
      const timestamp greatest = clock.greatest();
      clock = clock_.rows;
      clock_.rows.see(greatest);
    }
  }

  Pipe pipe_;
  event_clock clock_;
  std::vector<source_clock> clocks_;  // by part
  std::vector<row_vector<T>> owned_;  // by part
  std::vector<std::uint64_t> late_;   // by part
};

}  // namespace weir::stream
