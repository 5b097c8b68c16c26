#include "cep/run_plan.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "cep/block_pool.hpp"
#include "cep/condition_split.hpp"
#include "cep/register_value.hpp"

namespace weir::cep {

namespace {

/// The step of a part that is one step and nothing more.
const step* lone_step(const std::variant<step_group, absence>& part) {
  const auto* group = std::get_if<step_group>(&part);
  if (group == nullptr || group->steps.size() != 1 || group->optional || group->next) return nullptr;
  const step& only = group->steps.front();
  return only.events.keys.size() == 1 && !only.within ? &only : nullptr;
}

class planner {
 public:
  planner(const pattern& p, std::uint32_t index, const planning& with) : pattern_(p), with_(with), steps_(steps_of(p)) {
    plan_.index = index;
  }

  run_plan make() {
    plan_.run_first = !steps_.front()->count.most;
    plan_.least = run().count.least;
    plan_.within = *pattern_.body.within;
    add_roles();
    add_join();
    add_condition();
    if (pattern_.suppress) plan_.suppress.emplace(pattern_, plan_.index, with_);
    return std::move(plan_);
  }

 private:
  const step& run() const { return *steps_[run_number()]; }
  const step& single() const { return *steps_[1 - run_number()]; }
  std::uint16_t run_number() const { return plan_.run_first ? 0 : 1; }

  std::optional<evaluator> ready(const expression& e) const {
    return is_always(e) ? std::nullopt : std::optional{evaluator{e, with_.names, with_.lookups}};
  }

  void add_roles() {
    for (const step* s : steps_) {
      const split_condition where = split(s->events.where);
      packed_role made;
      made.guard = with_.shared.add(s->events.type, where.local);
      made.type = s->events.type;
      made.key = s->events.keys.front();
      made.of_subject = ready(where.of_subject);
      made.keeps = s == steps_.front();  // nothing is kept of the second step where nothing is of the first
      plan_.guards.push_back(made.guard);
      plan_.asked.roles.push_back(std::move(made));
    }
    if (plan_.guards[0] == plan_.guards[1]) plan_.guards.pop_back();
    plan_.asked.row_bytes = sizeof(packed_queue<4>) * (plan_.run_first ? 1 : 2);
  }

  // ---- registers

  /// Where the field's values are kept; none where they may be missing, are of no fitting type, or too many are kept.
  std::optional<std::uint8_t> register_of(run_plan::side& side, const step& s, stream::field_id field,
                                          const value_type& type) const {
    if (field == at_field || with_.types[s.events.type][field].optional) return std::nullopt;
    const value_kind kind = type.kind;
    if (kind != value_kind::exact && kind != value_kind::text && kind != value_kind::entity) return std::nullopt;
    if (type != type_of(with_.types[s.events.type][field].type)) return std::nullopt;
    const auto known = std::ranges::find(side.registers, field);
    const auto number = static_cast<std::uint8_t>(known - side.registers.begin());
    if (known != side.registers.end()) return number;
    if (side.registers.size() == run_plan::registers_max) return std::nullopt;
    side.registers.push_back(field);
    side.kinds.push_back(kind);
    return number;
  }

  // ---- the second step's condition

  void add_join() {
    expression rest = always();
    for (expression& part : conjuncts(split(steps_[1]->events.where).join)) {
      if (!plan_.run_first && add_comparison(part)) continue;
      rest = both(std::move(rest), std::move(part));
    }
    plan_.rest = ready(rest);
  }

  bool add_comparison(const expression& part) {
    if (!is_comparison(part.op)) return false;
    const bool bound_first = part.args[0].op == operation::bound_field;
    const expression& here = part.args[bound_first ? 1 : 0];
    const expression& there = part.args[bound_first ? 0 : 1];
    if (here.op != operation::field || there.op != operation::bound_field || here.type != there.type) return false;
    const auto of_run = register_of(plan_.run, run(), here.field, here.type);
    const auto of_single = register_of(plan_.single, single(), there.field, there.type);
    if (!of_run || !of_single) return false;
    plan_.join.push_back({*of_run, *of_single, bound_first ? mirrored(part.op) : part.op});
    return true;
  }

