#pragma once

#include <concepts>
#include <ranges>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "stream/dstream/operators/event_duplicates.hpp"
#include "stream/dstream/operators/event_join.hpp"
#include "stream/dstream/operators/event_pipe.hpp"
#include "stream/dstream/operators/event_rows.hpp"
#include "stream/dstream/operators/event_session.hpp"
#include "stream/dstream/operators/event_union.hpp"
#include "stream/dstream/operators/event_window.hpp"
#include "stream/dstream/operators/map_with_state.hpp"
#include "stream/dstream/steps.hpp"
#include "stream/dstream/windowed_dstream.hpp"

namespace weir::stream {

template <class T, class Pipe>
class dstream;

namespace event_detail {

/// Rows that an operator gives beside their times.
struct row_time {
  template <class T>
  timestamp operator()(const timed<T>& row) const {
    return row.at;
  }
};
struct row_value {
  template <class T>
  const T& operator()(const timed<T>& row) const {
    return row.value;
  }
};

inline void must_be_positive(const std::string& what, duration d) {
  if (d <= duration::zero()) throw std::invalid_argument(what + " must be longer than nothing, not " + to_text(d));
}

}  // namespace event_detail

/// A stream whose rows have times: dstream::event_time makes it, and operators of event time give it again. All that
/// comes out, and its order, depends on the rows and their order alone: never on how they are cut into batches, nor on
/// threads or parts.
///
/// A row is late if its time is before the watermark: the greatest time of the rows before it in the stream, less the
/// lateness. Late rows are dropped, and counted by each operator that drops them. What an operator waits for closes at
/// the end of the batch whose watermark says that nothing more can come; with the last batch, when all sources have
/// ended, everything closes.
template <class T, class Pipe>
class timed_dstream {
 public:
  using row = T;
  using kept_row = kept_t<T>;

  explicit timed_dstream(Pipe pipe) : pipe_(std::move(pipe)) {}

  // ---- A row at a time: rows keep their time, and the watermark is still that of all rows

  /// f(row) in place of each row.
  template <row_function<T> F>
  auto map(F f) const {
    return fused<call_result<F, T>>(map_step<step, F>{pipe_.step, std::move(f)});
  }

  /// The rows for which f(row) is true.
  template <row_function<T> F>
  auto filter(F f) const {
    return fused<T>(filter_step<step, F>{pipe_.step, std::move(f)});
  }

  /// The elements of the range f(row) in place of each row.
  template <row_function<T> F>
  auto flat_map(F f) const {
    using element = std::remove_cvref_t<std::ranges::range_reference_t<call_result<F, T>>>;
    return fused<element>(flat_map_step<step, F>{pipe_.step, std::move(f)});
  }

  /// The rows, of type std::variant, that are of one of its types: as that.
  template <class Kind>
  auto of_type() const {
    return fused<Kind>(of_type_step<step, Kind>{pipe_.step});
  }

  /// (key, f(value)).
  template <class F>
    requires pair_row<T>
  auto map_values(F f) const {
    using result = call_result<F, typename T::second_type>;
    return fused<std::pair<typename T::first_type, result>>(map_values_step<step, F>{pipe_.step, std::move(f)});
  }

  /// (f(row), row).
  template <row_function<T> F>
  auto key_by(F f) const {
    return map([f = std::move(f)](const T& value) { return std::pair<call_result<F, T>, T>(call(f, value), value); });
  }

  // ---- Windows

  /// Windows of a length, one behind the other: start <= time < start + length, where starts are multiples of the
  /// length since 1970, and the offset. One closes when the watermark has reached its end.
  auto tumbling(duration length, duration offset = {}) const {
    event_detail::must_be_positive("tumbling: the length", length);
    return windowed<fixed_windows>({.length = length, .slide = length, .offset = offset});
  }

  /// Windows of a length, one every `slide`: they overlap, or leave rows between them out.
  auto sliding(duration length, duration slide, duration offset = {}) const {
    event_detail::must_be_positive("sliding: the length", length);
    event_detail::must_be_positive("sliding: the slide", slide);
    return windowed<fixed_windows>({.length = length, .slide = slide, .offset = offset});
  }

