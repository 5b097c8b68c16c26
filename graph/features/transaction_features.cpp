#include "graph/features/transaction_features.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "graph/algorithms/temporal_cycles.hpp"
#include "graph/features/middlemen.hpp"
#include "graph/features/running_features.hpp"
#include "graph/features/simple_cycles.hpp"
#include "graph/store.hpp"

namespace weir::graph {

namespace {

// Times and windows are far enough from the ends of their numbers to be subtracted.
constexpr std::int64_t window_us_max = std::int64_t{1} << 62;
constexpr std::size_t rows_ahead = 8;  // whose vertices are asked for
constexpr std::size_t length_least = 2;
constexpr std::size_t length_greatest = 64;

std::optional<std::int64_t> within_limits(const std::optional<std::int64_t>& window_us) {
  if (!window_us) return std::nullopt;
  return std::clamp(*window_us, std::int64_t{0}, window_us_max);
}

feature_options within_limits(feature_options options) {
  for (auto* window : {&options.degree_us, &options.fan_us, &options.flow_us, &options.scatter_gather_us,
                       &options.gather_scatter_us, &options.temporal_cycles_us, &options.simple_cycles_us}) {
    *window = within_limits(*window);
  }
  options.temporal_length_max = std::clamp(options.temporal_length_max, length_least, length_greatest);
  options.simple_length_max = std::clamp(options.simple_length_max, length_least, length_greatest);
  return options;
}

std::int64_t longest(const feature_options& options) {
  std::int64_t most = 0;
  for (const auto& window : {options.degree_us, options.fan_us, options.flow_us, options.scatter_gather_us,
                             options.gather_scatter_us, options.temporal_cycles_us, options.simple_cycles_us}) {
    most = std::max(most, window.value_or(0));
  }
  return most;
}

time_us before(time_us at, std::int64_t window_us) { return time_us{static_cast<std::int64_t>(at) - window_us}; }

// The graph for a search that goes back in time from a transaction: it asks once for what leaves the target as of it,
// and else passes over what came since.
class graph_back {
 public:
  graph_back(const store& all, const as_of_view& then) : all_(all), then_(then) {}

  std::size_t vertex_count() const { return all_.vertex_count(); }
  std::size_t edge_count() const { return all_.edge_count(); }
  edge_range edges() const { return all_.edges(); }
  ring_view out_edges(vertex_id v) const { return all_.out_edges(v); }
  ring_view in_edges(vertex_id v) const { return all_.in_edges(v); }
  edge edge_of(edge_id e) const { return all_.edge_of(e); }
  time_us at(edge_id e) const { return all_.at(e); }
  std::int64_t weight(edge_id e) const { return all_.weight(e); }
  const as_of_view& as_of(edge_id, time_us) const { return then_; }

 private:
  const store& all_;
  const as_of_view& then_;
};
static_assert(directed_graph<graph_back>);

// A group that is kept up to date, over its window.
template <class Group>
class windowed {
 public:
  windowed(std::int64_t window_us, feature_table& table) : window_(window_us), group_(table) {}

  void forget_before(const store& g, time_us now) {
    window_.forget_before(g, now, [this](const edge& e) { group_.forget(e); });
  }
  void fetch(const edge& e) const { group_.fetch(e); }
  void take(const store& g, const edge& e, std::size_t row, feature_table& table) {
    forget_before(g, e.at);
    group_.add(e);
    group_.write(e, row, table);
  }

 private:
  window_edge window_;
  Group group_;
};

std::size_t add_lengths(feature_table& table, const std::string& name, const std::string& meaning, std::size_t most) {
  const std::size_t first = table.columns().size();
  for (std::size_t n = length_least; n <= most; ++n) {
    table.add<std::int64_t>(name + "_" + std::to_string(n), meaning + " of " + std::to_string(n) + " edges");
  }
  return first;
}

}  // namespace

struct transaction_features::state {
  explicit state(const feature_options& given);

  void forget_before(time_us now);
  void fetch(const edge& e) const;
  void take(const edge& e, std::size_t row);
  // Each says how many of its searches were truncated.
  std::int64_t take_middlemen(const edge& e, std::size_t row);
  std::int64_t take_temporal(const edge& e, std::size_t row);
  std::int64_t take_simple(const edge& e, std::size_t row);

