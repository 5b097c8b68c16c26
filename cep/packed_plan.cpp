#include "cep/packed_plan.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "cep/block_pool.hpp"
#include "cep/condition_split.hpp"
#include "cep/register_value.hpp"
#include "cep/window_state.hpp"

namespace weir::cep {

namespace {

constexpr std::size_t registers_max = 2;
constexpr row_offset asked_for = 0;  // a place in the row that is not known yet

bool fits_cell(value_kind kind) {
  return kind == value_kind::exact || kind == value_kind::text || kind == value_kind::entity;
}

/// `here = p.there`: a field of the events counted and one of the event that ends the match.
struct equal_fields {
  stream::field_id here{};
  stream::field_id there{};
};

/// The only thing that the events of a count have in common with the match.
std::optional<equal_fields> equality_of(const expression& join, std::size_t last_step) {
  if (join.op != operation::equal) return std::nullopt;
  const bool bound_first = join.args[0].op == operation::bound_field;
  const expression& here = join.args[bound_first ? 1 : 0];
  const expression& there = join.args[bound_first ? 0 : 1];
  const bool plain = here.op == operation::field && there.op == operation::bound_field && there.index == last_step &&
                     here.type == there.type && here.field != at_field && there.field != at_field;
  if (!plain || !fits_cell(here.type.kind)) return std::nullopt;
  return equal_fields{here.field, there.field};
}

bool is_simple(const aggregate& a, const pattern& p, const stream::schema& types) {
  const bool timed =
      std::holds_alternative<time_extent>(a.window.extent) || std::holds_alternative<calendar_extent>(a.window.extent);
  if (!timed) return false;
  if (reads_bound(a.events.where)) {
    const bool counts = a.function == aggregate_function::count && !a.field && last_absences(p).empty();
    return counts && equality_of(split(a.events.where).join, steps_of(p).size() - 1);
  }
  if (a.function == aggregate_function::count) return true;
  if (!a.field || *a.field == at_field) return false;
  const value_kind kind = type_of(types[a.events.type][*a.field].type).kind;
  if (a.function == aggregate_function::distinct) return fits_cell(kind);
  const bool sums = a.function == aggregate_function::sum || a.function == aggregate_function::avg;
  return sums && kind == value_kind::exact;
}

/// The field of `field is not missing`.
std::optional<stream::field_id> field_asked_for(const expression& e) {
  if (e.op != operation::logical_not || e.args[0].op != operation::is_missing) return std::nullopt;
  const expression& read = e.args[0].args[0];
  const bool plain = read.op == operation::field && read.field != at_field;
  return plain ? std::optional{read.field} : std::nullopt;
}

int surplus_of(const value_type& type) { return type.digits - base_digits(type); }

class planner {
 public:
  explicit planner(const planning& with) : with_(with) {}

  void add(const pattern& p, std::uint32_t index) {
    packed_pattern& made = plan_.patterns.emplace_back();
    made.index = index;
    made.within = p.body.within;
    if (const auto at_end = last_absences(p); !at_end.empty()) made.patience = *at_end.front()->within;
    add_steps(p, made);
    for (const aggregate& a : p.aggregates) made.aggregates.push_back(add_aggregate(a, made));
    add_condition(p, made);
    if (p.emit == emission::first) made.silence = p.body.within.value_or(stream::duration{});
    if (p.suppress) made.suppress.emplace(p, index, with_);
    add_guards(p, made);
  }

  packed_plan finish() {
    std::ranges::move(track_roles_, std::back_inserter(plan_.roles));
    std::ranges::move(pattern_roles_, std::back_inserter(plan_.roles));
    std::ranges::move(candidate_roles_, std::back_inserter(plan_.roles));
    lay_out();
    return std::move(plan_);
  }

 private:
  using part_kind = packed_role::part_kind;

  std::uint32_t pattern_at_hand() const { return static_cast<std::uint32_t>(plan_.patterns.size() - 1); }

  std::optional<evaluator> ready(const expression& e) const {
    return is_always(e) ? std::nullopt : std::optional{evaluator{e, with_.names, with_.lookups}};
  }

