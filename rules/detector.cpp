#include "rules/detector.hpp"

#include <algorithm>
#include <cassert>
#include <set>
#include <tuple>
#include <utility>

#include "cep/remembered.hpp"
#include "rules/check/pattern_walk.hpp"
#include "rules/reload.hpp"
#include "stream/adapt.hpp"

namespace weir::rules {
namespace {

struct types_matched {
  const std::vector<cep::graph_shape>& graphs;
  std::set<stream::event_type_id> types{};

  void expression(const cep::expression& e, stream::event_type_id) {
    if (e.question) types.insert(graphs[e.question->graph].event);
  }
  void aggregate(const cep::aggregate&) {}
  void filter(const cep::event_filter& events) { types.insert(events.type); }
};

struct texts_made {
  bool any = false;

  void expression(const cep::expression& e, stream::event_type_id) {
    any = any || e.op == cep::operation::lower || e.op == cep::operation::upper;
  }
  void aggregate(const cep::aggregate&) {}
  void filter(const cep::event_filter&) {}
};

bool makes_texts(const rule& r) {
  texts_made made;
  walk_rule(r, made);
  return made.any || r.raise.has_value();
}

bool ends_at_deadline(const rule& r) { return !cep::last_absences(r.pattern).empty(); }

}  // namespace

detector::detector(const program& rules, stream::symbols& names, const alert_writer& writer, cep::threading threads)
    : program_(rules),
      writer_(writer),
      names_(names),
      threads_(threads),
      first_schema_(rules.schema),
      schema_(rules.schema),
      raised_(rules.schema) {
  find_active();
  for (std::uint32_t index = 0; index < strata_in_all(); ++index) add_stratum(members_of(index));
}

void detector::find_active() {
  active_ = program_.active();
  stratum_of_.clear();
  for (const rule* r : active_) stratum_of_.push_back(r->stratum);
  interns_ = std::ranges::any_of(active_, [](const rule* r) { return makes_texts(*r); });
}

std::uint32_t detector::strata_in_all() const {
  return stratum_of_.empty() ? 1 : *std::ranges::max_element(stratum_of_) + 1;
}

detector::membership detector::members_of(std::uint32_t index) const {
  membership found;
  types_matched matched{program_.data.graphs};
  for (std::size_t i = 0; i < active_.size(); ++i) {
    if (active_[i]->stratum != index) continue;
    found.rules.push_back(static_cast<std::uint32_t>(i));
    found.patterns.push_back(active_[i]->pattern);
    walk_rule(*active_[i], matched);
  }
  found.matched.assign(matched.types.begin(), matched.types.end());
  return found;
}

void detector::add_stratum(membership members) {
  strata_.push_back(
      {.rules = std::move(members.rules),
       .matched = std::move(members.matched),
       .engine = cep::engine(std::move(members.patterns), program_.data, program_.schema, names_, threads_),
       .log = {}});
}

void detector::replace(std::span<const std::optional<std::uint32_t>> kept) {
  std::vector<std::uint32_t> numbers(active_.size());  // in their engines, so far
  for (const stratum& one : strata_) {
    for (std::uint32_t own = 0; own < one.rules.size(); ++own) numbers[one.rules[own]] = own;
  }
  find_active();
  const stream::schema schema_before = std::exchange(schema_, program_.schema);
  grown_ = schema_ != first_schema_;
  const std::size_t before = strata_.size();
  for (std::uint32_t index = 0; index < std::max<std::size_t>(before, strata_in_all()); ++index) {
    membership members = members_of(index);
    if (index >= before) {
      add_stratum(std::move(members));
      continue;
    }
    std::vector<std::optional<std::uint32_t>> kept_here;
    for (const std::uint32_t r : members.rules) {
      kept_here.push_back(kept[r] ? std::optional{numbers[*kept[r]]} : std::nullopt);
    }
    stratum& one = strata_[index];
    one.engine.replace(std::move(members.patterns), kept_here, program_.data, program_.schema);
    one.rules = std::move(members.rules);
    one.matched = std::move(members.matched);
    one.log.adapt(schema_before, schema_, names_.texts());
  }
  strata_.erase(strata_.begin() + strata_in_all(), strata_.end());
}

std::span<const cep::match> detector::advance(stream::batch arrived) {
  if (grown_) stream::adapt(arrived, first_schema_, schema_, names_.texts());
  strata_[0].log.append(std::move(arrived));
  if (strata_.size() == 1) {
    const auto found = strata_[0].engine.advance(strata_[0].log);
    stop_ = strata_[0].engine.stopped();
    return found;
  }
  raised_ = stream::batch(program_.schema);
  raised_rows_.clear();
  placed_.clear();
  const stream::batch& source = strata_[0].log.last();
  places_.clear();
  for (std::size_t i = 0; i < source.size(); ++i) places_.push_back({.at = source.at(source.order()[i]), .root = i});
  take_alerts(0);
  for (std::size_t index = 1; index < strata_.size(); ++index) {
    strata_[index].log.append(batch_for(index));
    take_alerts(index);
  }
  return alerts_in_order();
}

std::span<const cep::match> detector::alerts_in_order() {
  std::ranges::sort(placed_, {}, [](const placed_alert& a) { return std::tuple(a.where, a.alert.pattern, a.number); });
  alerts_.clear();
  if (stop_) passed_over_.resize(active_.size());
  for (const placed_alert& a : placed_) {
    if (stop_ && a.where >= *stop_place_) {
      ++passed_over_[a.alert.pattern];
    } else {
      alerts_.push_back(a.alert);
    }
  }
  return alerts_;
}

/// Of the stops of several strata the first one counts, in the order of all.
void detector::note_stop(std::size_t index) {
  const auto& stopped = strata_[index].engine.stopped();
  if (!stopped) return;
  const auto first_of_batch = strata_[index].log.handle(0);
  const place where = places_[static_cast<std::uint64_t>(stopped->event) - static_cast<std::uint64_t>(first_of_batch)];
  if (stop_place_ && *stop_place_ <= where) return;
  stop_place_ = where;
  stop_ = stopped;
  stop_->pattern = strata_[index].rules[stopped->pattern];
}

void detector::take_alerts(std::size_t index) {
  stratum& own = strata_[index];
  const auto found = own.engine.advance(own.log);
  for (std::size_t i = 0; i < found.size(); ++i) {
    cep::match alert = found[i];
    alert.pattern = own.rules[alert.pattern];
    const place where = place_of(alert, index, i);
    placed_.push_back({where, alert, i});
    if (index + 1 < strata_.size()) raise(alert, index, where);
  }
  note_stop(index);
}

// A match ends at its last event, which is one of this batch, or at a deadline.
detector::place detector::place_of(const cep::match& alert, std::size_t index, std::size_t number) const {
  if (ends_at_deadline(*active_[alert.pattern])) {
    return {.at = alert.at, .deadline = true, .stage = 2 * index, .number = number};
  }
  const auto last = std::ranges::max(alert.events, {}, &cep::bound_event::handle).handle;
  const auto first_of_batch = strata_[index].log.handle(0);
  const auto at = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first_of_batch);
  assert(at < places_.size());
  return places_[at];
}

