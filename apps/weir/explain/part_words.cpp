#include "apps/weir/explain/part_words.hpp"

#include <fmt/format.h>

namespace weir::explain {

namespace {

std::string quantity_words(const cep::quantity& count) {
  if (count.single()) return {};
  if (!count.most) return count.least == 1 ? "some " : fmt::format("at least {} times ", count.least);
  if (count.least == *count.most) return fmt::format("{} times ", count.least);
  return fmt::format("{} to {} times ", count.least, *count.most);
}

class body_writer {
 public:
  body_writer(const rules::rule& r, const rules::program& program)
      : program_(program), steps_(cep::steps_of(r.pattern)) {}

  std::string step(const cep::step& s) const {
    auto words = quantity_words(s.count);
    if (!s.label.empty()) words += s.label + ": ";
    words += program_.schema[s.events.type].name;
    if (s.within) words += within(s.within->length, s.within->step);
    return words;
  }

  std::string absence(const cep::absence& a) const {
    auto words = "no " + program_.schema[a.events.type].name;
    if (a.within && a.of) return words + within(*a.within, *a.of);
    if (a.within) words += " within " + stream::to_text(*a.within);
    return words;
  }

 private:
  std::string within(stream::duration length, std::uint16_t of) const {
    return fmt::format(" within {} of {}", stream::to_text(length), name_of(*steps_[of], program_));
  }

  const rules::program& program_;
  std::vector<const cep::step*> steps_;
};

std::string head_of(const cep::step_group& group) {
  std::string words;
  if (group.next) words += "next ";
  if (group.optional) words += "optional ";
  if (group.steps.size() > 1) {
    words += group.gathered == cep::step_group::gathering::all_of ? "all of " : "one of ";
  }
  return words;
}

struct extent_words {
  std::string operator()(const cep::time_extent& e) const { return "the events of " + stream::to_text(e.length); }
  std::string operator()(const cep::count_extent& e) const {
    return e.events == 1 ? "the last event" : fmt::format("the last {} events", e.events);
  }
  std::string operator()(const cep::past_extent& e) const {
    return "the events of " + stream::to_text(e.length + e.ago);
  }
  std::string operator()(const cep::calendar_extent& e) const {
    using unit = cep::calendar_extent::unit;
    const auto* name = e.counted == unit::day ? "day" : e.counted == unit::week ? "week" : "month";
    return fmt::format("the events of the {} in {}", name, e.zone);
  }
  std::string operator()(const cep::session_extent& e) const {
    return "the events since the last gap of more than " + stream::to_text(e.gap);
  }
};

}  // namespace

std::string name_of(const cep::step& s, const rules::program& program) {
  return s.label.empty() ? program.schema[s.events.type].name : s.label;
}

std::string step_words(const cep::step& s, const rules::rule& r, const rules::program& program) {
  return body_writer(r, program).step(s);
}

std::string group_words(const cep::step_group& group, const rules::rule& r, const rules::program& program) {
  const body_writer writer(r, program);
  std::string members;
  for (const auto& s : group.steps) members += (members.empty() ? "" : ", ") + writer.step(s);
  return head_of(group) + (group.steps.size() > 1 ? "(" + members + ")" : members);
}

std::vector<std::string> body_words(const rules::rule& r, const rules::program& program) {
  const body_writer writer(r, program);
  std::vector<std::string> words;
  for (const auto& part : r.pattern.body.parts) {
    if (const auto* group = std::get_if<cep::step_group>(&part)) {
      for (const auto& s : group->steps) words.push_back(head_of(*group) + writer.step(s));
    } else {
      words.push_back(writer.absence(std::get<cep::absence>(part)));
    }
  }
  return words;
}

std::string window_words(const cep::aggregate& a) { return std::visit(extent_words{}, a.window.extent); }

}  // namespace weir::explain