  packed_role role_of(const event_filter& events, const split_condition& where, part_kind part) const {
    packed_role made;
    made.guard = with_.shared.add(events.type, where.local);
    made.type = events.type;
    made.key = events.keys.front();
    made.part = part;
    made.pattern = pattern_at_hand();
    made.of_subject = ready(where.of_subject);
    return made;
  }

  // ---- steps

  void add_steps(const pattern& p, packed_pattern& made) {
    steps_ = steps_of(p);
    registers_.clear();
    std::optional<packed_role> ends;
    const std::size_t first_role = pattern_roles_.size();
    std::vector<const absence*> before;
    for (const auto& part : p.body.parts) {
      if (const auto* none = std::get_if<absence>(&part)) {
        before.push_back(none);
        continue;
      }
      const std::size_t number = made.steps.size();
      packed_step& step = made.steps.emplace_back();
      const split_condition where = split(steps_[number]->events.where);
      step.join = join_of(where.join, steps_[number]->events.type);
      for (const absence* none : std::exchange(before, {})) {
        step.before.push_back(add_absence(*none, p, number));
      }
      if (number + 1 == steps_.size()) {
        ends = role_of(steps_[number]->events, where, part_kind::end);
      } else {
        step.candidates = add_candidates(p, made, number, where);
      }
    }
    for (const absence* none : before) made.at_end = add_absence(*none, p, steps_.size());
    if (made.at_end) made.deadlines = add_patience(made.patience);
    share_absences(made);
    // A match may end at an event before that event ends candidates; what an event breaks, it breaks before it begins
    // to wait itself.
    if (made.at_end) {
      ends->part = part_kind::arm;
      pattern_roles_.push_back(std::move(*ends));
    } else {
      pattern_roles_.insert(pattern_roles_.begin() + static_cast<std::ptrdiff_t>(first_role), std::move(*ends));
    }
  }

  /// Absences between two steps are kept in their own queues, but for two common cases: where nothing but the last step
  /// is waited for, the event ends the candidates; where only the deadline is, it ends the deadlines.
  packed_absence add_absence(const absence& a, const pattern& p, std::size_t bound) {
    const split_condition where = split(a.events.where);
    packed_absence made{.events = nowhere, .join = join_of(where.join, a.events.type)};
    packed_role role = role_of(a.events, where, part_kind::absence);
    const bool free_of_join = is_always(where.join);
    if (free_of_join && bound == steps_.size()) {
      role.part = part_kind::breaks;
    } else if (free_of_join && bound + 1 == steps_.size() && last_absences(p).empty()) {
      role.part = part_kind::clears;
      role.index = plan_.patterns.back().steps[bound - 1].candidates;
    } else {
      made.events = static_cast<row_offset>(kept_absences_.size());  // its place in the row when all are known
      role.state = made.events;
      kept_absences_.push_back(nowhere);
    }
    pattern_roles_.push_back(std::move(role));
    return made;
  }

  /// An absence that clears or breaks is not looked for again.
  static void share_absences(packed_pattern& made) {
    const auto settled = [](const packed_absence& a) { return a.events == nowhere; };
    for (packed_step& step : made.steps) std::erase_if(step.before, settled);
  }

  std::uint32_t add_candidates(const pattern& p, const packed_pattern& made, std::size_t number,
                               const split_condition& where) {
    candidate_track track;
    collect_registers(p, number, track);
    track.horizon = made.horizon_of(steps_.size());
    const event_filter& events = steps_[number]->events;
    std::string key = std::to_string(static_cast<int>(events.type)) + " " +
                      std::to_string(static_cast<int>(events.keys.front())) + " " + to_text(where.local) + " " +
                      to_text(where.of_subject) + " " + std::to_string(track.horizon.count());
    for (const stream::field_id field : track.registers) key += " #" + std::to_string(static_cast<int>(field));
    if (may_be_cleared(p)) key += " of " + std::to_string(made.index) + "." + std::to_string(number);
    const auto [known, is_new] = candidates_.try_emplace(key, static_cast<std::uint32_t>(plan_.candidates.size()));
    registers_.push_back(track.registers);
    if (!is_new) return known->second;
    plan_.candidates.push_back(std::move(track));
    packed_role role = role_of(events, where, part_kind::candidate);
    role.index = known->second;
    candidate_roles_.push_back(std::move(role));
    return known->second;
  }

