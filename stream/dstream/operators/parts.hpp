#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "stream/dstream/operators/window.hpp"
#include "stream/dstream/steps.hpp"

namespace weir::stream {

// Operators that see a batch or its parts as a whole. Their input's rows stand in memory.

/// f(rows of a part) gives a range of rows; the parts are worked on side by side.
template <class In, class T, class F>
class map_partitions_node final : public node<T> {
 public:
  map_partitions_node(node<In>& input, F f)
      : node<T>(input.room(), "map_partitions", {&input}, input.slide()), input_(&input), f_(std::move(f)) {}

  void run(const batch_info&) override {
    const auto& rows = input_->rows();
    owned_.resize(std::max(owned_.size(), rows.parts()));
    this->room().workers.run(rows.parts(), [&](std::size_t part) {
      owned_[part].clear();
      for (auto&& row : f_(rows[part])) owned_[part].push_back(static_cast<T>(std::forward<decltype(row)>(row)));
    });
    this->rows_.clear();
    for (std::size_t part = 0; part < rows.parts(); ++part) this->rows_.add(owned_[part]);
  }

 private:
  node<In>* input_;
  F f_;
  std::vector<row_vector<T>> owned_;  // by part
};

/// The same rows in other parts.
template <class T>
class repartition_node final : public node<T> {
 public:
  repartition_node(node<T>& input, std::size_t parts)
      : node<T>(input.room(), "repartition", {&input}, input.slide()), input_(&input), parts_(parts) {}

  void run(const batch_info&) override {
    all_.clear();
    for (const auto part : input_->rows()) all_.insert(all_.end(), part.begin(), part.end());
    this->rows_.clear();
    this->rows_.add_evenly(all_, parts_);
  }

 private:
  node<T>* input_;
  std::size_t parts_;
  row_vector<T> all_;
};

/// The rows of one stream, then those of the next …
template <class T>
class union_node final : public node<T> {
 public:
  explicit union_node(std::vector<node<T>*> inputs)
      : node<T>(inputs.front()->room(), "union", {inputs.begin(), inputs.end()}, inputs.front()->slide()),
        inputs_(std::move(inputs)) {}

  void run(const batch_info&) override {
    this->rows_.clear();
    for (const auto* input : inputs_) {
      for (const auto part : input->rows()) this->rows_.add(part);
    }
  }

 private:
  std::vector<node<T>*> inputs_;
};

/// The rows of a batch for a function that takes them as a whole: a range of const T&, in order.
template <class T>
class batch_rows {
 public:
  class iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using reference = const T&;
    using pointer = const T*;
    using iterator_category = std::forward_iterator_tag;

    iterator() = default;
    iterator(const row_parts<T>* parts, std::size_t part) : parts_(parts), part_(part) { to_a_row(); }

    const T& operator*() const { return (*parts_)[part_][at_]; }
    const T* operator->() const { return &**this; }
    iterator& operator++() {
      ++at_;
      to_a_row();
      return *this;
    }
    iterator operator++(int) {
      auto before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const iterator&, const iterator&) = default;

   private:
    void to_a_row() {
      while (part_ < parts_->parts() && at_ == (*parts_)[part_].size()) {
        ++part_;
        at_ = 0;
      }
    }

    const row_parts<T>* parts_ = nullptr;
    std::size_t part_ = 0;
    std::size_t at_ = 0;
  };

  batch_rows(const row_parts<T>& parts, const batch_info& batch) : parts_(&parts), batch_(&batch) {}

  const batch_info& batch() const { return *batch_; }
  std::size_t size() const { return parts_->size(); }
  bool empty() const { return begin() == end(); }
  iterator begin() const { return {parts_, 0}; }
  iterator end() const { return {parts_, parts_->parts()}; }
  /// What may be worked on side by side.
  const row_parts<T>& parts() const { return *parts_; }

 private:
  const row_parts<T>* parts_;
  const batch_info* batch_;
};

/// f(batch of the first, batch of the second …) gives a range of rows.
template <class T, class F, class... In>
class transform_node final : public node<T> {
 public:
  transform_node(F f, node<In>&... inputs)
      : node<T>(std::get<0>(std::tie(inputs...)).room(), "transform", {&inputs...},
                std::get<0>(std::tie(inputs...)).slide()),
        f_(std::move(f)),
        inputs_(&inputs...) {}

  void run(const batch_info& now) override {
    given_.clear();
    std::apply([&](auto*... inputs) { take(f_(batch_rows<In>(inputs->rows(), now)...)); }, inputs_);
    this->rows_.clear();
    this->rows_.add_evenly(given_, this->room().parts);
  }

 private:
  template <class Rows>
  void take(Rows&& rows) {
    for (auto&& row : rows) given_.push_back(static_cast<T>(std::forward<decltype(row)>(row)));
  }

  F f_;
  std::tuple<node<In>*...> inputs_;
  row_vector<T> given_;
};

/// An output said what failed: the program ends with these words.
struct output_failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// f(rows), which gives nothing or an expected value; its error is thrown as an output_failure.
template <class F, class Rows>
void put_out(F& f, const Rows& rows) {
  if constexpr (std::is_void_v<decltype(f(rows))>) {
    f(rows);
  } else if (const auto done = f(rows); !done) {
    throw output_failure(done.error().message);
  }
}

/// Ends a program: f(batch) is called once a batch.
template <class T, class F>
class output_node final : public node_base {
 public:
  output_node(node<T>& input, std::string name, F f)
      : node_base(input.room(), std::move(name), {&input}, input.slide()), input_(&input), f_(std::move(f)) {}

  void run(const batch_info& now) override {
    if (now.replayed) return;
    put_out(f_, batch_rows<T>(input_->rows(), now));
  }
  bool is_output() const override { return true; }

 private:
  node<T>* input_;
  F f_;
};

}  // namespace weir::stream
