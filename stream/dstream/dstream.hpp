#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "stream/dstream/operators/collect.hpp"
#include "stream/dstream/operators/fold_all.hpp"
#include "stream/dstream/operators/fold_by_key.hpp"
#include "stream/dstream/operators/join.hpp"
#include "stream/dstream/operators/keyed_window.hpp"
#include "stream/dstream/operators/map_with_state.hpp"
#include "stream/dstream/operators/outputs.hpp"
#include "stream/dstream/operators/parts.hpp"
#include "stream/dstream/operators/remember.hpp"
#include "stream/dstream/operators/table_join.hpp"
#include "stream/dstream/operators/update_state.hpp"
#include "stream/dstream/operators/window.hpp"
#include "stream/dstream/steps.hpp"
#include "stream/dstream/timed_dstream.hpp"

namespace weir::stream {

/// A discretised stream: for each batch, rows of type T in a stated order. Operators give other streams; nothing runs
/// before the context starts, and then all that some output needs runs once a batch. A value: cheap to copy, and good
/// as long as its context.
///
/// Operators that look at one row at a time are fused at compile time: `Pipe` is the loop so far. Use `auto` for such
/// streams; a function that takes a dstream<T> takes any, and keeps its rows in memory for the batch (`persist`). A
/// stream that is used twice does the fused steps twice, unless it is persisted.
///
/// Functions are called from several threads at once, with a `const` row, or with the parts of a row that is a pair or
/// a tuple. Rows may look at the batch's memory (std::string_view); what outlives the batch is kept as `kept_t<T>`.
/// Operators on keys need rows that are std::pair, and keys with == that key_hash knows. Wrong arguments throw
/// std::invalid_argument while the program is built.
template <class T, class Pipe = pipeline<T, as_it_is>>
class dstream {
  template <class Row>
  struct parts_of {
    using key = void;
    using value = void;
  };
  template <pair_row Row>
  struct parts_of<Row> {
    using key = typename Row::first_type;
    using value = typename Row::second_type;
  };
  using key = typename parts_of<kept_t<T>>::key;
  using value = typename parts_of<kept_t<T>>::value;

 public:
  using row = T;
  using kept_row = kept_t<T>;

  explicit dstream(Pipe pipe) : pipe_(std::move(pipe)) {}

  /// Any stream of these rows, with its rows in memory.
  template <class OtherPipe>
    requires(!std::same_as<OtherPipe, Pipe> && std::same_as<Pipe, pipeline<T, as_it_is>>)
  // NOLINTNEXTLINE(google-explicit-constructor): a dstream<T> parameter takes every stream of T
  dstream(const dstream<T, OtherPipe>& other) : pipe_{&other.in_memory(), {}} {}

  // ---- A row at a time

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

  /// (key, element) for each element of f(value).
  template <class F>
    requires pair_row<T>
  auto flat_map_values(F f) const {
    using element = std::remove_cvref_t<std::ranges::range_reference_t<call_result<F, typename T::second_type>>>;
    return fused<std::pair<typename T::first_type, element>>(flat_map_values_step<step, F>{pipe_.step, std::move(f)});
  }

  // ---- A part or a batch at a time

  /// The elements of the range f(rows of a part: std::span<const T>), part by part.
  template <class F>
  auto map_partitions(F f) const {
    using element =
        std::remove_cvref_t<std::ranges::range_reference_t<std::invoke_result_t<const F&, std::span<const kept_row>>>>;
    return make<kept_t<element>, map_partitions_node<kept_row, kept_t<element>, F>>(in_memory(), std::move(f));
  }

  /// Each part as one row.
  auto glom() const {
    using part = row_vector<kept_row>;
    return map_partitions(
        [](std::span<const kept_row> rows) { return std::vector<part>{part(rows.begin(), rows.end())}; });
  }

  /// The same rows in so many parts.
  auto repartition(std::size_t parts) const {
    if (parts == 0) throw std::invalid_argument("repartition: there must be one part at least");
    return make<kept_row, repartition_node<kept_row>>(in_memory(), parts);
  }