  static bool may_be_cleared(const pattern& p) {
    return std::ranges::any_of(p.body.parts, [](const auto& part) { return std::holds_alternative<absence>(part); });
  }

  // ---- joins

  bool fits_register(stream::event_type_id type, stream::field_id field) const {
    if (field == at_field) return false;
    const stream::field& described = with_.types[type][field];
    const value_type type_read = type_of(described.type);
    return !described.optional && (type_read.kind == value_kind::exact || type_read.kind == value_kind::text ||
                                   type_read.kind == value_kind::entity);
  }

  struct register_use {
    stream::field_id here{};
    std::uint16_t step = 0;
    stream::field_id there{};
    operation op{};
    value_kind kind{};
  };
  /// `here.field OP bound.field` where both are always present and in the same digits.
  std::optional<register_use> use_of(const expression& part, stream::event_type_id type) const {
    if (!is_comparison(part.op)) return std::nullopt;
    const bool bound_first = part.args[0].op == operation::bound_field;
    const expression& here = part.args[bound_first ? 1 : 0];
    const expression& there = part.args[bound_first ? 0 : 1];
    if (here.op != operation::field || there.op != operation::bound_field || here.type != there.type) {
      return std::nullopt;
    }
    const bool fits = fits_register(type, here.field) && fits_register(steps_[there.index]->events.type, there.field);
    if (!fits) return std::nullopt;
    return register_use{here.field, there.index, there.field, bound_first ? mirrored(part.op) : part.op,
                        here.type.kind};
  }

  /// The fields of step `number` that later steps' joins compare with.
  void collect_registers(const pattern& p, std::size_t number, candidate_track& track) const {
    const auto look = [&](const event_filter& events) {
      for (const expression& part : conjuncts(split(events.where).join)) {
        const auto use = use_of(part, events.type);
        if (!use || use->step != number || track.registers.size() == registers_max) continue;
        if (std::ranges::find(track.registers, use->there) != track.registers.end()) continue;
        track.registers.push_back(use->there);
        track.kinds.push_back(use->kind);
      }
    };
    for (const auto& part : p.body.parts) {
      if (const auto* group = std::get_if<step_group>(&part)) look(group->steps.front().events);
    }
  }

  packed_join join_of(const expression& join, stream::event_type_id type) const {
    packed_join made;
    expression rest = always();
    for (expression& part : conjuncts(join)) {
      const auto use = use_of(part, type);
      const auto* known = use && use->step < registers_.size() ? &registers_[use->step] : nullptr;
      const auto at = known != nullptr ? std::ranges::find(*known, use->there) : decltype(known->begin()){};
      if (known != nullptr && at != known->end()) {
        made.quick.push_back(
            {use->here, use->kind, use->op, use->step, static_cast<std::uint8_t>(at - known->begin())});
      } else {
        rest = both(std::move(rest), std::move(part));
      }
    }
    made.rest = ready(rest);
    return made;
  }

  /// Those whose misfortunes are the pattern's, whether it shares them or not.
  void add_guards(const pattern& p, packed_pattern& made) const {
    const auto note = [&](const event_filter& events) {
      made.guards.push_back(with_.shared.add(events.type, split(events.where).local));
    };
    for (const auto& part : p.body.parts) {
      if (const auto* none = std::get_if<absence>(&part)) note(none->events);
    }
    for (const step* s : steps_) note(s->events);
    for (const aggregate& a : p.aggregates) note(a.events);
    std::ranges::sort(made.guards);
    const auto repeated = std::ranges::unique(made.guards);
    made.guards.erase(repeated.begin(), repeated.end());
  }

  // ---- windows

