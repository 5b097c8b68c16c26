#include "tests/support/naive_question.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "tests/support/naive_lookup.hpp"

namespace weir::testing {
namespace {

using cep::graph_function;
using cep::int128;

struct named_edge {
  std::size_t place = 0;
  std::string from;
  std::string to;
  stream::timestamp at;
  std::int64_t weight = 0;
};
using edges = std::vector<named_edge>;
using vertices = std::set<std::string>;

const naive_value missing;

stream::timestamp earlier(stream::timestamp t, stream::duration by) { return stream::saturating_add(t, -by); }

edges since(const edges& all, stream::timestamp oldest) {
  edges kept;
  std::ranges::copy_if(all, std::back_inserter(kept), [&](const named_edge& e) { return e.at >= oldest; });
  return kept;
}

vertices vertices_of(const edges& of) {
  vertices all;
  for (const named_edge& e : of) all.insert({e.from, e.to});
  return all;
}

// Whoever is reached over edges in any direction, and in how many steps.
std::map<std::string, std::size_t> steps_from(const vertices& sources, const edges& of) {
  std::map<std::string, std::size_t> steps;
  for (const std::string& source : sources) steps[source] = 0;
  for (std::size_t level = 0;; ++level) {
    std::set<std::string> next;
    for (const named_edge& e : of) {
      const auto a = steps.find(e.from);
      const auto b = steps.find(e.to);
      if (a != steps.end() && a->second == level && b == steps.end()) next.insert(e.to);
      if (b != steps.end() && b->second == level && a == steps.end()) next.insert(e.from);
    }
    if (next.empty()) return steps;
    for (const std::string& v : next) steps[v] = level + 1;
  }
}

vertices component(const std::string& v, const edges& of) {
  vertices all;
  for (const auto& [reached, steps] : steps_from({v}, of)) all.insert(reached);
  return all;
}

/// "A component has a number from its first edge between two vertices on. …" Edge by edge, from the first on.
class component_numbers {
 public:
  explicit component_numbers(stream::duration keep) : keep_(keep) {}

  void insert(const named_edge& e) {
    expire(e.at);
    const vertices a = component(e.from, live_);
    const vertices b = component(e.to, live_);
    live_.push_back(e);
    if (a == b) return;
    const auto number_of_a = number(e.from);
    const auto number_of_b = number(e.to);
    std::size_t stays = 0;
    if (number_of_a && number_of_b) {
      stays = a.size() > b.size()   ? *number_of_a
              : a.size() < b.size() ? *number_of_b
                                    : std::min(*number_of_a, *number_of_b);
    } else {
      stays = number_of_a ? *number_of_a : number_of_b ? *number_of_b : next_++;
    }
    set(component(e.from, live_), stays);
  }

  void expire(stream::timestamp now) {
    while (!live_.empty() && live_.front().at < earlier(now, keep_)) {
      const named_edge e = live_.front();
      live_.erase(live_.begin());
      const vertices a = component(e.from, live_);
      if (a.contains(e.to)) continue;
      const vertices b = component(e.to, live_);
      const std::size_t was = *number(e.from);
      set(a.size() >= b.size() ? a : b, was);
      const vertices& other = a.size() >= b.size() ? b : a;
      if (other.size() > 1) set(other, next_++);
      for (const vertices* part : {&a, &b}) {
        if (part->size() == 1) numbers_.erase(*part->begin());
      }
    }
  }

  std::optional<std::size_t> number(const std::string& v) const {
    const auto found = numbers_.find(v);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  void set(const vertices& of, std::size_t number) {
    for (const std::string& v : of) numbers_[v] = number;
  }

  stream::duration keep_;
  edges live_;
  std::map<std::string, std::size_t> numbers_;
  std::size_t next_ = 0;
};

/// "Times strictly increase and vertices are distinct."
class way_search {
 public:
  way_search(const edges& of, const cep::graph_question& asked) : edges_(of), asked_(asked) {}