  /// The rows of this stream, then those of the others.
  template <class... Pipes>
  auto union_with(const dstream<T, Pipes>&... others) const {
    (must_agree("union_with", others.pipe().from->slide()), ...);
    return make<kept_row, union_node<kept_row>>(std::vector<node<kept_row>*>{&in_memory(), &others.in_memory()...});
  }

  /// The elements of the range f(batch_rows<T>): anything that can be computed from a batch.
  template <class F>
  auto transform(F f) const {
    using result = std::invoke_result_t<const F&, batch_rows<kept_row>>;
    using element = kept_t<std::ranges::range_reference_t<result>>;
    return make<element, transform_node<element, F, kept_row>>(std::move(f), in_memory());
  }

  /// The elements of the range f(batch_rows<T>, batch_rows<U>), of two streams.
  template <class U, class OtherPipe, class F>
  auto transform_with(const dstream<U, OtherPipe>& other, F f) const {
    must_agree("transform_with", other.pipe().from->slide());
    using result = std::invoke_result_t<const F&, batch_rows<kept_row>, batch_rows<kept_t<U>>>;
    using element = kept_t<std::ranges::range_reference_t<result>>;
    return make<element, transform_node<element, F, kept_row, kept_t<U>>>(std::move(f), in_memory(), other.in_memory());
  }

  /// How many rows the batch has: one row.
  auto count() const { return make<std::uint64_t, count_node<Pipe>>(pipe_); }

  /// f(f(first, second), third) …: one row, or none where the batch is empty.
  template <class F>
  auto reduce(F f) const {
    return make<kept_row, fold_all_node<Pipe, kept_row, F>>(pipe_, std::move(f));
  }

  /// (row, how many such rows), in the order of first appearance.
  auto count_by_value() const { return counted_rows().reduce_by_key(std::plus<>{}); }

  /// The same rows, computed once however many streams read them.
  auto persist() const { return dstream<kept_row>({&in_memory(), {}}); }

  // ---- By key

  /// (key, all its values folded by f, in the batch's order). Keys come in the order of their first appearance, here
  /// and below.
  template <class F>
    requires pair_row<T>
  auto reduce_by_key(F f) const {
    return fold<value>(
        "reduce_by_key", [](const auto& first) { return static_cast<value>(first); },
        [f = std::move(f)](value& sum, const auto& next) { sum = f(std::as_const(sum), next); });
  }

  /// (key, its values): `create(value)` makes the sum of the first one, `add(sum, value)` gives it with a further one.
  /// Rows of a key are never summed apart, so there is nothing to merge.
  template <class Create, class Add>
    requires pair_row<T>
  auto combine_by_key(Create create, Add add) const {
    using sum = kept_t<std::invoke_result_t<const Create&, const typename T::second_type&>>;
    return fold<sum>("combine_by_key", std::move(create),
                     [add = std::move(add)](sum& so_far, const auto& next) { so_far = add(std::move(so_far), next); });
  }

  /// (key, vector of its values, in the batch's order).
  auto group_by_key() const
    requires pair_row<T>
  {
    using values = row_vector<typename kept_row::second_type>;
    return fold<values>(
        "group_by_key", [](const auto& first) { return values(1, static_cast<typename kept_row::second_type>(first)); },
        [](values& so_far, const auto& next) { so_far.emplace_back(next); });
  }

  /// (key, (its values here, its values there)).
  template <pair_row U, class OtherPipe>
    requires pair_row<T>
  auto cogroup(const dstream<U, OtherPipe>& other) const {
    must_agree("cogroup", other.pipe().from->slide());
    using made = cogroup_node<Pipe, OtherPipe, key, value, typename dstream<U, OtherPipe>::value>;
    return make<typename made::row, made>(pipe_, other.pipe());
  }