  packed_aggregate add_aggregate(const aggregate& a, packed_pattern& made) {
    split_condition where = split(a.events.where);
    const auto equality = equality_of(where.join, steps_.size() - 1);
    std::optional<stream::field_id> field = equality ? std::optional{equality->here} : a.field;
    if (a.function == aggregate_function::count && !field) field = take_presence(where, a.events.type);
    const std::uint32_t track = track_of(a, where, field, equality.has_value());
    if (std::ranges::find(made.tracks, track) == made.tracks.end()) made.tracks.push_back(track);
    const std::uint32_t number = window_of(plan_.tracks[track].windows, a.window);
    packed_window& window = plan_.tracks[track].windows[number];
    const bool tells_apart = a.function == aggregate_function::distinct;
    if (tells_apart) window.counts = asked_for;
    if (!tells_apart && a.function != aggregate_function::count) window.sum = asked_for;
    packed_aggregate asked{.function = a.function, .prior = a.window.prior, .track = track, .window = number};
    if (!equality) return asked;
    asked.equals = equality->there;
    asked.kind = plan_.tracks[track].type.kind;
    return asked;
  }

  /// Counting events that have a field is counting the field.
  std::optional<stream::field_id> take_presence(split_condition& where, stream::event_type_id type) const {
    std::optional<stream::field_id> taken;
    expression rest = always();
    for (expression& part : conjuncts(where.local)) {
      const auto asked = taken ? std::nullopt : field_asked_for(part);
      if (asked && fits_cell(type_of(with_.types[type][*asked].type).kind)) {
        taken = asked;
      } else {
        rest = both(std::move(rest), std::move(part));
      }
    }
    if (taken) where.local = std::move(rest);
    return taken;
  }

  static std::uint32_t window_of(std::vector<packed_window>& windows, const window& asked) {
    const auto* periods = std::get_if<calendar_extent>(&asked.extent);
    const stream::duration length = window_shape{.window = asked, .field = {}, .field_type = {}}.horizon();
    const auto same = [&](const packed_window& w) {
      return periods != nullptr ? w.periods && w.periods->extent == *periods : !w.periods && w.length == length;
    };
    const auto known = std::ranges::find_if(windows, same);
    const auto number = static_cast<std::uint32_t>(known - windows.begin());
    if (known != windows.end()) return number;
    packed_window& made = windows.emplace_back();
    made.length = length;
    if (periods != nullptr) made.periods = packed_periods{.extent = *periods, .days = calendar(*periods)};
    return number;
  }

  /// Counting a filter's events needs no field, so it shares the track of any field that they all have. `values`: it
  /// is asked for the field's values.
  std::uint32_t track_of(const aggregate& a, const split_condition& where, std::optional<stream::field_id> field,
                         bool values) {
    const bool counts = a.function == aggregate_function::count && !values;
    const auto always_there = [&](stream::field_id one) { return !with_.types[a.events.type][one].optional; };
    const bool plain_count = counts && (!field || *field == at_field || always_there(*field));
    const std::string key = std::to_string(static_cast<int>(a.events.type)) + " " +
                            std::to_string(static_cast<int>(a.events.keys.front())) + " " + to_text(where.local) + " " +
                            to_text(where.of_subject);
    for (std::uint32_t i = 0; i < plan_.tracks.size(); ++i) {
      if (track_keys_[i] != key) continue;
      track_shape& track = plan_.tracks[i];
      const bool whole = !track.field || always_there(*track.field);
      if (plain_count && whole) return i;
      if (!plain_count && track.field == field) return i;
      if (!plain_count && !track.field && always_there(*field)) {
        take_field(track, *field, a.events.type);
        return i;
      }
    }
    track_keys_.push_back(key);
    track_shape& track = plan_.tracks.emplace_back();
    if (!plain_count) take_field(track, *field, a.events.type);
    packed_role role = role_of(a.events, where, part_kind::track);
    const auto number = static_cast<std::uint32_t>(plan_.tracks.size() - 1);
    role.index = number;
    track_roles_.push_back(std::move(role));
    return number;
  }