  /// Whether a way of at most `length` more edges leads from `v`, where `last` brought it, to `target`; `first` is the
  /// first edge of the way, and `until` the edge that comes behind it.
  bool leads(const std::string& v, const std::string& target, std::size_t least, std::size_t most,
             const named_edge* first, const named_edge* last, const named_edge* until, vertices met) const {
    if (v == target && first != nullptr) return least == 0;
    if (most == 0) return false;
    for (const named_edge& e : edges_) {
      if (e.from != v || (e.to != target && met.contains(e.to))) continue;
      if (last != nullptr && !follows(*last, e)) continue;
      if (until != nullptr && !follows(e, *until)) continue;
      const named_edge& begin = first == nullptr ? e : *first;
      const named_edge& end = until == nullptr ? e : *until;
      if (end.at - begin.at > *asked_.length) continue;
      vertices with = met;
      with.insert(e.to);
      if (leads(e.to, target, least == 0 ? 0 : least - 1, most - 1, &begin, &e, until, with)) return true;
    }
    return false;
  }

 private:
  bool follows(const named_edge& a, const named_edge& b) const {
    return asked_.in_order ? a.place < b.place : a.at < b.at && a.place < b.place;
  }

  const edges& edges_;
  const cep::graph_question& asked_;
};

class question {
 public:
  question(const cep::expression& call, const naive_context& context)
      : call_(call), asked_(*call.question), context_(context), shape_(context.data->graphs[asked_.graph]) {
    if (context.at_hand != nullptr) {
      place_ = static_cast<std::size_t>(context.at_hand - context.events.data());
      now_ = context.at_hand->at;
    } else {
      place_ = context.now->place;
      now_ = context.now->at;
    }
    for (std::size_t i = 0; i < context.events.size(); ++i) add(i);
    window_ = since(seen_, earlier(now_, shape_.keep));
  }

  naive_value value() const {
    using enum graph_function;
    for (const cep::expression& arg : call_.args) {
      if (!is_of_edge() && is_missing(evaluate(arg, context_))) return missing;
    }
    switch (asked_.function) {
      case in_degree:
      case out_degree:
      case fan_in:
      case fan_out:
      case in_flow:
      case out_flow: return counted();
      case graph_function::component: return component_number();
      case component_size: return static_cast<int128>(testing::component(name(0), window_).size());
      case connected: return testing::component(name(0), window_).contains(name(1));
      case triangles: return static_cast<int128>(triangles_of(name(0), window_));
      case core: return static_cast<int128>(core_of(name(0)));
      case hops: return hops_of();
      case cycle: return of_edge(&question::closes_cycle);
      case path: return leads();
      case scatter_gather: return of_edge(&question::gathers);
      case gather_scatter: return of_edge(&question::scatters);
      default: return at_refresh();
    }
  }

  /// Vertices at the last refresh.
  std::size_t vertices_then() const { return testing::vertices_of(then()).size(); }

 private:
  bool is_of_edge() const { return cep::shows_edges(asked_.function) && asked_.function != graph_function::path; }
  std::string name(std::size_t arg) const { return std::get<std::string>(evaluate(call_.args[arg], context_)); }

  void add(std::size_t place) {
    const plain_event& event = context_.events[place];
    if (event.type != shape_.event) return;
    const naive_value from = read_field(event, shape_.from);
    const naive_value to = read_field(event, shape_.to);
    if (is_missing(from) || is_missing(to)) return;
    if (place_ ? place > *place_ : event.at > now_) return;
    named_edge edge{
        .place = place, .from = std::get<std::string>(from), .to = std::get<std::string>(to), .at = event.at};
    const naive_value weight = shape_.weight ? read_field(event, *shape_.weight) : missing;
    if (!is_missing(weight)) edge.weight = static_cast<std::int64_t>(std::get<int128>(weight));
    seen_.push_back(std::move(edge));
  }

  naive_value counted() const {
    using enum graph_function;
    const bool in = asked_.function == in_degree || asked_.function == fan_in || asked_.function == in_flow;
    vertices others;
    int128 degree = 0;
    int128 flow = 0;
    for (const named_edge& e : since(window_, earlier(now_, asked_.length.value_or(shape_.keep)))) {
      if ((in ? e.to : e.from) != name(0)) continue;
      others.insert(in ? e.from : e.to);
      ++degree;
      flow += e.weight;
    }
    if (asked_.function == in_degree || asked_.function == out_degree) return degree;
    if (asked_.function == in_flow || asked_.function == out_flow) return flow;
    return static_cast<int128>(others.size());
  }

  naive_value component_number() const {
    component_numbers numbers(shape_.keep);
    for (const named_edge& e : seen_) numbers.insert(e);
    numbers.expire(now_);
    const auto number = numbers.number(name(0));
    return number ? naive_value(static_cast<int128>(*number)) : missing;
  }

