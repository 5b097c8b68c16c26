#include "rules/check/written_body.hpp"

#include <algorithm>

#include "rules/check/literals.hpp"

namespace weir::rules {
namespace {

// `1 times` is no run: it takes one event, as a plain step does.
bool takes_run(const ast::step& step) {
  if (!step.count) return false;
  const auto& count = *step.count;
  const bool one = count.least && !count.open && whole_number(*count.least) == 1;
  return !one || (count.most && whole_number(*count.most) != 1);
}

class gathering_body {
 public:
  gathering_body(std::uint32_t file, workplace& work) : file_(file), work_(work) {}

  void add(const ast::step& step) {
    begin_part({.place = step});
    add_step(step);
  }

  void add(const ast::absence& absence) {
    begin_part({.absence = true, .place = absence});
    add_event({.absence = &absence});
  }

  void add(const ast::group& group) {
    begin_part({.next = group.next, .optional = group.optional, .gathered = group.gathered, .place = group});
    for (const auto& step : group.steps) add_step(step);
    finish_group();
  }

  void add(const ast::path& path) {
    if (!path.any_order && !path.any_order_behind) {
      for (const auto& edge : path.edges) add(edge.event);
      return;
    }
    begin_part({.gathered = ast::gathering::all_of, .place = path});
    for (const auto& edge : path.edges) add_step(edge.event);
    finish_group();
  }

  written_body result() && {
    check_labels();
    return std::move(body_);
  }

 private:
  void begin_part(written_part part) {
    part.first = body_.events.size();
    body_.parts.push_back(part);
  }

  // A group of one is that step.
  void finish_group() {
    auto& part = body_.parts.back();
    part.count = body_.events.size() - part.first;
    const bool choice = part.gathered == ast::gathering::one_of && part.count > 1;
    for (std::size_t i = part.first; i < body_.events.size(); ++i) {
      body_.events[i].event.may_be_missing = part.optional || choice;
    }
  }

  void add_step(const ast::step& step) {
    add_event({.step = &step});
    auto& event = body_.events.back().event;
    if (step.label) event.label = step.label->name;
    event.run = takes_run(step);
    event.step = steps_++;
  }

  void add_event(written_event event) {
    const auto& name = event.event_name();
    event.part = body_.parts.size() - 1;
    event.event.event = name.name;
    event.event.op = cep::operation::bound_field;
    if (const auto found = work_.names.events.find(name.name); found != work_.names.events.end()) {
      event.event.type = found->second.id;
    } else {
      work_.found.unknown(span_of(file_, name), "there is no event " + quoted(name.name),
                          did_you_mean(name.name, names_of(work_.names.events)));
    }
    body_.events.push_back(std::move(event));
  }

  void check_labels() {
    std::set<std::string> seen;
    for (const auto& event : body_.events) {
      if (event.event.label.empty() || seen.insert(event.event.label).second) continue;
      work_.found.error(span_of(file_, *event.step->label),
                        "there is a label " + quoted(event.event.label) + " already",
                        "give every event of the match its own label");
    }
  }

  std::uint32_t file_;
  workplace& work_;
  written_body body_;
  std::uint16_t steps_ = 0;
};

}  // namespace

std::vector<readable_event> written_body::readable() const {
  std::vector<readable_event> all;
  for (const auto& event : events) all.push_back(event.event);
  return all;
}

written_body gather_body(const rule_clauses& clauses, std::uint32_t file, workplace& work) {
  gathering_body body(file, work);
  if (clauses.on != nullptr) {
    body.add(clauses.on->event);
  } else if (clauses.match != nullptr && clauses.match->path) {
    body.add(*clauses.match->path);
  } else if (clauses.match != nullptr) {
    for (const auto& part : clauses.match->parts) {
      if (const auto* group = boost::get<ast::group>(&part)) body.add(*group);
      if (const auto* absence = boost::get<ast::absence>(&part)) body.add(*absence);
    }
  }
  return std::move(body).result();
}

scope scope_at(const written_body& body, std::size_t index, scope at_end) {
  scope result = std::move(at_end);
  const auto& written = body.events[index];
  result.here = written.event;
  result.here->op = cep::operation::field;
  result.here->run = result.here->may_be_missing = false;
  result.bound.clear();
  for (std::size_t i = 0; i < body.events.size(); ++i) {
    const auto& other = body.events[i];
    if (other.step == nullptr || i == index) continue;
    if (other.part < written.part) {
      result.bound.push_back(other.event);
    } else if (!other.event.label.empty()) {
      (other.part > written.part ? result.later : result.beside).push_back(other.event.label);
    }
  }
  return result;
}

}  // namespace weir::rules