  void take_field(track_shape& track, stream::field_id field, stream::event_type_id type) const {
    track.field = field;
    track.type = type_of(with_.types[type][field].type);
  }

  void add_condition(const pattern& p, packed_pattern& made) const {
    expression rest = always();
    for (expression& part : conjuncts(p.condition)) {
      const auto threshold = threshold_of(part, made);
      const auto counts = threshold ? count_range_of(*threshold) : std::nullopt;
      if (counts) made.counts.push_back(*counts);
      const bool settled = counts && threshold->aggregate.function == aggregate_function::count;
      if (settled) continue;
      if (threshold) {
        made.thresholds.push_back(*threshold);
      } else {
        rest = both(std::move(rest), std::move(part));
      }
    }
    made.average_filter = average_filter_of(rest, made);
    made.condition = ready(rest);
    made.condition_reads_bound = reads_bound(rest) || reads(rest, operation::span);
    std::vector<bool> read(p.aggregates.size());
    mark_aggregates(rest, read);
    for (std::size_t i = 0; i < read.size(); ++i) made.aggregates[i].in_condition = read[i];
  }

  static std::optional<packed_threshold> threshold_of(const expression& part, const packed_pattern& made) {
    if (!is_comparison(part.op)) return std::nullopt;
    const bool constant_first = part.args[0].op == operation::literal;
    const expression& read = part.args[constant_first ? 1 : 0];
    const expression& constant = part.args[constant_first ? 0 : 1];
    const bool fits = read.op == operation::aggregate && constant.op == operation::literal &&
                      read.type.kind == value_kind::exact && constant.type.kind == value_kind::exact;
    if (!fits || constant.type.digits > read.type.digits) return std::nullopt;
    int128 number = std::get<int128>(constant.constant);
    if (!rescale(number, constant.type.digits, read.type.digits)) return std::nullopt;
    return packed_threshold{made.aggregates[read.index], constant_first ? mirrored(part.op) : part.op, number};
  }

  /// The counts that a threshold asks for, where they are in one piece: of a count, all that it asks; of distinct
  /// values how many events there must be for so many.
  static std::optional<packed_count_range> count_range_of(const packed_threshold& t) {
    const bool tells_apart = t.aggregate.function == aggregate_function::distinct;
    const bool counts = t.aggregate.function == aggregate_function::count && !t.aggregate.equals;
    if ((!counts && !tells_apart) || t.op == operation::not_equal) return std::nullopt;
    constexpr int128 greatest = std::numeric_limits<std::uint32_t>::max();
    int128 least = 0;
    int128 most = greatest;
    switch (t.op) {
      case operation::equal: least = most = t.constant; break;
      case operation::less: most = t.constant - 1; break;
      case operation::less_equal: most = t.constant; break;
      case operation::greater: least = t.constant + 1; break;
      case operation::greater_equal: least = t.constant; break;
      default: std::unreachable();
    }
    if (most < 0 || least > greatest) {
      least = 1, most = 0;  // none
    } else if (tells_apart) {
      most = greatest;
    }
    return packed_count_range{.aggregate = t.aggregate,
                              .least = static_cast<std::uint32_t>(std::max<int128>(least, 0)),
                              .most = static_cast<std::uint32_t>(std::min(most, greatest))};
  }

  /// `field OP avg` or `field OP number * avg`, either way round, of a field of the event that ends the match.
  std::optional<packed_average_filter> average_filter_of(const expression& e, const packed_pattern& made) const {
    if (!is_comparison(e.op)) return std::nullopt;
    const std::uint16_t last = static_cast<std::uint16_t>(steps_.size() - 1);
    const auto is_field = [&](const expression& read) {
      return read.op == operation::bound_field && read.index == last && read.field != at_field &&
             read.type.kind == value_kind::exact && !with_.types[steps_[last]->events.type][read.field].optional;
    };
    const bool field_first = is_field(e.args[0]);
    const expression& field = e.args[field_first ? 0 : 1];
    const expression& other = e.args[field_first ? 1 : 0];
    if (!is_field(field)) return std::nullopt;
    packed_average_filter filter{.field = field.field,
                                 .type = field.type,
                                 .op = field_first ? e.op : mirrored(e.op),
                                 .surplus = surplus_of(field.type),
                                 .average = {},
                                 .factor = 1};
    const expression* average = &other;
    if (other.op == operation::multiply) {
      const bool number_first = other.args[0].op == operation::literal;
      const expression& number = other.args[number_first ? 0 : 1];
      if (number.op != operation::literal || number.type.kind != value_kind::exact) return std::nullopt;
      filter.factor = to_real(std::get<int128>(number.constant), number.type);
      average = &other.args[number_first ? 1 : 0];
    }
    if (average->op != operation::aggregate) return std::nullopt;
    filter.average = made.aggregates[average->index];
    if (filter.average.function != aggregate_function::avg) return std::nullopt;
    return filter;
  }