  /// (key, (value here, value there)) for each two rows of one key, in the order of the rows here, then of those there.
  /// The outer joins keep rows without a partner: those of the left, the right or both sides, with std::optional for
  /// what may be missing.
  template <pair_row U, class OtherPipe>
    requires pair_row<T>
  auto join(const dstream<U, OtherPipe>& other) const {
    return joined<join_kind::inner>(other);
  }
  template <pair_row U, class OtherPipe>
    requires pair_row<T>
  auto left_outer_join(const dstream<U, OtherPipe>& other) const {
    return joined<join_kind::left_outer>(other);
  }
  template <pair_row U, class OtherPipe>
    requires pair_row<T>
  auto right_outer_join(const dstream<U, OtherPipe>& other) const {
    return joined<join_kind::right_outer>(other);
  }
  template <pair_row U, class OtherPipe>
    requires pair_row<T>
  auto full_outer_join(const dstream<U, OtherPipe>& other) const {
    return joined<join_kind::full_outer>(other);
  }

  /// (key, (value, the table's value)) where the table has the key; the outer join keeps the others, with
  /// std::optional. Fused: see reference_table.hpp.
  template <class K, class W>
    requires pair_row<T>
  auto join_table(const reference_table<K, W>& table) const {
    using joined = std::pair<typename T::first_type, std::pair<typename T::second_type, W>>;
    auto pipe = joined_with_table<false>(pipe_, table);
    return dstream<joined, decltype(pipe)>(std::move(pipe));
  }
  template <class K, class W>
    requires pair_row<T>
  auto left_outer_join_table(const reference_table<K, W>& table) const {
    using joined = std::pair<typename T::first_type, std::pair<typename T::second_type, std::optional<W>>>;
    auto pipe = joined_with_table<true>(pipe_, table);
    return dstream<joined, decltype(pipe)>(std::move(pipe));
  }

  // ---- Windows of batch time
  // `length` and `slide` are multiples of this stream's own slide; a slide of zero is that.

  /// The rows of the batches of the last `length`, every `slide`.
  auto window(duration length, duration slide = {}) const {
    return make<kept_row, window_node<Pipe, kept_row>>(pipe_, checked("window", length, slide));
  }

  auto count_by_window(duration length, duration slide = {}) const {
    return count().reduce_by_window(std::plus<>{}, std::minus<>{}, length, slide);
  }

  /// All rows of the window folded by f; the batches' results are folded first. With an inverse (inverse(f(a, b), a) =
  /// b) each slide costs what enters and leaves, not what the window has.
  template <class F>
  auto reduce_by_window(F f, duration length, duration slide = {}) const {
    return reduce(f).window(length, slide).reduce(f);
  }
  template <class F, class Inverse>
  auto reduce_by_window(F f, Inverse inverse, duration length, duration slide = {}) const {
    return map([](const auto& one) { return std::pair<char, kept_row>(0, kept_row(one)); })
        .reduce_by_key_and_window(std::move(f), std::move(inverse), length, slide)
        .map([](char, const kept_row& sum) { return sum; });
  }

  /// (key, its values in the window folded by f). A key is there while some batch of the window has it; keys come in
  /// the order in which they came into the window to stay. With an inverse, as above.
  template <class F>
    requires pair_row<T>
  auto reduce_by_key_and_window(F f, duration length, duration slide = {}) const {
    return windowed_by_key(std::move(f), no_inverse{}, length, slide);
  }
  template <class F, class Inverse>
    requires(pair_row<T> && !std::convertible_to<Inverse, duration>)
  auto reduce_by_key_and_window(F f, Inverse inverse, duration length, duration slide = {}) const {
    return windowed_by_key(std::move(f), std::move(inverse), length, slide);
  }
  /// The same, and only the pairs for which keep(key, value) is true come out.
  template <class F, class Inverse, class Keep>
    requires(pair_row<T> && !std::convertible_to<Inverse, duration>)
  auto reduce_by_key_and_window(F f, Inverse inverse, duration length, duration slide, Keep keep) const {
    return windowed_by_key(std::move(f), std::move(inverse), length, slide).filter(std::move(keep));
  }

  /// (key, vector of its values in the window, in their order).
  auto group_by_key_and_window(duration length, duration slide = {}) const
    requires pair_row<T>
  {
    return window(length, slide).group_by_key();
  }

  /// (row, how many such rows the window has).
  auto count_by_value_and_window(duration length, duration slide = {}) const {
    return counted_rows().reduce_by_key_and_window(std::plus<>{}, std::minus<>{}, length, slide);
  }