  static bool adjacent(const std::string& a, const std::string& b, const edges& of) {
    return a != b && std::ranges::any_of(of, [&](const named_edge& e) {
             return (e.from == a && e.to == b) || (e.from == b && e.to == a);
           });
  }
  static vertices neighbours(const std::string& v, const edges& of) {
    vertices near;
    for (const std::string& other : testing::vertices_of(of)) {
      if (adjacent(v, other, of)) near.insert(other);
    }
    return near;
  }
  static std::size_t triangles_of(const std::string& v, const edges& of) {
    std::size_t count = 0;
    const vertices near = neighbours(v, of);
    for (const std::string& a : near) {
      for (const std::string& b : near) count += a < b && adjacent(a, b, of) ? 1 : 0;
    }
    return count;
  }

  // "The greatest k such that it is in a set of vertices each of which has k neighbours in the set."
  std::size_t core_of(const std::string& v) const {
    for (std::size_t k = 1;; ++k) {
      edges left = window_;
      for (std::size_t before = left.size() + 1; before != left.size();) {
        before = left.size();
        for (const std::string& weak : testing::vertices_of(left)) {
          if (neighbours(weak, left).size() >= k) continue;
          std::erase_if(left, [&](const named_edge& e) { return e.from == weak || e.to == weak; });
        }
      }
      if (!testing::vertices_of(left).contains(v)) return k - 1;
    }
  }

  vertices listed() const {
    const auto& values = context_.data->lists[*asked_.list].values;
    return {values.begin(), values.end()};
  }
  naive_value hops_of() const {
    const auto steps = steps_from(listed(), window_);
    const auto found = steps.find(name(0));
    if (found == steps.end() || found->second > asked_.most) return missing;
    return static_cast<int128>(found->second);
  }

  // ---- about an edge

  naive_value of_edge(bool (question::*holds)(const named_edge&) const) const {
    const cep::expression& arg = call_.args.front();
    std::optional<std::size_t> wanted;
    if (arg.op == cep::operation::this_event) {
      wanted = static_cast<std::size_t>(context_.at_hand - context_.events.data());
    } else if (!context_.bound[arg.index].empty()) {
      const auto& run = context_.bound[arg.index];
      wanted = arg.op == cep::operation::first_event ? run.front() : run.back();
    }
    for (const named_edge& e : window_) {
      if (e.place == wanted) return (this->*holds)(e);
    }
    return missing;
  }

  bool closes_cycle(const named_edge& last) const {
    if (last.from == last.to) return asked_.least <= 1;
    if (asked_.most < 2) return false;
    const way_search search(window_, asked_);
    const std::size_t least = asked_.least <= 1 ? 0 : asked_.least - std::size_t{1};
    return search.leads(last.to, last.from, least, asked_.most - std::size_t{1}, nullptr, nullptr, &last, {last.to});
  }

  naive_value leads() const {
    const std::string from = name(0);
    if (from == name(1)) return false;
    return way_search(window_, asked_).leads(from, name(1), 0, asked_.most, nullptr, nullptr, nullptr, {from});
  }

  edges up_to(const named_edge& e) const {
    edges kept;
    for (const named_edge& other : since(window_, earlier(e.at, *asked_.length))) {
      if (other.place <= e.place) kept.push_back(other);
    }
    return kept;
  }

  bool gathers(const named_edge& last) const {
    const edges all = up_to(last);
    const std::string& sink = last.to;
    for (const std::string& source : testing::vertices_of(all)) {
      vertices middlemen;
      for (const named_edge& paid : all) {
        for (const named_edge& pays : all) {
          const bool over = paid.from == source && paid.to == pays.from && pays.to == sink && paid.at < pays.at;
          if (over && source != sink && paid.to != source && paid.to != sink) middlemen.insert(paid.to);
        }
      }
      if (middlemen.size() >= asked_.least) return true;
    }
    return false;
  }

  bool scatters(const named_edge& last) const {
    const edges all = up_to(last);
    for (const named_edge& moment : all) {
      vertices payers;
      vertices payees;
      for (const named_edge& e : all) {
        if (e.to == last.from && e.from != last.from && e.place <= moment.place) payers.insert(e.from);
        if (e.from == last.from && e.to != last.from && e.at > moment.at) payees.insert(e.to);
      }
      if (payers.size() >= asked_.least && payees.size() >= asked_.least) return true;
    }
    return false;
  }

  // ---- as of the last refresh