  std::uint32_t add_patience(stream::duration patience) {
    const auto known = std::ranges::find(plan_.patiences, patience);
    const auto number = static_cast<std::uint32_t>(known - plan_.patiences.begin());
    if (known == plan_.patiences.end()) plan_.patiences.push_back(patience);
    return number;
  }

  // ---- the row

  /// Gives everything that is kept of a subject its place, the larger parts first.
  void lay_out() {
    std::size_t row = 0;
    const auto take = [&row](row_offset& place, std::size_t bytes) {
      place = static_cast<row_offset>(row);
      row += bytes;
    };
    for (track_shape& track : plan_.tracks) {
      take(track.events, sizeof(window_queue));
      track.unit = time_unit::for_span(std::ranges::max(track.windows, {}, &packed_window::length).length.count());
    }
    for (candidate_track& track : plan_.candidates) take(track.events, sizeof(packed_queue<4>));
    for (packed_pattern& p : plan_.patterns) {
      if (p.at_end) take(p.armed, sizeof(packed_queue<2>));
    }
    for (row_offset& events : kept_absences_) take(events, sizeof(packed_queue<2>));
    for_windows([&](packed_window& w) {
      if (w.sum != nowhere) take(w.sum, sizeof(int128));
    });
    for_windows([&](packed_window& w) { take(w.head, sizeof(stream::timestamp)); });
    for (packed_pattern& p : plan_.patterns) {
      if (p.silence) take(p.silent_until, sizeof(stream::timestamp));
    }
    for_windows([&](packed_window& w) { take(w.start, sizeof(std::uint32_t)); });
    for_windows([&](packed_window& w) {
      if (w.counts != nowhere) take(w.counts, sizeof(std::uint32_t));
    });
    constexpr std::size_t line = 64;
    constexpr std::size_t alignment = 16;
    const std::size_t whole = row <= line / 2 ? alignment : line;
    plan_.row_bytes = (row + whole - 1) / whole * whole;
    settle_places();
  }

  void for_windows(const auto& visit) {
    for (track_shape& track : plan_.tracks) std::ranges::for_each(track.windows, visit);
  }

  void settle_places() {
    const auto settle_absence = [this](packed_absence& a) {
      if (a.events != nowhere) a.events = kept_absences_[a.events];
    };
    for (packed_pattern& p : plan_.patterns) {
      for (packed_step& step : p.steps) std::ranges::for_each(step.before, settle_absence);
      if (p.at_end) settle_absence(*p.at_end);
      for (packed_aggregate& a : p.aggregates) settle(a);
      for (packed_count_range& c : p.counts) settle(c.aggregate);
      for (packed_threshold& t : p.thresholds) settle(t.aggregate);
      if (p.average_filter) {
        settle(p.average_filter->average);
        p.average_filter->average_surplus = surplus_of(plan_.tracks[p.average_filter->average.track].type);
      }
    }
    for (packed_role& r : plan_.roles) {
      r.state = place_of(r);
      r.keeps = keeps(r);
      plan_.ops.push_back({.part = r.part, .index = r.index, .pattern = r.pattern, .state = r.state});
    }
  }

  void settle(packed_aggregate& a) const {
    const track_shape& track = plan_.tracks[a.track];
    a.events = track.events;
    a.start = track.windows[a.window].start;
    a.sum = track.windows[a.window].sum;
    a.counts = track.windows[a.window].counts;
  }

