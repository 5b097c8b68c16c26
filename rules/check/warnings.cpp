#include "rules/check/warnings.hpp"

#include <algorithm>

#include "rules/check/literals.hpp"

namespace weir::rules {
namespace {

using cep::expression;
using cep::int128;
using cep::operation;

// What the conjuncts of one condition say about one value.
struct limits {
  const expression* value = nullptr;
  std::optional<int128> least{};  // in the value's own digits, both ends included
  std::optional<int128> greatest{};
  const expression* equal = nullptr;
  bool never = false;
};

// `constant op value` read from the other side.
operation mirrored(operation op) {
  switch (op) {
    case operation::less: return operation::greater;
    case operation::less_equal: return operation::greater_equal;
    case operation::greater: return operation::less;
    case operation::greater_equal: return operation::less_equal;
    default: return op;
  }
}

int128 floor_division(int128 a, int128 b) { return a / b - (a % b < 0 ? 1 : 0); }

// The constant in the value's digits, rounded down, and whether that was exact.
struct brought {
  int128 floor = 0;
  bool exact = true;
};
std::optional<brought> brought_to(const expression& constant, int digits) {
  const auto number = std::get<int128>(constant.constant);
  if (constant.type.digits <= digits) {
    const auto up = scaled(number, digits - constant.type.digits);
    return up ? std::optional(brought{*up, true}) : std::nullopt;
  }
  const auto by = scaled(1, constant.type.digits - digits);
  if (!by) return std::nullopt;
  return brought{floor_division(number, *by), number % *by == 0};
}

void at_least(limits& on, int128 n) { on.least = on.least ? std::max(*on.least, n) : n; }
void at_most(limits& on, int128 n) { on.greatest = on.greatest ? std::min(*on.greatest, n) : n; }

void narrow_number(limits& on, operation op, const expression& constant) {
  const auto c = brought_to(constant, on.value->type.digits);
  if (!c) return;
  switch (op) {
    case operation::equal:
      if (!c->exact) on.never = true;
      at_least(on, c->floor);
      at_most(on, c->floor);
      break;
    case operation::less: at_most(on, c->exact ? c->floor - 1 : c->floor); break;
    case operation::less_equal: at_most(on, c->floor); break;
    case operation::greater: at_least(on, c->floor + 1); break;
    case operation::greater_equal: at_least(on, c->exact ? c->floor : c->floor + 1); break;
    default: break;
  }
  if (on.least && on.greatest && *on.least > *on.greatest) on.never = true;
}

void narrow_name(limits& on, operation op, const expression& constant) {
  if (op != operation::equal) return;
  if (on.equal != nullptr && *on.equal != constant) on.never = true;
  on.equal = &constant;
}

bool is_exact(const expression& e) { return e.type.kind == cep::value_kind::exact; }

bool never_true(const expression& condition) {
  const auto parts = cep::conjuncts(condition);
  const auto is_false = [](const expression& e) { return is_literal(e) && e.constant == cep::constant_value(false); };
  if (std::ranges::any_of(parts, is_false)) return true;
  std::vector<limits> all;
  for (const auto& part : parts) {
    if (part.args.size() != 2) continue;
    const bool constant_first = is_literal(part.args[0]);
    if (constant_first == is_literal(part.args[1])) continue;
    const auto& value = part.args[constant_first ? 1 : 0];
    const auto& constant = part.args[constant_first ? 0 : 1];
    const auto op = constant_first ? mirrored(part.op) : part.op;
    auto known = std::ranges::find_if(all, [&](const limits& l) { return *l.value == value; });
    if (known == all.end()) known = all.insert(all.end(), limits{.value = &value});
    if (is_exact(value) && is_exact(constant)) {
      narrow_number(*known, op, constant);
    } else if (value.type.kind == constant.type.kind) {
      narrow_name(*known, op, constant);
    }
  }
  return std::ranges::any_of(all, &limits::never);
}

}  // namespace

void warn_if_never(const expression& condition, source_span where, workplace& work) {
  if (never_true(condition)) work.found.warning(where, "this condition can't be true");
}

void warn_no_subject(const rule& r, workplace& work) {
  work.found.warning(r.where, "the rule " + quoted(r.name) + " has no subject: it holds for the whole stream at once",
                     "all its events share one state and one thread; write for SUBJECT to hold it for each one apart");
}

void warn_unbounded(const rule& r, workplace& work) {
  const auto& body = r.pattern.body;
  const auto steps = cep::steps_of(r.pattern);
  const bool one_event =
      steps.size() < 2 && std::ranges::all_of(steps, [](const auto* s) { return s->count.single(); });
  if (body.within || one_event) return;
  if (body.within_events) {
    work.found.warning(r.where,
                       "the match of " + quoted(r.name) +
                           " is bounded in events, not in time: those of a quiet subject are kept as long as the "
                           "stream runs",
                       "end the match with within 1h as well");
    return;
  }
  work.found.warning(r.where,
                     "the match of " + quoted(r.name) + " has no `within`: its state grows as long as the stream runs",
                     "end the match with within 1h");
}

void warn_untested(const std::vector<rule>& rules, workplace& work) {
  constexpr std::size_t names_max = 5;
  for (std::uint32_t file = 0; file < work.files.size(); ++file) {
    std::vector<const rule*> untested;
    for (const auto& r : rules) {
      if (r.where.file == file && r.tests.empty()) untested.push_back(&r);
    }
    if (untested.empty()) continue;
    std::vector<std::string> names;
    for (const auto* r : untested) names.push_back(quoted(r->name));
    if (names.size() > names_max) {
      names.resize(names_max - 1);
      names.push_back(std::to_string(untested.size() - names.size()) + " more");
    }
    work.found.warning(untested.front()->where,
                       (untested.size() == 1 ? "no test: the rule " : "no test: the rules ") + listed(names));
  }
}

}  // namespace weir::rules