void detector::raise(const cep::match& alert, std::size_t index, place from) {
  const auto raised = writer_.append_raised(raised_, alert, strata_[index].log);
  if (!raised) return;
  from.stage = 2 * index + 1;
  from.number = raised_rows_.size();
  raised_rows_.push_back({from, *raised});
}

// What the stratum's rules match of the source's batch and of the events raised below it.
stream::batch detector::batch_for(std::size_t index) {
  const stream::batch& source = strata_[0].log.last();
  stream::batch merged(program_.schema);
  std::vector<bool> wanted(program_.schema.events().size());
  for (const auto type : strata_[index].matched) {
    wanted[static_cast<std::size_t>(type)] = true;
    merged[type] = source[type];
  }
  std::vector<placed_row> rows;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const auto row = source.order()[i];
    if (wanted[static_cast<std::size_t>(row.type)]) rows.push_back({{.at = source.at(row), .root = i}, row});
  }
  for (const placed_row& raised : raised_rows_) {
    if (!wanted[static_cast<std::size_t>(raised.row.type)]) continue;
    auto& table = merged[raised.row.type];
    table.push_from(raised_[raised.row.type], raised.row.row);
    rows.push_back({raised.where, {raised.row.type, static_cast<std::uint32_t>(table.size() - 1)}});
  }
  std::ranges::sort(rows, {}, &placed_row::where);
  places_.clear();
  for (const placed_row& r : rows) {
    merged.append_to_order(r.row);
    places_.push_back(r.where);
  }
  merged.set_watermark(source.watermark());
  return merged;
}

void detector::forget() {
  for (stratum& one : strata_) {
    one.log.drop_before(stream::saturating_add(one.log.last().watermark(), -one.engine.retention()));
  }
}

void detector::update(const reloaded& changes) {
  for (stratum& one : strata_) {
    for (const auto i : changes.lists) one.engine.replace_list(i, program_.data.lists[i]);
    for (const auto i : changes.tables) one.engine.replace_table(i, program_.data.tables[i]);
  }
}

// A graph knows a vertex as long as its last edge, and the answers about it until the next refresh.
stream::duration detector::remembered_for(const cep::pattern& p) const {
  stream::duration in_graphs{};
  for (const cep::graph_question& asked : cep::questions_of(p)) {
    const cep::graph_shape& graph = program_.data.graphs[asked.graph];
    const auto refresh = graph.refresh.value_or(stream::duration::zero());
    const bool endless = graph.keep > stream::duration::max() - refresh;
    in_graphs = std::max(in_graphs, endless ? stream::duration::max() : graph.keep + refresh);
  }
  return std::max(in_graphs, cep::remembered_for(p));
}

// What a rule remembers it may give on in an event that it raises, to a rule of a later stratum.
stream::duration detector::remembered() const {
  stream::duration sum{};
  for (const stratum& one : strata_) {
    stream::duration longest{};
    for (const auto index : one.rules) longest = std::max(longest, remembered_for(active_[index]->pattern));
    if (longest > stream::duration::max() - sum) return stream::duration::max();
    sum += longest;
  }
  return sum;
}

std::vector<cep::pattern_counters> detector::counters() const {
  std::vector<cep::pattern_counters> all(active_.size());
  for (const stratum& one : strata_) {
    const auto counted = one.engine.counters();
    for (std::size_t i = 0; i < counted.size(); ++i) all[one.rules[i]] = counted[i];
  }
  for (std::size_t i = 0; i < passed_over_.size(); ++i) all[i].matches -= passed_over_[i];
  return all;
}

std::size_t detector::live_subjects() const {
  std::size_t sum = 0;
  for (const stratum& one : strata_) sum += one.engine.live_subjects();
  return sum;
}

std::size_t detector::log_bytes() const {
  std::size_t sum = 0;
  for (const stratum& one : strata_) sum += one.log.bytes();
  return sum;
}

}  // namespace weir::rules
