#include "tests/property/body_draw.hpp"

#include <algorithm>
#include <chrono>
#include <ostream>

#include "tests/support/oracle_world.hpp"

namespace weir::testing {
namespace {

using namespace std::chrono_literals;
using cep::expression;
using cep::operation;

constexpr std::size_t parts_max = 5;

/// Makes one body, part by part.
class body_maker {
 public:
  explicit body_maker(const body_draw& draw) : draw_(draw) {}

  cep::pattern pattern() {
    tape_reader form(draw_.of_run);
    return form.once_in(3) ? run_pair(form) : any_pattern();
  }

 private:
  cep::pattern any_pattern() {
    const std::size_t count = std::clamp<std::size_t>(draw_.parts.size(), 1, parts_max);
    for (std::size_t i = 0; i < count; ++i) {
      tape_reader choices(i < draw_.parts.size() ? std::span<const std::uint8_t>(draw_.parts[i])
                                                 : std::span<const std::uint8_t>());
      add_part(choices, i, i + 1 == count);
    }
    tape_reader choices(draw_.ending);
    cep::pattern p =
        draw_.of_transfers ? account_pattern({parts_of(parts_), {}}) : card_pattern({parts_of(parts_), {}});
    finish(p, choices);
    return p;
  }

  /// A run and a single event within a time, which have a matcher of their own.
  cep::pattern run_pair(tape_reader& choices) {
    const bool run_first = choices.once_in(2);
    for (const bool is_run : {run_first, !run_first}) {
      cep::step made{"", filter(choices)};
      if (is_run) made.count = {static_cast<std::uint32_t>(1 + choices.choose(3)), std::nullopt};
      parts_.emplace_back(all_of({made}));
      ++steps_;
    }
    cep::pattern p =
        draw_.of_transfers ? account_pattern({parts_of(parts_), {}}) : card_pattern({parts_of(parts_), {}});
    p.body.within = length(choices);
    const std::uint16_t run = run_first ? 0 : 1;
    for (std::size_t i = choices.choose(3); i > 0; --i) p.condition = both(p.condition, run_condition(choices, run));
    if (choices.once_in(8)) p.condition = both(p.condition, condition(choices));
    if (choices.once_in(4)) p.suppress = cep::suppression{{}, length(choices)};
    return p;
  }

  expression run_condition(tape_reader& choices, std::uint16_t run) const {
    static const std::vector<operation> comparisons{operation::greater_equal, operation::less, operation::greater,
                                                    operation::equal, operation::not_equal};
    const operation compared = choices.pick(comparisons);
    if (choices.once_in(2)) {
      const auto count = event().over_run(cep::aggregate_function::count, run, "amount");
      return truth(compared, count, constant(static_cast<std::int64_t>(choices.choose(4))));
    }
    const auto sum = event().over_run(cep::aggregate_function::sum, run, "amount");
    const auto single = event().bound(static_cast<std::uint16_t>(1 - run), "amount");
    switch (choices.choose(4)) {
      case 0: return truth(compared, sum, euros(static_cast<std::int64_t>(100 * choices.choose(6))));
      case 1: return truth(compared, single, sum);
      case 2: return truth(compared, sum, times(tenths(static_cast<std::int64_t>(choices.choose(30))), single));
      default: return truth(compared, sum, single);
    }
  }

  /// A decimal of one digit after the point.
  static expression tenths(std::int64_t number) {
    expression made = constant(number);
    made.type.digits = 1;
    return made;
  }

  static expression times(expression factor, expression amount) {
    expression made;
    made.op = operation::multiply;
    made.type = amount.type;
    made.type.digits = static_cast<std::uint8_t>(factor.type.digits + amount.type.digits);
    made.args = {std::move(factor), std::move(amount)};
    return made;
  }

  const fields& event() const { return draw_.of_transfers ? transfer : payment; }

