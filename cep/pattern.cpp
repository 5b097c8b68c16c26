#include "cep/pattern.hpp"

#include <array>
#include <utility>

namespace weir::cep {

namespace {

std::string filter_text(const event_filter& events) {
  std::string out = "event " + std::to_string(static_cast<int>(events.type));
  if (events.key) out += " key #" + std::to_string(static_cast<int>(*events.key));
  return out + " where " + to_text(events.where);
}

struct part_text {
  std::string operator()(const step& s) const { return "step " + s.label + ": " + filter_text(s.events); }
  std::string operator()(const absence& a) const {
    std::string out = "no " + filter_text(a.events);
    if (a.within) out += " within " + stream::to_text(*a.within);
    return out;
  }
};

struct extent_text {
  std::string operator()(const time_extent& e) const { return stream::to_text(e.length); }
  std::string operator()(const count_extent& e) const { return std::to_string(e.events) + " events"; }
};

std::string aggregate_text(const aggregate& a) {
  static constexpr std::array names{"count", "sum", "avg", "min", "max", "distinct", "first", "last"};
  std::string out = names[static_cast<std::size_t>(a.function)];
  out += " of " + filter_text(a.events);
  if (a.field) out += " field #" + std::to_string(static_cast<int>(*a.field));
  out += a.window.prior ? " over prior " : " over ";
  return out + std::visit(extent_text{}, a.window.extent);
}

std::string subject_text(const stream::field_type& subject) {
  if (subject.kind != stream::type_kind::entity) return "text";
  return "entity " + std::to_string(static_cast<int>(subject.entity));
}

}  // namespace

std::vector<const step*> steps_of(const pattern& p) {
  std::vector<const step*> found;
  for (const auto& part : p.body.parts) {
    if (const step* s = std::get_if<step>(&part)) found.push_back(s);
  }
  return found;
}

const absence* last_absence(const pattern& p) {
  return p.body.parts.empty() ? nullptr : std::get_if<absence>(&p.body.parts.back());
}

std::string to_text(const pattern& p) {
  std::string out = "for " + (p.subject ? subject_text(*p.subject) : std::string{"the stream"}) + "\n";
  for (const auto& part : p.body.parts) out += std::visit(part_text{}, part) + "\n";
  if (p.body.within) out += "within " + stream::to_text(*p.body.within) + "\n";
  for (const aggregate& a : p.aggregates) out += aggregate_text(a) + "\n";
  out += "when " + to_text(p.condition) + "\n";
  out += p.emit == emission::each ? "emit each\n" : "emit first\n";
  if (!p.suppress) return out;
  out += "suppress";
  for (const expression& key : p.suppress->by) out += " " + to_text(key);
  return out + " for " + stream::to_text(p.suppress->length) + "\n";
}

}  // namespace weir::cep