  /// Sessions of each key: rows less than the gap apart are of one, which is from its first row to the gap behind its
  /// last one, that time not included. It closes when the watermark has reached its end.
  auto session(duration gap) const {
    event_detail::must_be_positive("session: the gap", gap);
    return windowed<session_windows>({.gap = gap});
  }

  // ---- Rows and rows

  /// The first row of each key, by key_of(row), in the order of arrival. A key is remembered until the watermark is
  /// later than the time of its row and `within` behind it: give the lateness, or more, and no row in time whose first
  /// is less than that away comes twice.
  template <row_function<T> KeyOf>
  auto drop_duplicates(KeyOf key_of, duration within) const {
    if (within < duration::zero()) throw std::invalid_argument("drop_duplicates: within " + to_text(within));
    using made = event_duplicates_node<Pipe, kept_row, kept_t<call_result<KeyOf, T>>, KeyOf>;
    return given<made, kept_row>(pipe_.lateness, pipe_, std::move(key_of), within);
  }

  /// (key, (value here, value there)) for each two rows of one key whose times are left - before <= right <= left +
  /// after. A pair's time is the later one of its rows' times, and it comes when both streams' watermarks are behind
  /// that; pairs come in the order of time, then of their left rows, then of their right rows. Rows are kept while a
  /// partner can come.
  ///
  /// The outer joins keep rows without a partner, with std::optional for what may be missing. Such a row comes when no
  /// partner can come any more, at the time when the last one could have, but not before its own; at one time, rows
  /// without a left one come last, as do a left row's own without a right one.
  template <pair_row U, class OtherPipe>
    requires pair_row<T>
  auto join_within(const timed_dstream<U, OtherPipe>& other, time_bounds bounds) const {
    return joined<join_kind::inner>(other, bounds);
  }
  template <pair_row U, class OtherPipe>
    requires pair_row<T>
  auto left_outer_join_within(const timed_dstream<U, OtherPipe>& other, time_bounds bounds) const {
    return joined<join_kind::left_outer>(other, bounds);
  }
  template <pair_row U, class OtherPipe>
    requires pair_row<T>
  auto right_outer_join_within(const timed_dstream<U, OtherPipe>& other, time_bounds bounds) const {
    return joined<join_kind::right_outer>(other, bounds);
  }
  template <pair_row U, class OtherPipe>
    requires pair_row<T>
  auto full_outer_join_within(const timed_dstream<U, OtherPipe>& other, time_bounds bounds) const {
    return joined<join_kind::full_outer>(other, bounds);
  }

  /// (key, (value here, value there)) for each two rows of one key, however far apart: as join_within, with all rows
  /// kept for good.
  template <pair_row U, class OtherPipe>
    requires pair_row<T>
  auto join(const timed_dstream<U, OtherPipe>& other) const {
    return joined<join_kind::inner>(other, any_time_apart);
  }

  // ---- In the order of time

  /// The rows of this stream and of the others in the order of their times; those of one time stand in the order of
  /// the streams, then of arrival. A row comes when all watermarks are behind it.
  template <class... Pipes>
  auto union_with(const timed_dstream<T, Pipes>&... others) const {
    return given<event_union_node<kept_row, Pipe, Pipes...>, kept_row>(duration::zero(), pipe_, others.pipe()...);
  }

  /// The rows in the order of their times, those of one time in the order of arrival, when the watermark is behind
  /// them.
  auto in_order() const { return union_with(); }

  /// A state a key, which each row of it may read and change, with timers and time-outs by the stream's time: f as for
  /// dstream::map_with_state. Rows are taken in the order of their times (`in_order`): a timer has fired before a row
  /// of its time is taken, and after all rows before it. What comes out stands in the order of time.
  template <class S, class F, pair_row Row = T>
  auto map_with_state(F f, state_options<typename kept_t<Row>::first_type, S> options = {}) const {
    using key = typename kept_t<Row>::first_type;
    using value = typename kept_t<Row>::second_type;
    using pipe = pipeline<timed<kept_t<Row>>, as_it_is>;
    using made = map_with_state_node<pipe, key, value, S, F, by_stream_time>;
    auto& in_time_order = ordered();
    auto& node = in_time_order.room().template make<made>(pipe{&in_time_order, {}}, std::move(f), std::move(options),
                                                          by_stream_time{});
    return stream_with_state<typename made::row_type, key, S>(node, node.states());
  }