  feature_options options;
  store edges;
  feature_table table;
  std::optional<windowed<degree_features>> degrees;
  std::optional<windowed<fan_features>> fans;
  std::optional<windowed<flow_features>> flows;
  window_edge temporal_window;
  middleman_search middlemen;
  simple_cycle_search simple;
  std::vector<std::uint64_t> counts;  // by length
  std::size_t scatter_gather = 0;     // columns
  std::size_t gather_scatter = 0;
  std::size_t temporal_cycles = 0;
  std::size_t simple_cycles = 0;
  std::size_t truncated = 0;
};

transaction_features::state::state(const feature_options& given)
    : options(within_limits(given)),
      edges({.keep_us = longest(options)}),
      temporal_window(options.temporal_cycles_us.value_or(0)),
      middlemen(options.steps_max),
      simple({.length_max = options.simple_length_max, .steps_max = options.steps_max}) {
  if (options.degree_us) degrees.emplace(*options.degree_us, table);
  if (options.fan_us) fans.emplace(*options.fan_us, table);
  if (options.flow_us) flows.emplace(*options.flow_us, table);
  if (options.scatter_gather_us) {
    scatter_gather = table.add<std::int64_t>(
        "scatter_gather_width", "over how many middlemen, `from` among them, one source reached `to`, the widest");
    table.add<std::int64_t>("scatter_gather_sources",
                            "sources that reached `to` over two middlemen or more, `from` among them");
  }
  if (options.gather_scatter_us) {
    gather_scatter = table.add<std::int64_t>(
        "gather_scatter_width", "the greatest w for which `from` was paid by w others and then paid w others");
  }
  if (options.temporal_cycles_us) {
    temporal_cycles = add_lengths(table, "temporal_cycles", "temporal cycles that the transaction closes,",
                                  options.temporal_length_max);
  }
  if (options.simple_cycles_us) {
    simple_cycles =
        add_lengths(table, "simple_cycles", "simple cycles through the transaction, whatever their order in time,",
                    options.simple_length_max);
  }
  truncated = table.add<std::int64_t>("truncated", "searches for the transaction that ended at their limit of steps");
}

void transaction_features::state::forget_before(time_us now) {
  if (degrees) degrees->forget_before(edges, now);
  if (fans) fans->forget_before(edges, now);
  if (flows) flows->forget_before(edges, now);
  if (options.temporal_cycles_us) temporal_window.first_at(edges, now);
}

void transaction_features::state::fetch(const edge& e) const {
  if (degrees) degrees->fetch(e);
  if (fans) fans->fetch(e);
  if (flows) flows->fetch(e);
}

void transaction_features::state::take(const edge& e, std::size_t row) {
  if (degrees) degrees->take(edges, e, row, table);
  if (fans) fans->take(edges, e, row, table);
  if (flows) flows->take(edges, e, row, table);
  std::int64_t cut = take_middlemen(e, row);
  if (options.temporal_cycles_us) cut += take_temporal(e, row);
  if (options.simple_cycles_us) cut += take_simple(e, row);
  if (cut > 0) table.set(truncated, row, cut);
}

// Who never was paid is in no pattern: most often that is all there is to know.
std::int64_t transaction_features::state::take_middlemen(const edge& e, std::size_t row) {
  std::int64_t cut = 0;
  if (edges.in_edges(e.from).empty()) return cut;
  if (options.scatter_gather_us) {
    const auto found = middlemen.to_sink(edges.as_of(e.id, before(e.at, *options.scatter_gather_us)), e);
    table.set(scatter_gather, row, static_cast<std::int64_t>(found.width));
    table.set(scatter_gather + 1, row, static_cast<std::int64_t>(found.sources));
    cut += found.truncated ? 1 : 0;
  }
  if (options.gather_scatter_us) {
    bool was_cut = false;
    const auto width = middlemen.from_middle(edges.as_of(e.id, before(e.at, *options.gather_scatter_us)), e, was_cut);
    table.set(gather_scatter, row, static_cast<std::int64_t>(width));
    cut += was_cut ? 1 : 0;
  }
  return cut;
}

std::int64_t transaction_features::state::take_temporal(const edge& e, std::size_t row) {
  const edge_id first = temporal_window.first_at(edges, e.at);
  if (edges.in_edges(e.from).empty() || edges.out_edges(e.to).empty()) return 0;
  const auto count = [this, row](cycle_view cycle) {
    table.increase(temporal_cycles + cycle.size() - length_least, row);
    return true;
  };
  const cycle_options search{.length_min = length_least,
                             .length_max = options.temporal_length_max,
                             .within_us = *options.temporal_cycles_us,
                             .steps_max = options.steps_max};
  const as_of_view then = edges.between(first, edge_id{static_cast<std::uint64_t>(e.id) + 1});
  const auto found = find_cycles(graph_back(edges, then), e, search, count);
  return found.truncated ? 1 : 0;
}

std::int64_t transaction_features::state::take_simple(const edge& e, std::size_t row) {
  if (edges.in_edges(e.from).empty() || edges.out_edges(e.to).empty()) return 0;
  const auto then = edges.as_of(e.id, before(e.at, *options.simple_cycles_us));
  if (then.in_edges(e.from).empty() || then.out_edges(e.to).empty()) return 0;
  counts.assign(options.simple_length_max + 1, 0);
  const bool whole = simple.count(then, e, counts);
  for (std::size_t n = length_least; n < counts.size(); ++n) {
    table.set(simple_cycles + n - length_least, row, static_cast<std::int64_t>(counts[n]));
  }
  return whole ? 0 : 1;
}

transaction_features::transaction_features(const feature_options& options) : state_(std::make_unique<state>(options)) {}
transaction_features::~transaction_features() = default;
transaction_features::transaction_features(transaction_features&&) noexcept = default;
transaction_features& transaction_features::operator=(transaction_features&&) noexcept = default;

const feature_table& transaction_features::apply(std::span<const edge_event> transactions) {
  auto& s = *state_;
  s.table.begin(transactions.size());
  if (transactions.empty()) return s.table;
  // As of the first one: what it forgets no later one asks for. Running counts forget it before the store does.
  s.forget_before(transactions.front().at);
  const auto& came = s.edges.apply(transactions, transactions.front().at).inserted();
  for (std::size_t row = 0; row < came.size(); ++row) {
    if (row + rows_ahead < came.size()) s.fetch(came[row + rows_ahead]);
    s.take(came[row], row);
  }
  return s.table;
}

const feature_table& transaction_features::table() const { return state_->table; }

}  // namespace weir::graph
