#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stream/dstream/batch_workers.hpp"
#include "stream/dstream/codec.hpp"
#include "stream/dstream/rows.hpp"
#include "stream/time.hpp"

namespace weir::stream {

/// The batch at hand.
struct batch_info {
  timestamp time{};          // a multiple of the interval: the batch has what came before it
  std::uint64_t number = 0;  // from 0, over restarts too
  bool last = false;         // every source has ended: event time ends with this batch
  bool replayed = false;     // after a restart: its results have left already
};

class node_base;

/// Where the nodes of a context live, and what they share.
struct node_room {
  batch_workers workers;
  std::size_t parts = 1;  // that sources' rows are cut into, whatever the number of threads
  duration interval{};
  std::vector<std::unique_ptr<node_base>> nodes{};  // in the order in which they were made: inputs first

  template <class Node, class... Arguments>
  Node& make(Arguments&&... arguments) {
    auto made = std::make_unique<Node>(std::forward<Arguments>(arguments)...);
    Node& node = *made;
    nodes.push_back(std::move(made));
    return node;
  }
};

/// The next value of a saved state; an empty one, and the decoder has failed, where there is none.
template <storable T>
T restored(decoder& in) {
  T value{};
  decode(in, value);
  return value;
}

/// What a node remembers from batch to batch.
struct state_size {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::uint64_t late_rows = 0;  // set aside since the start, as older than the watermark

  state_size& operator+=(const state_size& other) {
    rows += other.rows;
    bytes += other.bytes;
    late_rows += other.late_rows;
    return *this;
  }
};

/// One step of a program that cannot be fused into the next one. The context owns the nodes and runs them in the order
/// in which they were made, so inputs come first, on its own thread.
class node_base {
 public:
  /// `name` is the operator's; `slide` how often it has rows.
  node_base(node_room& room, std::string name, std::vector<node_base*> inputs, duration slide)
      : room_(room), name_(std::move(name)), inputs_(std::move(inputs)), slide_(slide) {}
  virtual ~node_base() = default;
  node_base(const node_base&) = delete;
  node_base& operator=(const node_base&) = delete;

  /// Works on the batch, when all inputs have rows for it.
  virtual void run(const batch_info& now) = 0;
  /// Whether `run` has left rows for this batch: a window has them only at multiples of its slide.
  virtual bool has_rows(const batch_info&) const { return true; }

  /// What must survive a restart. `save` refuses by `can_save` when the program's types have no codec.
  virtual bool can_save() const { return true; }
  virtual void save(encoder&) const {}
  virtual void load(decoder&) {}
  virtual state_size state() const { return {}; }
  /// Everything before it has been seen, for nodes that look at event time.
  virtual std::optional<timestamp> watermark() const { return std::nullopt; }
  /// The same by the rows alone: `watermark` is the end of time once all sources have ended, this is not.
  virtual std::optional<timestamp> rows_watermark() const { return watermark(); }
  /// True for what ends a program: only nodes that some output needs are run.
  virtual bool is_output() const { return false; }

  /// How many nodes read it in this program: the context counts them. Who alone reads rows may take them over.
  std::size_t readers() const { return readers_; }
  void add_reader() { ++readers_; }

  const std::string& name() const { return name_; }
  const std::vector<node_base*>& inputs() const { return inputs_; }
  duration slide() const { return slide_; }
  node_room& room() const { return room_; }

 private:
  node_room& room_;
  std::string name_;
  std::vector<node_base*> inputs_;
  duration slide_;
  std::size_t readers_ = 0;
};

/// A node that gives rows: those of the batch at hand, until the next one is run.
template <class T>
class node : public node_base {
 public:
  using row_type = T;
  using node_base::node_base;

  const row_parts<T>& rows() const { return rows_; }

 protected:
  row_parts<T> rows_;
};

}  // namespace weir::stream