  // ---- State

  /// A state a key: f(new values: std::span<const V>, before: std::optional<S>) gives std::optional<S>, the state after
  /// the batch; nothing forgets the key. f is called for every key that has a state or new values. All states come out,
  /// in the order in which their keys came.
  template <class S, class F>
    requires pair_row<T>
  auto update_state_by_key(F f, std::vector<std::pair<key, S>> initial = {}) const {
    return make<std::pair<key, S>, update_state_node<Pipe, key, value, S, F>>(pipe_, std::move(f), std::move(initial));
  }

  /// A state a key, which each row of it may read and change: f(key, value: std::optional<V> or const V*,
  /// state_cell<S>&) gives a row, or a std::optional of one. What comes out stands in the order of the rows; what
  /// timers and time-outs give, for which f is called without a value, stands before the row that let time reach them,
  /// by their time, then in the order in which their keys came to have a state, the timer of a key before its time-out.
  ///
  /// By event time (`by_event_time{time_of, lateness}`) all of it is the same however rows are cut into batches: timers
  /// fire when the watermark reaches them, also within a batch, and when all sources have ended, those that are left
  /// do. By batch time they fire after the rows of the batch.
  template <class S, class F, class Time = by_batch_time>
    requires pair_row<T>
  auto map_with_state(F f, state_options<key, S> options = {}, Time time = {}) const {
    using made = map_with_state_node<Pipe, key, value, S, F, Time>;
    auto& node = room().template make<made>(pipe_, std::move(f), std::move(options), std::move(time));
    return stream_with_state<typename made::row_type, key, S>(node, node.states());
  }

  // ---- Event time

  /// The stream in event time: `time_of(row)` is a row's time, and rows may come in after others whose times are up to
  /// `lateness` greater. timed_dstream.hpp has what can be done with it.
  template <row_function<T> TimeOf>
  auto event_time(TimeOf time_of, duration lateness = {}) const {
    return in_event_time<T>(pipe_, std::move(time_of), lateness);
  }

  // ---- Outputs: what makes a program run

  /// f(batch_rows<T>) once a batch, in the context's thread. What it throws ends the program. After a restart a batch
  /// whose results may have left in part comes again: its time and number tell.
  template <class F>
  void for_each_batch(F f) const {
    output("for_each_batch", std::move(f));
  }

  /// f(batch_part<T>) for each part that has rows, from several threads at once. The batch's number and the part's name
  /// the same rows after a restart, as long as `partitions` is what it was.
  template <class F>
  void for_each_partition(F f) const {
    output("for_each_partition", put_out_parts<F>{&room().workers, std::move(f)});
  }

  /// Prints the batch's time and its first rows.
  void print(std::size_t rows_max = 10, std::ostream& out = std::cout) const {
    output("print", print_rows{rows_max, &out});
  }

  /// A file for each batch that has rows, a line a row: "PREFIX-TIME_IN_MSSUFFIX", whole or not there. Across restarts
  /// each row is in exactly one file.
  void save_as_text_files(std::string prefix, std::string suffix = {}) const {
    output("save_as_text_files", write_text_file{std::move(prefix), std::move(suffix)});
  }

  /// The same with the rows as their codec writes them: `decoded<row_vector<T>>(bytes of a file)` gives them back.
  void save_as_object_files(std::string prefix, std::string suffix = {}) const
    requires storable<row_vector<kept_row>>
  {
    output("save_as_object_files", write_object_file{std::move(prefix), std::move(suffix)});
  }

  /// Keeps the batches of the last `length` for whoever asks while the program runs: `remember(1min)->slice(from, to)`.
  std::shared_ptr<const remembered_batches<kept_row>> remember(duration length) const {
    auto memory = std::make_shared<remembered_batches<kept_row>>(length);
    output("remember", remember_rows<kept_row>{memory});
    return memory;
  }

  // ---- What rules and graphs make of it

  /// What rules find: see rules/dstream/detect.hpp, which has the detect_in that this calls.
  template <class... Rules>
  auto detect(Rules&&... rules) const {
    return detect_in(*this, std::forward<Rules>(rules)...);
  }