  /// "The last multiple of `refresh` that is not after now: the graph before any event of that time."
  edges then() const {
    const std::int64_t every = shape_.refresh->count();
    std::int64_t t = now_.time_since_epoch().count();
    while (t % every != 0) --t;
    edges before;
    for (const named_edge& e : since(seen_, earlier(stream::timestamp{stream::duration{t}}, shape_.keep))) {
      if (e.at.time_since_epoch().count() < t) before.push_back(e);
    }
    return before;
  }

  naive_value at_refresh() const {
    const edges of = then();
    const vertices all = testing::vertices_of(of);
    if (!all.contains(name(0))) return missing;
    if (asked_.function == graph_function::clustering) {
      const std::size_t near = neighbours(name(0), of).size();
      if (near < 2) return 0.0;
      const double pairs = static_cast<double>(near) * static_cast<double>(near - 1) / 2;
      return static_cast<double>(triangles_of(name(0), of)) / pairs;
    }
    if (asked_.function == graph_function::betweenness) return between(of, all);
    return rank(of, all);
  }

  // How long the shortest ways from a vertex are, and how many there are.
  struct ways {
    std::map<std::string, std::size_t> steps;
    std::map<std::string, double> count;
  };
  static ways ways_from(const std::string& source, const edges& of) {
    std::set<std::pair<std::string, std::string>> pairs;
    for (const named_edge& e : of) pairs.insert({e.from, e.to});
    ways found{.steps = {{source, 0}}, .count = {{source, 1}}};
    for (std::size_t level = 0;; ++level) {
      std::map<std::string, double> next;
      for (const auto& [from, to] : pairs) {
        const auto at = found.steps.find(from);
        if (at != found.steps.end() && at->second == level && !found.steps.contains(to)) next[to] += found.count[from];
      }
      if (next.empty()) return found;
      for (const auto& [v, count] : next) {
        found.steps[v] = level + 1;
        found.count[v] = count;
      }
    }
  }

  // "Over all pairs of other vertices, the share of the shortest ways from one to the other that lead over it."
  double between(const edges& of, const vertices& all) const {
    const std::string v = name(0);
    const ways from_v = ways_from(v, of);
    double sum = 0;
    for (const std::string& s : all) {
      const ways from_s = ways_from(s, of);
      if (s == v || !from_s.steps.contains(v)) continue;
      for (const auto& [t, steps] : from_s.steps) {
        if (t == s || t == v || !from_v.steps.contains(t)) continue;
        const bool over = from_s.steps.at(v) + from_v.steps.at(t) == steps;
        if (over) sum += from_s.count.at(v) * from_v.count.at(t) / from_s.count.at(t);
      }
    }
    return sum;
  }

  double start(const std::string& v) const {
    if (!asked_.list) return 1;
    const vertices seeds = listed();
    return seeds.contains(v) ? 1.0 / static_cast<double>(seeds.size()) : 0;
  }

  // The fixed point, by going round until nothing moves.
  double rank(const edges& of, const vertices& all) const {
    constexpr double damping = 0.85;
    std::map<std::string, double> ranks;
    std::map<std::string, std::size_t> degrees;
    for (const named_edge& e : of) ++degrees[e.from];
    for (int round = 0; round < 200; ++round) {
      std::map<std::string, double> next;
      for (const std::string& v : all) next[v] = (1 - damping) * start(v);
      for (const named_edge& e : of) next[e.to] += damping * ranks[e.from] / static_cast<double>(degrees[e.from]);
      ranks = std::move(next);
    }
    return ranks[name(0)];
  }

  const cep::expression& call_;
  const cep::graph_question& asked_;
  const naive_context& context_;
  const cep::graph_shape& shape_;
  std::optional<std::size_t> place_;  // none: a deadline, behind all events of its time
  stream::timestamp now_;
  edges seen_;    // up to now
  edges window_;  // and not older than the graph keeps
};

}  // namespace

naive_value answer(const cep::expression& call, const naive_context& context) {
  return question(call, context).value();
}

double tolerance_of(const cep::expression& call, const naive_context& context) {
  using enum graph_function;
  if (call.question->function != pagerank && call.question->function != risk) return 1e-9;
  constexpr double error_max = 5e-5;
  const double mass = call.question->list ? 1 : static_cast<double>(question(call, context).vertices_then());
  return error_max * (mass + 100) * 1.01;
}

}  // namespace weir::testing