  // ---- when

  void add_condition() {
    expression rest = always();
    for (expression& part : conjuncts(pattern_.condition)) {
      if (auto threshold = threshold_of(part)) {
        plan_.thresholds.push_back(*threshold);
      } else {
        rest = both(std::move(rest), std::move(part));
      }
    }
    plan_.condition = ready(rest);
  }

  std::optional<run_threshold> threshold_of(const expression& part) {
    if (!is_comparison(part.op)) return std::nullopt;
    const bool run_first = part.args[0].op == operation::over_run;
    const expression& added = part.args[run_first ? 0 : 1];
    const expression& limit = part.args[run_first ? 1 : 0];
    if (added.op != operation::over_run || added.index != run_number()) return std::nullopt;
    if (added.type.kind != value_kind::exact || limit.type.kind != value_kind::exact) return std::nullopt;
    run_threshold made;
    made.op = run_first ? part.op : mirrored(part.op);
    made.sums = added.function == aggregate_function::sum;
    if (!made.sums && added.function != aggregate_function::count) return std::nullopt;
    if (!set_limit(made, limit)) return std::nullopt;
    // Both sides in the digits of the finer one.
    constexpr int digits_max = 9;
    const int digits = std::max(added.type.digits, limit.type.digits);
    if (digits - std::min(added.type.digits, limit.type.digits) > digits_max) return std::nullopt;
    rescale(made.scale, added.type.digits, digits);
    if (!rescale(made.factor, limit.type.digits, digits)) return std::nullopt;
    constexpr int128 factor_max = int128{1} << 60;  // times a field's 64 bits it fits into 128
    if (made.factor > factor_max || made.factor < -factor_max) return std::nullopt;
    if (!made.sums) return made;
    const auto summed = register_of(plan_.run, run(), added.field, added.field_type);
    if (!summed || added.field_type.kind != value_kind::exact || added.field_type.digits != added.type.digits) {
      return std::nullopt;
    }
    made.summed = *summed;
    return made;
  }

  /// A number, a number of the single event, or one times the other.
  bool set_limit(run_threshold& made, const expression& limit) {
    if (limit.op == operation::literal) {
      made.factor = std::get<int128>(limit.constant);
      return true;
    }
    const expression* field = &limit;
    made.factor = 1;
    if (limit.op == operation::multiply) {
      const bool number_first = limit.args[0].op == operation::literal;
      const expression& number = limit.args[number_first ? 0 : 1];
      field = &limit.args[number_first ? 1 : 0];
      const bool plain = number.op == operation::literal && number.type.kind == value_kind::exact &&
                         limit.type.digits == number.type.digits + field->type.digits;
      if (!plain) return false;
      made.factor = std::get<int128>(number.constant);
    }
    if (field->op != operation::bound_field || field->index != 1 - run_number()) return false;
    if (field->type.kind != value_kind::exact) return false;
    made.of_single = register_of(plan_.single, single(), field->field, field->type);
    return made.of_single.has_value();
  }

  const pattern& pattern_;
  const planning& with_;
  std::vector<const step*> steps_;
  run_plan plan_;
};

}  // namespace

bool is_run_pair(const pattern& p) {
  if (p.subjects.size() != 1 || p.body.parts.size() != 2 || !p.body.within || p.body.within_events) return false;
  if (p.emit != emission::each || !p.aggregates.empty() || !questions_of(p).empty()) return false;
  const step* const first = lone_step(p.body.parts[0]);
  const step* const second = lone_step(p.body.parts[1]);
  if (first == nullptr || second == nullptr) return false;
  const auto is_run = [](const step& s) { return !s.count.most; };
  return is_run(*first) ? second->count.single() : first->count.single() && is_run(*second);
}

run_plan make_run_plan(const pattern& p, std::uint32_t index, const planning& with) {
  return planner{p, index, with}.make();
}

}  // namespace weir::cep