  bool keeps(const packed_role& r) const {
    if (r.part == part_kind::end) return plan_.patterns[r.pattern].silence.has_value();
    return r.part != part_kind::clears && r.part != part_kind::breaks;
  }

  row_offset place_of(const packed_role& r) const {
    const packed_pattern& p = plan_.patterns[r.pattern];
    switch (r.part) {
      case part_kind::track: return plan_.tracks[r.index].events;
      case part_kind::end: return p.steps.size() > 1 ? plan_.candidates[p.steps.front().candidates].events : nowhere;
      case part_kind::clears:
      case part_kind::candidate: return plan_.candidates[r.index].events;
      case part_kind::breaks:
      case part_kind::arm: return p.armed;
      case part_kind::absence: return kept_absences_[r.state];
    }
    std::unreachable();
  }

  const planning& with_;
  packed_plan plan_;
  std::vector<packed_role> track_roles_;
  std::vector<packed_role> pattern_roles_;
  std::vector<packed_role> candidate_roles_;
  std::vector<row_offset> kept_absences_;  // their places in the row, known when all is
  std::vector<std::string> track_keys_;
  std::map<std::string, std::uint32_t> candidates_;
  // Of the pattern at hand.
  std::vector<const step*> steps_;
  std::vector<std::vector<stream::field_id>> registers_;  // by step, as far as they are laid out
};

}  // namespace

stream::duration packed_pattern::horizon_of(std::size_t steps_in_all) const {
  if (steps_in_all == 1) return patience;
  if (!within) return stream::duration::max();
  return *within > stream::duration::max() - patience ? stream::duration::max() : *within + patience;
}

bool can_be_packed(const pattern& p, const stream::schema& types) {
  if (p.subjects.size() != 1 || !is_plain(p) || !questions_of(p).empty()) return false;
  return std::ranges::all_of(p.aggregates, [&](const aggregate& a) { return is_simple(a, p, types); });
}

packed_plan make_packed_plan(const std::vector<const pattern*>& patterns, const std::vector<std::uint32_t>& indexes,
                             const planning& with) {
  planner made(with);
  for (std::size_t i = 0; i < patterns.size(); ++i) made.add(*patterns[i], indexes[i]);
  return made.finish();
}

std::vector<std::vector<std::size_t>> components_of(const packed_plan& plan) {
  // A pattern joins those that it shares a track or candidates with; the first of each group stands for it.
  std::vector<std::size_t> first(plan.patterns.size());
  std::iota(first.begin(), first.end(), std::size_t{0});
  const auto group_of = [&first](std::size_t pattern) {
    while (first[pattern] != pattern) pattern = first[pattern];
    return pattern;
  };
  constexpr std::size_t nobody = ~std::size_t{0};
  std::vector<std::size_t> of_track(plan.tracks.size(), nobody);
  std::vector<std::size_t> of_candidates(plan.candidates.size(), nobody);
  const auto share = [&](std::size_t& owner, std::size_t pattern) {
    if (owner == nobody) owner = pattern;
    const std::size_t a = group_of(owner);
    const std::size_t b = group_of(pattern);
    first[std::max(a, b)] = std::min(a, b);
  };
  for (std::size_t i = 0; i < plan.patterns.size(); ++i) {
    const packed_pattern& p = plan.patterns[i];
    for (const std::uint32_t track : p.tracks) share(of_track[track], i);
    for (std::size_t step = 0; step + 1 < p.steps.size(); ++step) share(of_candidates[p.steps[step].candidates], i);
  }
  std::vector<std::vector<std::size_t>> groups;
  std::vector<std::size_t> number(plan.patterns.size());
  for (std::size_t i = 0; i < plan.patterns.size(); ++i) {
    const std::size_t own = group_of(i);
    if (own == i) {
      number[i] = groups.size();
      groups.emplace_back();
    }
    groups[number[own]].push_back(i);
  }
  return groups;
}

}  // namespace weir::cep