  /// What changes in a graph: see graph/dstream/update.hpp, which has the update_by that this calls.
  template <class... Graph>
  auto update(Graph&&... graph) const {
    return update_by(*this, std::forward<Graph>(graph)...);
  }

  // ---- For operators of one's own

  /// The loop so far: pipe().run_part(part, emit).
  const Pipe& pipe() const { return pipe_; }

  /// A node that has this stream's rows in memory.
  node<kept_row>& in_memory() const {
    if constexpr (std::same_as<Pipe, pipeline<kept_row, as_it_is>>) {
      return *pipe_.from;
    } else {
      return room().template make<collect_node<Pipe, kept_row>>(pipe_, "collect");
    }
  }

  /// The stream of a node of type Node, which is made of the arguments.
  template <class U, class Node, class... Arguments>
  dstream<U> make(Arguments&&... arguments) const {
    return dstream<U>({&room().template make<Node>(std::forward<Arguments>(arguments)...), {}});
  }

 private:
  template <class U, class OtherPipe>
  friend class dstream;

  using step = typename Pipe::step_type;

  node_room& room() const { return pipe_.from->room(); }

  template <class U, class Next>
  auto fused(Next next) const {
    auto longer = pipe_.then(std::move(next));
    return dstream<U, decltype(longer)>(std::move(longer));
  }

  auto counted_rows() const {
    return map([](const T& one) { return std::pair<T, std::uint64_t>(one, 1); });
  }

  template <class Sum, class Create, class Add>
  auto fold(std::string name, Create create, Add add) const {
    return make<std::pair<key, Sum>, fold_by_key_node<Pipe, key, value, Sum, Create, Add>>(
        pipe_, std::move(name), std::move(create), std::move(add));
  }

  template <join_kind Kind, class U, class OtherPipe>
  auto joined(const dstream<U, OtherPipe>& other) const {
    must_agree("join", other.pipe().from->slide());
    using made = join_node<Pipe, OtherPipe, key, value, typename dstream<U, OtherPipe>::value, Kind>;
    return make<typename made::row, made>(pipe_, other.pipe());
  }

  template <class F, class Inverse>
  auto windowed_by_key(F f, Inverse inverse, duration length, duration slide) const {
    const auto span = checked("reduce_by_key_and_window", length, slide);
    auto& by_batch = *reduce_by_key(f).pipe_.from;
    return make<kept_row, keyed_window_node<key, value, F, Inverse>>(by_batch, span, std::move(f), std::move(inverse));
  }

  template <class F>
  void output(std::string name, F f) const {
    auto& rows = in_memory();
    room().template make<output_node<kept_row, F>>(rows, std::move(name), std::move(f));
  }

  window_span checked(const std::string& name, duration length, duration slide) const {
    const duration own = pipe_.from->slide();
    if (slide == duration::zero()) slide = own;
    const auto wrong = [own](duration d) { return d <= duration::zero() || d % own != duration::zero(); };
    if (wrong(length) || wrong(slide)) {
      throw std::invalid_argument(name + ": " + to_text(wrong(length) ? length : slide) +
                                  " is not a multiple of its input's slide, " + to_text(own));
    }
    return {.length = length, .slide = slide};
  }

  void must_agree(const std::string& name, duration slide) const {
    if (slide == pipe_.from->slide()) return;
    throw std::invalid_argument(name + ": one stream has rows every " + to_text(pipe_.from->slide()) +
                                ", the other every " + to_text(slide));
  }

  Pipe pipe_;
};

/// The rows of the first stream, then those of the next one … Throws std::invalid_argument where there is none.
template <class T, class Pipe>
dstream<kept_t<T>> union_of(const std::vector<dstream<T, Pipe>>& streams) {
  if (streams.empty()) throw std::invalid_argument("union_of: there must be one stream at least");
  auto all = streams.front().persist();
  for (std::size_t i = 1; i < streams.size(); ++i) all = all.union_with(streams[i].persist());
  return all;
}

}  // namespace weir::stream
