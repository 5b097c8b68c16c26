#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "stream/dstream/operators/event_pipe.hpp"
#include "stream/dstream/operators/event_session.hpp"
#include "stream/dstream/operators/event_window.hpp"
#include "stream/dstream/steps.hpp"

namespace weir::stream {

template <class T, class Pipe>
class timed_dstream;

namespace event_detail {

/// The time of what a window gives is the last that its rows can have.
struct window_time {
  template <class T>
  timestamp operator()(const windowed<T>& row) const {
    return saturating_add(row.end, duration{-1});
  }
};

/// What an operator gives stays in event time: its rows are in time, and its watermark is theirs.
template <class T, class TimeOf, class Step, class In>
auto given_by(node<In>& made, TimeOf time_of, duration lateness, Step step) {
  using pipe = event_pipe<pipeline<In, as_it_is>, TimeOf, Step, false>;
  return timed_dstream<T, pipe>(pipe{{&made, {}}, std::move(time_of), lateness, std::move(step)});
}

}  // namespace event_detail

/// A stream in event time that is cut into windows: what follows says what is made of the rows of each. The results
/// are windowed<T> rows, and only of windows that have rows; where there are keys, T is (key, sum).
///
/// The rows of one window always come in one batch, so what has to be done with all of them, such as finding the
/// greatest sum, is an operator on batches with the window as its key, or again one on windows.
template <class T, class Pipe, class Windows>
class windowed_dstream {
  template <class Row>
  struct parts_of {
    using key = no_key;
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
  windowed_dstream(Pipe pipe, Windows windows) : pipe_(std::move(pipe)), windows_(windows) {}

  // ---- By key

  /// (key, all its values folded by f). f is to be associative, and not to care in which order rows are folded: of
  /// windows that overlap, stretches are folded apart, each in the order of arrival, and then together in the order of
  /// time; so are parts of a session that grow together later.
  template <class F>
    requires pair_row<T>
  auto reduce_by_key(F f) const {
    return folded<key, value, value>("reduce_by_key", by_first{}, kept_as<value>(), add_by(f), merge_by(f));
  }

  /// (key, its values): `create(value)` makes the sum of the first one, `add(sum, value)` gives it with a further one,
  /// in the order of arrival. A row is put into each window that it is in; of a session the values are kept until it
  /// closes.
  template <class Create, class Add>
    requires pair_row<T>
  auto combine_by_key(Create create, Add add) const {
    return combine_by_key(std::move(create), std::move(add), no_merge{});
  }
  /// The same with `merge(sum, sum)`: faster where windows overlap and for sessions, with sums as for reduce_by_key.
  template <class Create, class Add, class Merge>
    requires pair_row<T>
  auto combine_by_key(Create create, Add add, Merge merge) const {
    using sum = kept_t<std::invoke_result_t<const Create&, const value&>>;
    return folded<key, value, sum>("combine_by_key", by_first{}, std::move(create), put_by(std::move(add)),
                                   merge_by(std::move(merge)));
  }

  /// (key, vector of its values, in the order of arrival).
  auto group_by_key() const
    requires pair_row<T>
  {
    using values = row_vector<value>;
    return folded<key, value, values>(
        "group_by_key", by_first{}, [](const auto& first) { return values(1, static_cast<value>(first)); },
        [](values& so_far, const auto& next) { so_far.emplace_back(next); }, no_merge{});
  }

  /// (key, how many rows it has).
  auto count_by_key() const
    requires pair_row<T>
  {
    return counted<key, value>("count_by_key", by_first{});
  }

  // ---- All rows of a window, in one thread

  /// All rows folded by f, as reduce_by_key does.
  template <class F>
  auto reduce(F f) const {
    return folded<no_key, kept_t<T>, kept_t<T>>("reduce", all_together{}, kept_as<kept_t<T>>(), add_by(f), merge_by(f));
  }

  /// As combine_by_key, of all rows.
  template <class Create, class Add>
  auto combine(Create create, Add add) const {
    return combine(std::move(create), std::move(add), no_merge{});
  }
  template <class Create, class Add, class Merge>
  auto combine(Create create, Add add, Merge merge) const {
    using sum = kept_t<std::invoke_result_t<const Create&, const kept_t<T>&>>;
    return folded<no_key, kept_t<T>, sum>("combine", all_together{}, std::move(create), put_by(std::move(add)),
                                          merge_by(std::move(merge)));
  }

  /// The rows for which f(row) is greatest, all of them, in the order of arrival: a vector.
  template <row_function<T> F>
  auto greatest_by(F f) const {
    using kept_row = kept_t<T>;
    using rows = row_vector<kept_row>;
    const auto add = [f = std::move(f)](rows& greatest, const auto& next) {
      const auto& of_next = call(f, next);
      const auto& of_greatest = call(f, std::as_const(greatest).front());
      const bool is_less = of_next < of_greatest;
      if (of_greatest < of_next) greatest.clear();
      if (!is_less) greatest.push_back(static_cast<kept_row>(next));
    };
    return folded<no_key, kept_row, rows>(
        "greatest_by", all_together{}, [](const auto& first) { return rows(1, static_cast<kept_row>(first)); }, add,
        no_merge{});
  }

  /// How many rows there are.
  auto count() const { return counted<no_key, kept_t<T>>("count", all_together{}); }

 private:
  template <class Kept>
  static auto kept_as() {
    return [](const auto& first) { return static_cast<Kept>(first); };
  }
  template <class F>
  static auto add_by(F f) {
    return [f = std::move(f)](auto& sum, const auto& next) { sum = f(std::as_const(sum), next); };
  }
  template <class F>
  static auto put_by(F f) {
    return [f = std::move(f)](auto& sum, const auto& next) { sum = f(std::move(sum), next); };
  }
  template <class F>
  static auto merge_by(F f) {
    if constexpr (std::same_as<F, no_merge>) {
      return f;
    } else {
      return add_by(std::move(f));
    }
  }

  template <class K, class V, class Split>
  auto counted(std::string name, Split split) const {
    return folded<K, V, std::uint64_t>(
        std::move(name), split, [](const auto&) { return std::uint64_t{1}; },
        [](std::uint64_t& sum, const auto&) { ++sum; }, add_by(std::plus<>{}));
  }

  template <class K, class V, class Sum, class Split, class Create, class Add, class Merge>
  auto folded(std::string name, Split split, Create create, Add add, Merge merge) const {
    constexpr bool sessions = std::same_as<Windows, session_windows>;
    if constexpr (sessions && std::same_as<Merge, no_merge>) {
      using fold = arrival_fold<V, Sum, Create, Add>;
      using made = event_session_node<Pipe, Split, K, V, fold>;
      return given<made>(split, std::move(name), fold{std::move(create), std::move(add)});
    } else {
      using fold = event_fold<Sum, Create, Add, Merge>;
      using made = std::conditional_t<sessions, event_session_node<Pipe, Split, K, V, fold>,
                                      event_window_node<Pipe, Split, K, V, fold>>;
      return given<made>(split, std::move(name), fold{std::move(create), std::move(add), std::move(merge)});
    }
  }

  template <class Node, class Split, class Fold>
  auto given(Split split, std::string name, Fold fold) const {
    auto& made = pipe_.from().room().template make<Node>(pipe_, split, std::move(name), windows_, std::move(fold));
    return event_detail::given_by<typename Node::row>(made, event_detail::window_time{}, duration::zero(), as_it_is{});
  }

  Pipe pipe_;
  Windows windows_;
};

}  // namespace weir::stream
