#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "apps/weir/explain/rule_plan.hpp"
#include "apps/weir/text_table.hpp"

namespace weir::explain {

namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t width = 100;

std::string conditions(const std::vector<planned_condition>& planned, std::string_view indent) {
  std::string text;
  for (const auto& c : planned) {
    text += app::wrapped(c.text, width, indent);
    text += fmt::format("{}    judged {}\n", indent, c.judged);
  }
  return text;
}

std::string parts(const rule_plan& plan) {
  std::string text;
  for (const auto& part : plan.parts) {
    text += fmt::format("  {}", part.what);
    if (part.belongs != "any") text += ", " + part.belongs;
    text += '\n' + conditions(part.conditions, "    ");
    if (!part.kept.empty()) text += fmt::format("    {}\n", part.kept);
  }
  for (const auto& limit : plan.limits) text += "  " + limit + '\n';
  return text;
}

std::string windows(const rule_plan& plan) {
  std::string text;
  for (const auto& w : plan.windows) {
    text += fmt::format("  a window for each subject: {}\n", w.holds);
    for (const auto& value : w.values) text += app::wrapped(value, width, "    ");
  }
  return text;
}

std::string list(std::string_view head, const std::vector<std::string>& sentences) {
  std::string text;
  for (const auto& sentence : sentences) text += app::wrapped(fmt::format("{}: {}", head, sentence), width, "  ");
  return text;
}

std::string state_words(const rule_plan& plan) {
  const auto* whose = plan.subject.empty() ? "" : " for each subject";
  return fmt::format("plan {}: {} bytes{}{}, and what is kept of events", plan.tier, plan.subject_bytes, whose,
                     plan.packed ? " in the row that it shares" : "");
}

std::string as_text(const rule_plan& plan) {
  auto text = fmt::format("{}{}  {}\n", plan.name, plan.mode == "live" ? "" : " (" + plan.mode + ")", plan.place);
  text += plan.subject.empty() ? "  about the whole stream\n" : fmt::format("  for each {}\n", plan.subject);
  text += app::wrapped(state_words(plan), width, "  ");
  text += parts(plan) + conditions(plan.at_end, "  ") + windows(plan);
  text += fmt::format("  events can be read {}\n", plan.events_kept);
  return text + list("grows without bound", plan.unbounded) + list("note", plan.notes);
}

json to_json(const std::vector<planned_condition>& planned) {
  json written = json::array();
  for (const auto& c : planned) written.push_back({{"condition", c.text}, {"judged", c.judged}});
  return written;
}

json to_json(const rule_plan& plan) {
  json parts = json::array();
  for (const auto& p : plan.parts) {
    parts.push_back(
        {{"what", p.what}, {"belongs", p.belongs}, {"conditions", to_json(p.conditions)}, {"kept", p.kept}});
  }
  json windows = json::array();
  for (const auto& w : plan.windows) windows.push_back({{"holds", w.holds}, {"values", w.values}});
  return {{"name", plan.name},
          {"mode", plan.mode},
          {"place", plan.place},
          {"subject", plan.subject},
          {"tier", plan.tier},
          {"packed", plan.packed},
          {"subject_bytes", plan.subject_bytes},
          {"parts", parts},
          {"limits", plan.limits},
          {"at_end", to_json(plan.at_end)},
          {"windows", windows},
          {"events_kept", plan.events_kept},
          {"unbounded", plan.unbounded},
          {"notes", plan.notes}};
}

std::string counted(std::size_t n, std::string_view what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); }

std::string as_text(const shared_work& shared) {
  auto text =
      fmt::format("guards: {} different conditions on single events, for {} uses\n", shared.guards, shared.guard_uses);
  for (const auto& [subject, row] : shared.rows) {
    text += fmt::format("{}: a row of {} bytes a subject for {}, with {} of events", subject, row.bytes,
                        counted(row.patterns, "rule"), counted(row.queues, "queue"));
    text += row.queues == row.queues_apart ? "\n" : fmt::format(" ({} if each had its own)\n", row.queues_apart);
  }
  return text;
}

json to_json(const shared_work& shared) {
  json rows = json::array();
  for (const auto& [subject, row] : shared.rows) {
    rows.push_back({{"subject", subject},
                    {"rules", row.patterns},
                    {"bytes", row.bytes},
                    {"queues", row.queues},
                    {"queues_apart", row.queues_apart}});
  }
  return {{"guards", {{"distinct", shared.guards}, {"uses", shared.guard_uses}}}, {"rows", rows}};
}

}  // namespace

std::string as_text(const program_plan& plan) {
  std::string text;
  for (const auto& rule : plan.rules) text += as_text(rule) + '\n';
  return text + as_text(plan.shared);
}

std::string as_json(const program_plan& plan) {
  json rules = json::array();
  for (const auto& rule : plan.rules) rules.push_back(to_json(rule));
  json written{{"rules", rules}};
  written.update(to_json(plan.shared));
  return written.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace weir::explain