  void add_part(tape_reader& choices, std::size_t place, bool last) {
    if (place == 0 && choices.once_in(8)) parts_.emplace_back(absence(choices, true));
    if (place > 0 && choices.once_in(4)) parts_.emplace_back(absence(choices, false));
    cep::step_group group = group_of(choices);
    group.optional = choices.once_in(6);
    group.next = place > 0 && !draw_.of_transfers && choices.once_in(6);
    steps_ += group.steps.size();
    parts_.emplace_back(std::move(group));
    const std::size_t deadlines = last && choices.once_in(4) ? 1 + choices.choose(2) : 0;
    for (std::size_t i = 0; i < deadlines; ++i) parts_.emplace_back(absence(choices, true));
  }

  cep::step_group group_of(tape_reader& choices) {
    const std::size_t form = choices.choose(10);
    std::vector<cep::step> members;
    if (form == 7) {
      for (std::size_t i = 2 + choices.choose(2); i > 0; --i) members.push_back(step(choices));
      return all_of(members);
    }
    if (form == 8) {
      for (std::size_t i = 2; i > 0; --i) members.push_back(quantified(choices, choices.choose(8)));
      return one_of(members);
    }
    members.push_back(quantified(choices, form));
    return all_of(members);
  }

  cep::step quantified(tape_reader& choices, std::size_t form) {
    cep::step s = step(choices);
    const auto least = static_cast<std::uint32_t>(1 + choices.choose(3));
    if (form == 4) s.count = {least + 1, least + 1};
    if (form == 5) s.count = {least, least + 1 + static_cast<std::uint32_t>(choices.choose(2))};
    if (form == 6 || form == 9) s.count = {least, std::nullopt};
    return s;
  }

  cep::step step(tape_reader& choices) {
    cep::step made{"", filter(choices)};
    if (draw_.of_transfers && steps_ > 0 && choices.once_in(5)) made.events = free_filter(choices);
    if (steps_ > 0 && choices.once_in(8)) made.within = cep::time_since{length(choices), earlier_step(choices)};
    return made;
  }

  cep::absence absence(tape_reader& choices, bool at_an_end) {
    cep::absence made{filter(choices), {}, {}};
    if (at_an_end || choices.once_in(3)) made.within = length(choices);
    if (made.within && steps_ > 0 && choices.once_in(3)) made.of = earlier_step(choices);
    return made;
  }

  std::uint16_t earlier_step(tape_reader& choices) const { return static_cast<std::uint16_t>(choices.choose(steps_)); }

  static stream::duration length(tape_reader& choices) {
    static const std::vector<stream::duration> lengths{3s, 2s, 1s, 5s, 10s};
    return choices.pick(lengths);
  }

  cep::event_filter filter(tape_reader& choices) {
    return draw_.of_transfers ? transfer_filter(choices) : payment_filter(choices);
  }

  cep::event_filter payment_filter(tape_reader& choices) {
    static const std::vector<std::string> some_letters{"a", "b", "c", "ab", "bc", "abc"};
    cep::event_filter made = letters(choices.pick(some_letters));
    if (steps_ > 0 && choices.once_in(4)) made.where = both(made.where, compared_with_earlier(choices, payment));
    return made;
  }

  // To the account or from it.
  cep::event_filter transfer_filter(tape_reader& choices) {
    cep::event_filter made = transfer.where(choices.once_in(2) ? "to" : "from");
    if (steps_ > 0 && choices.once_in(4)) made.where = both(made.where, compared_with_earlier(choices, transfer));
    return made;
  }

  // Of no account, but joined to an earlier step.
  cep::event_filter free_filter(tape_reader& choices) {
    cep::event_filter made{transfer.type(), {}};
    made.where = truth(operation::equal, transfer.here("from"), transfer.bound(earlier_step(choices), "to"));
    return made;
  }

  expression compared_with_earlier(tape_reader& choices, const fields& of) {
    const std::uint16_t earlier = earlier_step(choices);
    switch (choices.choose(5)) {
      case 0: return truth(operation::greater_equal, of.here("amount"), of.bound(earlier, "amount"));
      case 1: return truth(operation::equal, of.here("amount"), of.bound(earlier, "amount"));
      case 2: return truth(operation::less, of.here("amount"), of.first_of(earlier, "amount"));
      case 3: {
        const auto sum = of.over_run(cep::aggregate_function::max, earlier, "amount");
        return truth(operation::less_equal, of.here("amount"), sum);
      }
      default: return truth(operation::not_equal, of.here("amount"), of.bound(earlier, "amount"));
    }
  }

