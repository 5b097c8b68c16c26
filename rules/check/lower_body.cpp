#include "rules/check/lower_body.hpp"

#include <algorithm>

#include "rules/check/literals.hpp"
#include "rules/check/lower_written.hpp"
#include "rules/check/subject.hpp"
#include "rules/check/warnings.hpp"

namespace weir::rules {
namespace {

constexpr std::size_t steps_max = 64;
constexpr std::size_t all_of_max = 16;
constexpr std::int64_t times_max = 1'000;
constexpr std::int64_t at_least_max = 1'000'000;

std::string grouped(std::int64_t n) {
  auto text = std::to_string(n);
  for (auto at = std::ssize(text) - 3; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

class body_lowering {
 public:
  body_lowering(const written_body& body, const path_meaning* path, const scope& at_end, workplace& work)
      : body_(body), path_(path), at_end_(at_end), work_(work) {}

  std::vector<std::variant<cep::step_group, cep::absence>> lower() {
    if (!fits()) return {};
    check_absences();
    check_optional();
    std::vector<std::variant<cep::step_group, cep::absence>> parts;
    for (const auto& part : body_.parts) {
      if (part.absence) {
        parts.emplace_back(absence(part));
      } else {
        parts.emplace_back(group(part));
      }
    }
    return parts;
  }

 private:
  cep::step_group group(const written_part& part) {
    cep::step_group result;
    if (part.gathered == ast::gathering::one_of) result.gathered = cep::step_group::gathering::one_of;
    result.optional = part.optional;
    result.next = part.next;
    for (std::size_t i = part.first; i < part.first + part.count; ++i) result.steps.push_back(step(i));
    return result;
  }

  cep::step step(std::size_t index) {
    const auto& written = body_.events[index];
    const auto where = scope_here(index);
    cep::step result{.label = written.event.label, .events = filter_of(index, where)};
    if (written.step->count) result.count = quantity_of(*written.step->count, body_.parts[written.part]);
    if (written.step->within) {
      result.within.emplace();
      if (const auto length = positive(written.step->within->length)) result.within->length = *length;
      if (const auto of = step_called(*written.step->within->label, where)) result.within->step = *of;
    }
    return result;
  }

  cep::absence absence(const written_part& part) {
    const auto& tree = *body_.events[part.first].absence;
    const auto where = scope_here(part.first);
    cep::absence result{.events = filter_of(part.first, where)};
    if (!tree.within) return result;
    result.within = positive(tree.within->length);
    if (tree.within->label && !leads(part)) result.of = step_called(*tree.within->label, where);
    return result;
  }

  // Whether no event comes before the part.
  bool leads(const written_part& part) const {
    return std::none_of(body_.parts.data(), &part, [](const written_part& p) { return !p.absence; });
  }

  scope scope_here(std::size_t index) const {
    auto where = scope_at(body_, index, at_end_);
    if (path_ != nullptr) path_->name_vertices(where, body_, index);
    return where;
  }

  cep::event_filter filter_of(std::size_t index, const scope& where);
  std::optional<cep::event_filter> keyed(std::size_t index, cep::event_filter events);
  cep::quantity quantity_of(const ast::quantity& written, const written_part& part);
  std::uint32_t count_of(const ast::number_literal& written, std::int64_t most);
  std::optional<std::uint16_t> step_called(const ast::identifier& label, const scope& where);

  bool fits();
  void check_absences();
  void check_leading_absence(const ast::absence& tree);
  void check_optional();

  std::optional<stream::duration> positive(const ast::duration_literal& written) {
    const auto length = positive_duration(written);
    if (length) return *length;
    error(written, length.error().message, length.error().hint);
    return std::nullopt;
  }
  void error(const ast::located& place, std::string message, std::string hint = {}) {
    work_.found.error(span_of(at_end_.file, place), std::move(message), std::move(hint));
  }

  const written_body& body_;
  const path_meaning* path_;
  const scope& at_end_;
  workplace& work_;
};

cep::event_filter body_lowering::filter_of(std::size_t index, const scope& where) {
  const auto& written = body_.events[index];
  cep::event_filter events{.type = {}, .keys = {}, .where = cep::always()};
  bool good = written.event.type.has_value();
  if (written.where()) {
    auto condition = lower_written(*written.where(), where, work_, written_condition::clause::where, index);
    good = good && condition;
    if (condition) {
      warn_if_never(*condition, span_of(at_end_.file, *written.where()), work_);
      events.where = *std::move(condition);
    }
  }
  if (!good) return {};
  events.type = *written.event.type;
  return keyed(index, std::move(events)).value_or(cep::event_filter{});
}

std::optional<cep::event_filter> body_lowering::keyed(std::size_t index, cep::event_filter events) {
  if (path_ != nullptr) return path_->joined(index, std::move(events));
  const auto& written = body_.events[index];
  auto result = with_keys(std::move(events), at_end_.subjects, work_.names.schema);
  if (result) return *std::move(result);
  if (!work_.names.has_field_in_error(written.event_name().name)) {
    error(written.event_name(), std::move(result.error().message), std::move(result.error().hint));
  }
  return std::nullopt;
}

cep::quantity body_lowering::quantity_of(const ast::quantity& written, const written_part& part) {
  if (part.gathered == ast::gathering::all_of && part.count > 1) {
    error(written, "a member of `all of` takes one event", "write the run as a step of its own, before or after");
  }
  if (!written.least) return {.least = 1, .most = std::nullopt};
  if (written.open) return {.least = count_of(*written.least, at_least_max), .most = std::nullopt};
  const auto least = count_of(*written.least, times_max);
  const auto most = written.most ? count_of(*written.most, times_max) : least;
  if (most < least) {
    error(written, "the second number is less than the first",
          "write " + std::to_string(most) + " to " + std::to_string(least) + " times");
  }
  return {.least = least, .most = most};
}

std::uint32_t body_lowering::count_of(const ast::number_literal& written, std::int64_t most) {
  const auto count = whole_number(written);
  if (count && *count >= 1 && *count <= most) return static_cast<std::uint32_t>(*count);
  const bool none = count && *count == 0;
  error(written, "expected a whole number from 1 to " + grouped(most),
        none ? "what must not come is a `no`, what may be missing is `optional`" : "");
  return 1;
}

std::optional<std::uint16_t> body_lowering::step_called(const ast::identifier& label, const scope& where) {
  const auto found = std::ranges::find(where.bound, label.name, &readable_event::label);
  if (found != where.bound.end()) {
    if (where.labels_read != nullptr) where.labels_read->insert(label.name);
    return found->step;
  }
  const auto stands_in = [&](const std::vector<std::string>& labels) {
    return std::ranges::count(labels, label.name) > 0;
  };
  if (stands_in(where.later)) {
    error(label, quoted(label.name) + " comes later in the match: `within` counts from an earlier event",
          "put it behind the later step");
  } else if (stands_in(where.beside)) {
    error(label, quoted(label.name) + " stands beside this step: their order is open",
          "`within` counts from an earlier event");
  } else if (where.here && !label.name.empty() && where.here->label == label.name) {
    error(label, quoted(label.name) + " is this step itself", "`within` counts from an earlier event");
  } else {
    std::vector<std::string> labels;
    for (const auto& event : where.bound) {
      if (!event.label.empty()) labels.push_back(event.label);
    }
    error(label, "no event is labelled " + quoted(label.name), did_you_mean(label.name, labels));
  }
  return std::nullopt;
}

// The engine marks the steps that an event can be with 64 bits, and tries the orders of an `all of`. A match with more
// is not looked at any further: working through thousands of steps, each of which may read all before it, takes its
// time.
bool body_lowering::fits() {
  const auto steps = std::ranges::count_if(body_.events, [](const auto& e) { return e.step != nullptr; });
  if (static_cast<std::size_t>(steps) > steps_max) {
    error(body_.events[steps_max].event_name(),
          "a match has at most " + std::to_string(steps_max) + " steps, and this one has " + std::to_string(steps),
          "events that are alike are a run: 5 times EVENT");
  }
  for (const auto& part : body_.parts) {
    if (part.gathered != ast::gathering::all_of || part.count <= all_of_max) continue;
    error(part.place,
          "an `all of` has at most " + std::to_string(all_of_max) + " members, and this one has " +
              std::to_string(part.count),
          "events that are alike are a run: 5 times EVENT");
  }
  return static_cast<std::size_t>(steps) <= steps_max;
}

void body_lowering::check_absences() {
  const auto binds = [](const written_part& p) { return !p.absence; };
  const auto first = std::ranges::find_if(body_.parts, binds) - body_.parts.begin();
  const auto end = body_.parts.rend() - std::find_if(body_.parts.rbegin(), body_.parts.rend(), binds);
  if (end == 0 && !body_.parts.empty()) {
    return error(body_.parts.front().place, "a match needs an event that comes, not only those that must not",
                 "begin with it: match EVENT then no …");
  }
  for (std::ptrdiff_t i = 0; i < std::ssize(body_.parts); ++i) {
    const auto& part = body_.parts[static_cast<std::size_t>(i)];
    if (!part.absence) continue;
    const auto& tree = *body_.events[part.first].absence;
    if (i < first) {
      check_leading_absence(tree);
    } else if (i >= end && !tree.within) {
      error(tree, "a `no` at the end needs to know how long to wait", "write no " + tree.event.name + " within 30s");
    }
  }
}

void body_lowering::check_leading_absence(const ast::absence& tree) {
  if (!tree.within) {
    error(tree, "a `no` at the beginning needs to know how far back it looks",
          "write no " + tree.event.name + " within 5m");
  } else if (tree.within->label) {
    error(*tree.within->label, "a `no` at the beginning has no event before it to count from",
          "it looks back from the event that follows: leave out of " + tree.within->label->name);
  }
}

// What may be missing has to leave something, and a `no` between needs an event that surely comes after it.
void body_lowering::check_optional() {
  const auto sure = [](const written_part& p) { return !p.absence && !p.optional; };
  const auto last_sure = std::find_if(body_.parts.rbegin(), body_.parts.rend(), sure);
  if (last_sure == body_.parts.rend()) {
    const auto optional = std::ranges::find_if(body_.parts, &written_part::optional);
    if (optional == body_.parts.end()) return;
    return error(optional->place, "all events of this match are optional", "one of them has to come");
  }
  for (auto part = last_sure.base(); part != body_.parts.end(); ++part) {
    if (!part->optional || part == body_.parts.begin() || !std::prev(part)->absence) continue;
    error(part->place, "an optional event cannot follow a `no` at the end of a match",
          "without it nothing says where the `no` ends: write two rules, or leave one of the two out");
  }
}

}  // namespace

std::vector<std::variant<cep::step_group, cep::absence>> lower_body(const written_body& body, const path_meaning* path,
                                                                    const scope& at_end, workplace& work) {
  return body_lowering(body, path, at_end, work).lower();
}

}  // namespace weir::rules
