#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stream/dstream/source.hpp"
#include "stream/dstream/text_rows.hpp"
#include "stream/tcp/framing.hpp"

namespace weir::stream::tcp {

/// What was read and is to be put into the store: records, and why others are none.
struct gathered_records {
  text_rows rows;
  std::vector<std::string> aside;

  /// False: the stream stops.
  bool put_into(receiver_store<std::string_view>& store) {
    for (const auto& reason : std::exchange(aside, {})) store.set_aside(reason);
    return rows.size() == 0 || store.put(rows.take());
  }
};

/// Cuts the bytes of one connection into records, however they arrive. Between two calls it holds the bytes of one
/// unfinished record at most. One thread.
template <class Framing>
class record_cutter {
 public:
  explicit record_cutter(std::size_t record_bytes_max) : bytes_max_(record_bytes_max) {}

  /// Adds the records that are whole with the fresh bytes. False: these cannot be followed any further, and the
  /// connection is of no more use.
  bool take(std::string_view fresh, gathered_records& into) {
    bool kept = false;
    while (!fresh.empty()) {
      if (skipping_) {
        pass_over(fresh);
        continue;
      }
      const next_record next = Framing::find(begun_, fresh, bytes_max_);
      if (next.found == next_record::kind::unfinished) {
        begun_.append(fresh);
        return true;
      }
      if (next.found == next_record::kind::too_long) {
        if (!leave_too_long(into)) return false;
        continue;
      }
      if (begun_.empty() && !std::exchange(kept, true)) fresh = into.rows.keep(std::string{fresh});
      add(fresh.substr(0, next.fresh_bytes), into);
      fresh.remove_prefix(next.fresh_bytes);
    }
    return true;
  }

  /// No more bytes will come: the sender has closed in order, or the connection broke.
  void finish(bool in_order, gathered_records& into) {
    if (begun_.empty()) return;
    if (in_order && Framing::whole_at_end) return add({}, into);
    into.aside.push_back(std::string{Framing::name} + " cut off by the end of its connection");
    begun_.clear();
  }

  std::string too_long_reason() const {
    return std::string{Framing::name} + " longer than " + std::to_string(bytes_max_) + " bytes";
  }

 private:
  /// Adds the record that has begun and ends with `last`; these are kept already where none has begun.
  void add(std::string_view last, gathered_records& into) {
    const std::size_t bytes = begun_.size() + last.size();
    if (begun_.empty()) return into.rows.add(Framing::content(last), bytes);
    begun_.append(last);
    into.rows.add(Framing::content(into.rows.keep(std::exchange(begun_, {}))), bytes);
  }

  bool leave_too_long(gathered_records& into) {
    into.aside.push_back(too_long_reason());
    begun_.clear();
    skipping_ = true;
    return Framing::goes_on_behind_too_long;
  }

  void pass_over(std::string_view& fresh) {
    const std::size_t end = fresh.find('\n');
    skipping_ = end == std::string_view::npos;
    fresh.remove_prefix(skipping_ ? fresh.size() : end + 1);
  }

  std::size_t bytes_max_;
  std::string begun_;      // an unfinished record
  bool skipping_ = false;  // what is left of a record that was too long
};

}  // namespace weir::stream::tcp