  void finish(cep::pattern& p, tape_reader& choices) {
    if (!choices.once_in(6)) p.body.within = length(choices);
    // Which events are of the rule is not defined where steps are free.
    if (!draw_.of_transfers && choices.once_in(6)) p.body.within_events = static_cast<std::uint32_t>(choices.choose(5));
    const std::size_t emit = choices.choose(8);
    if (emit >= 5) {
      p.emit = cep::emission::all;
      p.emit_limit = static_cast<std::uint32_t>(1 + choices.choose(4));
    }
    if (emit == 4 && p.body.within) p.emit = cep::emission::first;
    if (choices.once_in(4)) p.condition = condition(choices);
    if (choices.once_in(8)) p.suppress = cep::suppression{{}, length(choices)};
  }

  expression condition(tape_reader& choices) {
    const auto one = static_cast<std::uint16_t>(choices.choose(steps_));
    const auto other = static_cast<std::uint16_t>(choices.choose(steps_));
    switch (choices.choose(4)) {
      case 0: return truth(operation::greater_equal, event().bound(one, "amount"), event().bound(other, "amount"));
      case 1: return truth(operation::is_missing, event().bound(one, "amount"));
      case 2:
        return truth(operation::less, constant(1), event().over_run(cep::aggregate_function::count, one, "amount"));
      default: return truth(operation::logical_not, truth(operation::is_missing, event().bound(one, "amount")));
    }
  }

  const body_draw& draw_;
  std::vector<body_part> parts_;
  std::size_t steps_ = 0;
};

stream::duration pause_before(tape_reader& choices) {
  static const std::vector<stream::duration> pauses{1s, 0s, 500ms, 1s, 2s, 0s, 5s, 1us};
  return choices.pick(pauses);
}

}  // namespace

cep::pattern plan_body(const body_draw& draw) { return body_maker(draw).pattern(); }

std::vector<plain_event> body_events(const body_draw& draw) {
  std::vector<plain_event> events;
  stream::duration at = 100s;
  for (const tape& drawn : draw.events) {
    tape_reader choices(drawn);
    at += pause_before(choices);
    const auto cents = static_cast<std::int64_t>(100 * (1 + choices.choose(3)));
    if (draw.of_transfers) {
      const std::string from(1, "AABC"[choices.choose(4)]);
      const std::string to(1, "BACA"[choices.choose(4)]);
      events.push_back(moved(at, from, to, cents));
    } else {
      const std::string letter(1, "abcd"[choices.choose(4)]);
      events.push_back(pay(at, choices.once_in(5) ? "C2" : "C1", cents, letter));
    }
  }
  return in_one_source(std::move(events));
}

void showValue(const body_draw& draw, std::ostream& out) {
  out << "\n" << cep::to_text(plan_body(draw));
  std::size_t place = 0;
  for (const plain_event& e : body_events(draw)) out << "#" << place++ << " " << to_text(e, types) << "\n";
}

}  // namespace weir::testing

rc::Gen<weir::testing::body_draw> rc::Arbitrary<weir::testing::body_draw>::arbitrary() {
  using namespace weir::testing;
  const auto choice = gen::resize(100, gen::inRange<std::uint8_t>(0, 240));
  const auto any_tape = [choice](std::size_t size) { return gen::container<tape>(size, choice); };
  return gen::build<body_draw>(
      gen::set(&body_draw::parts, gen::resize(5, gen::container<std::vector<tape>>(any_tape(30)))),
      gen::set(&body_draw::ending, any_tape(16)),
      gen::set(&body_draw::events, gen::resize(22, gen::container<stream_draw>(any_tape(6)))),
      gen::set(&body_draw::cuts, any_tape(6)), gen::set(&body_draw::of_run, any_tape(20)),
      gen::set(&body_draw::of_transfers, gen::arbitrary<bool>()));
}
