#include "rules/sigma/writer.hpp"

#include <array>
#include <sstream>
#include <utility>

namespace weir::sigma {

namespace {

constexpr std::size_t columns = 120;

/// Sigma has a level below low; Weir has not.
std::string_view severity_of(const std::string& level) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> levels{
      {{"informational", "low"}, {"low", "low"}, {"medium", "medium"}, {"high", "high"}, {"critical", "critical"}}};
  for (const auto& [sigma, weir] : levels) {
    if (sigma == level) return weir;
  }
  return {};
}

std::string event_text(const event_plan& event) {
  std::string out = "event " + event.name + " {\n  at: time\n";
  std::string renamed;
  for (const auto& [sigma_name, field] : event.fields) {
    if (!field.written) continue;
    out += "  " + field.name + ": " + field.type + "\n";
    if (field.name == sigma_name) continue;
    renamed += renamed.empty() ? "" : ", ";
    renamed += field.name + " = " + quoted(sigma_name);
  }
  out += "}\n";
  if (renamed.empty()) return out;
  return comment("In the records of `" + event.name + "`: map = { " + renamed + " }") + out;
}

}  // namespace

std::string comment(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string written = "#";
    for (std::string word; words >> word;) {
      if (written.size() > 1 && written.size() + 1 + word.size() > columns) {
        out += written + "\n";
        written = "#";
      }
      written += " " + word;
    }
    if (written.size() > 1) out += written + "\n";
  }
  return out;
}

std::string comments_of(const head& of) {
  std::string out = comment(of.title + (of.id.empty() ? "" : " (Sigma " + of.id + ")"));
  out += comment(of.description);
  if (of.level == "informational") out += "# The level is informational, below all that Weir has.\n";
  if (of.false_positives.empty()) return out;
  std::string all;
  for (const std::string& one : of.false_positives) all += (all.empty() ? "" : "; ") + one;
  return out + comment("False positives: " + all);
}

std::string clauses_of(const head& of) {
  std::string out;
  if (const std::string_view severity = severity_of(of.level); !severity.empty()) {
    out.append("  severity ").append(severity).append("\n");
  } else if (!of.level.empty()) {
    throw cannot_say(of.where, "the level `" + of.level + "` is not known");
  }
  std::string tags;
  for (const std::string& one : of.tags) {
    const std::string written = tag(one);
    if (!written.empty()) tags += (tags.empty() ? "" : ", ") + written;
  }
  if (!tags.empty()) out += "  tags " + tags + "\n";
  return out;
}

std::string rule_name_of(const head& of) {
  for (const std::string& text : {of.title, of.name, of.id}) {
    if (!text.empty()) return small_identifier(text);
  }
  throw cannot_say(of.where, "the rule has no title");
}

void file_writer::add_rule(std::string text) {
  add(std::move(text));
  ++rules_;
}

std::string file_writer::declarations() const {
  std::set<std::string> entities;
  std::string events;
  for (const auto& [name, event] : plans_.events()) {
    if (!event.written) continue;
    for (const auto& [sigma_name, field] : event.fields) {
      if (field.written && field.kind == field_kind::entity) entities.insert(bare_type(field.type));
    }
    events += "\n" + event_text(event);
  }
  std::string out;
  for (const std::string& entity : entities) out += "entity " + entity + "\n";
  return out.empty() ? events : "\n" + out + events;
}

std::string file_writer::whole() const {
  if (rules_ == 0) return {};
  std::string from;
  for (const std::string& path : paths_) from += (from.empty() ? "" : ", ") + path;
  std::string out = comment("Written by `weir import sigma` from " + from + ".") + declarations();
  for (const std::string& body : bodies_) out += "\n" + body;
  return out;
}

}  // namespace weir::sigma