  // ---- Leaving event time

  /// The rows that are in time, batch by batch.
  auto rows() const {
    if constexpr (Pipe::judged) {
      return judged<false>("in_time");
    } else {
      auto longer = pipe_.source.then(pipe_.step);
      return dstream<T, decltype(longer)>(std::move(longer));
    }
  }

  /// The rows that are late.
  auto late() const
    requires Pipe::judged
  {
    return judged<true>("late");
  }

  /// Outputs of rows(), as dstream has them.
  template <class F>
  void for_each_batch(F f) const {
    rows().for_each_batch(std::move(f));
  }
  template <class... Arguments>
  void print(Arguments&&... arguments) const {
    rows().print(std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  void save_as_text_files(Arguments&&... arguments) const {
    rows().save_as_text_files(std::forward<Arguments>(arguments)...);
  }
  auto remember(duration length) const { return rows().remember(length); }

  /// For operators of one's own.
  const Pipe& pipe() const { return pipe_; }

 private:
  using step = typename Pipe::step_type;

  template <class U, class Next>
  auto fused(Next next) const {
    auto longer = pipe_.then(std::move(next));
    return timed_dstream<U, decltype(longer)>(std::move(longer));
  }

  template <class Windows>
  auto windowed(Windows windows) const {
    return windowed_dstream<T, Pipe, Windows>(pipe_, windows);
  }

  /// Of what a node gives beside the times.
  using ordered_pipe = event_pipe<pipeline<timed<kept_row>, as_it_is>, event_detail::row_time,
                                  map_step<as_it_is, event_detail::row_value>, false>;

  template <class Node, class U, class... Arguments>
  auto given(duration lateness, Arguments&&... arguments) const {
    auto& made = pipe_.from().room().template make<Node>(std::forward<Arguments>(arguments)...);
    using value_step = map_step<as_it_is, event_detail::row_value>;
    return event_detail::given_by<U>(made, event_detail::row_time{}, lateness, value_step{});
  }

  /// The node that has the rows in the order of time: the one before this stream, if that is such a node.
  node<timed<kept_row>>& ordered() const {
    if constexpr (std::same_as<Pipe, ordered_pipe>) {
      if (pipe_.lateness == duration::zero()) return *pipe_.source.from;
      return *in_order().pipe().source.from;
    } else {
      return *in_order().pipe().source.from;
    }
  }

  template <join_kind Kind, class U, class OtherPipe>
  auto joined(const timed_dstream<U, OtherPipe>& other, time_bounds bounds) const {
    if (bounds.after < -bounds.before) {
      throw std::invalid_argument("join_within: nothing is between " + to_text(-bounds.before) + " and " +
                                  to_text(bounds.after) + " behind a row");
    }
    using key = typename kept_row::first_type;
    using value = typename kept_row::second_type;
    using made = event_join_node<Pipe, OtherPipe, key, value, typename kept_t<U>::second_type, Kind>;
    return given<made, typename made::joined>(duration::zero(), pipe_, other.pipe(), bounds);
  }

  template <bool Late>
  auto judged(std::string name) const {
    auto& made = pipe_.from().room().template make<judged_rows_node<Pipe, kept_row, Late>>(pipe_, std::move(name));
    return dstream<kept_row, pipeline<kept_row, as_it_is>>({&made, {}});
  }

  Pipe pipe_;
};

/// What dstream::event_time gives.
template <class T, class Source, class TimeOf>
auto in_event_time(Source source, TimeOf time_of, duration lateness) {
  if (lateness < duration::zero()) throw std::invalid_argument("event_time: a lateness of " + to_text(lateness));
  if (source.from->slide() != source.from->room().interval) {
    throw std::invalid_argument("event_time: a stream with rows every " + to_text(source.from->slide()) +
                                " only, so that its end might not be seen");
  }
  using pipe = event_pipe<Source, TimeOf, as_it_is, true>;
  return timed_dstream<T, pipe>(pipe{std::move(source), std::move(time_of), lateness, {}});
}

}  // namespace weir::stream
