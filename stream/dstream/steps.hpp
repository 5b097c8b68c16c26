#pragma once

#include <cstddef>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "stream/dstream/node.hpp"

namespace weir::stream {

namespace step_detail {

template <class F, class Row>
struct takes_parts : std::false_type {};
template <class F, class... Parts>
struct takes_parts<F, std::pair<Parts...>> : std::bool_constant<std::is_invocable_v<const F&, const Parts&...>> {};
template <class F, class... Parts>
struct takes_parts<F, std::tuple<Parts...>> : std::bool_constant<std::is_invocable_v<const F&, const Parts&...>> {};

}  // namespace step_detail

/// A function that can be called with a row, or with the parts of a row that is a pair or a tuple.
template <class F, class Row>
concept row_function = std::is_invocable_v<const F&, const Row&> || step_detail::takes_parts<F, Row>::value;

/// f(row), or f(part, part, …) where it wants that.
template <class F, class Row>
decltype(auto) call(const F& f, Row&& row) {
  if constexpr (std::is_invocable_v<const F&, Row>) {
    return std::invoke(f, std::forward<Row>(row));
  } else {
    return std::apply(f, std::forward<Row>(row));
  }
}

template <class F, class Row>
using call_result = std::remove_cvref_t<decltype(call(std::declval<const F&>(), std::declval<const Row&>()))>;

// Steps work on one row: step(row, emit) calls emit with each row that comes of it. They are called from several
// threads at once.

struct as_it_is {
  template <class Row, class Emit>
  void operator()(const Row& row, const Emit& emit) const {
    emit(row);
  }
};

template <class Before, class F>
struct map_step {
  Before before;
  F f;
  template <class Row, class Emit>
  void operator()(const Row& row, const Emit& emit) const {
    before(row, [&](auto&& value) { emit(call(f, std::forward<decltype(value)>(value))); });
  }
};

template <class Before, class F>
struct filter_step {
  Before before;
  F f;
  template <class Row, class Emit>
  void operator()(const Row& row, const Emit& emit) const {
    before(row, [&](auto&& value) {
      if (call(f, std::as_const(value))) emit(std::forward<decltype(value)>(value));
    });
  }
};

template <class Before, class F>
struct flat_map_step {
  Before before;
  F f;
  template <class Row, class Emit>
  void operator()(const Row& row, const Emit& emit) const {
    before(row, [&](auto&& value) {
      for (auto&& one : call(f, std::forward<decltype(value)>(value))) emit(std::forward<decltype(one)>(one));
    });
  }
};

template <class Before, class Kind>
struct of_type_step {
  Before before;
  template <class Row, class Emit>
  void operator()(const Row& row, const Emit& emit) const {
    before(row, [&](auto&& value) {
      if (const auto* one = std::get_if<Kind>(&value)) emit(*one);
    });
  }
};

template <class Before, class F>
struct map_values_step {
  Before before;
  F f;
  template <class Row, class Emit>
  void operator()(const Row& row, const Emit& emit) const {
    before(row, [&](auto&& value) {
      using key = typename std::remove_cvref_t<decltype(value)>::first_type;
      using result = std::remove_cvref_t<decltype(call(f, std::as_const(value.second)))>;
      emit(std::pair<key, result>(value.first, call(f, std::as_const(value.second))));
    });
  }
};

template <class Before, class F>
struct flat_map_values_step {
  Before before;
  F f;
  template <class Row, class Emit>
  void operator()(const Row& row, const Emit& emit) const {
    before(row, [&](auto&& value) {
      using key = typename std::remove_cvref_t<decltype(value)>::first_type;
      for (auto&& one : call(f, std::as_const(value.second))) {
        emit(std::pair<key, std::remove_cvref_t<decltype(one)>>(value.first, std::forward<decltype(one)>(one)));
      }
    });
  }
};

/// Steps fused into one loop over the rows of a node.
template <class In, class Step>
struct pipeline {
  using step_type = Step;

  node<In>* from = nullptr;
  Step step;

  std::size_t parts() const { return from->rows().parts(); }

  template <class Emit>
  void run_part(std::size_t part, const Emit& emit) const {
    for (const In& row : from->rows()[part]) step(row, emit);
  }

  template <class Next>
  pipeline<In, Next> then(Next next) const {
    return {from, std::move(next)};
  }
};

}  // namespace weir::stream
