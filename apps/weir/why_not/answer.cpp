#include "apps/weir/why_not/answer.hpp"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "apps/weir/text_table.hpp"

namespace weir::why_not {

namespace {

constexpr std::size_t width = 100;

using json = nlohmann::ordered_json;

constexpr std::array<const char*, 8> verdicts{"alerted",  "suppressed", "no_event", "step_failed",
                                              "too_late", "broken",     "waiting",  "end_failed"};

}  // namespace

std::string as_text(const answer& a) {
  auto text = fmt::format("{} ({}){} at {}\n", a.rule, a.place, a.subject.empty() ? "" : ", " + a.subject, a.asked);
  text += app::wrapped(a.because, width, "  ");
  if (!a.reached.empty()) text += "\n  reached\n";
  for (const auto& event : a.reached) text += app::wrapped(event, width, "    ");
  if (!a.next.empty()) text += fmt::format("\n  next  {}\n", a.next);
  for (const auto& c : a.candidates) {
    text += app::wrapped(c.event, width, "    ") + explain::as_lines(c.conditions, "      ");
  }
  if (!a.notes.empty()) text += '\n';
  for (const auto& note : a.notes) text += app::wrapped("note: " + note, width, "  ");
  return text;
}

std::string as_json(const answer& a) {
  json candidates = json::array();
  for (const auto& c : a.candidates) {
    json conditions = json::array();
    for (const auto& j : c.conditions) conditions.push_back({{"condition", j.text}, {"holds", j.holds}});
    candidates.push_back({{"event", c.event}, {"conditions", conditions}});
  }
  const json written{{"rule", a.rule},
                     {"place", a.place},
                     {"subject", a.subject},
                     {"at", a.asked},
                     {"verdict", verdicts[static_cast<std::size_t>(a.says)]},
                     {"because", a.because},
                     {"reached", a.reached},
                     {"next", a.next},
                     {"candidates", candidates},
                     {"notes", a.notes}};
  return written.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace weir::why_not
