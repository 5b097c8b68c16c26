#include "apps/weir/explain/alert_explanation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "apps/weir/explain/part_words.hpp"
#include "apps/weir/explain/recalled_match.hpp"
#include "apps/weir/text_table.hpp"
#include "rules/text_position.hpp"

namespace weir::explain {

namespace {

constexpr std::size_t width = 100;
constexpr std::size_t events_shown_max = 10;

using json = nlohmann::ordered_json;

class explaining {
 public:
  explaining(const alert_record& alert, const rules::rule& cause, const rules::program& program,
             const std::vector<rules::source_file>& files, recalled_match& match)
      : alert_(alert),
        cause_(cause),
        program_(program),
        files_(files),
        match_(match),
        judge_(cause, program, files, match.names),
        bound_(match.events, cep::steps_of(cause.pattern).size()) {}

  alert_explanation explain() {
    describe();
    warn();
    add_parts();
    add_within();
    made_.at_end = judge_.at_end(reading({}));
    return std::move(made_);
  }

 private:
  void describe() {
    made_.id = alert_.id;
    made_.rule = alert_.rule;
    const auto& file = files_[cause_.where.file];
    made_.place =
        fmt::format("{}:{}", file.path, rules::line_table(file.text).position_of(cause_.where.begin).line + 1);
    for (const auto& [name, value] : alert_.subject) {
      made_.subject += (made_.subject.empty() ? "" : ", ") + name + " " + value;
    }
    made_.event_time = alert_.event_time;
    made_.reason = alert_.reason;
    made_.suppressed = alert_.suppressed;
  }

  void warn() {
    if (alert_.content_hash != cause_.content_hash) {
      made_.warnings.push_back(fmt::format(
          "the alert was raised by another wording of {}: what follows judges it by the rules at hand", alert_.rule));
    }
    if (alert_.events_total > alert_.events.size()) {
      made_.warnings.push_back(
          fmt::format("the alert shows {} of its {} events", alert_.events.size(), alert_.events_total));
    }
  }

  cep::bindings reading(const stream::event_view& event) const {
    return {.event = event,
            .bound = bound_.steps(),
            .log = &match_.log,
            .subject = match_.subject,
            .aggregates = match_.aggregates,
            .answers = match_.answers,
            .span = match_.span};
  }

  void add_parts() {
    const auto words = body_words(cause_, program_);
    std::size_t written = 0;
    std::uint16_t step = 0;
    for (const auto& part : cause_.pattern.body.parts) {
      if (const auto* group = std::get_if<cep::step_group>(&part)) {
        for (std::size_t i = 0; i < group->steps.size(); ++i) add_step(words[written], written, step++), ++written;
      } else {
        made_.parts.push_back({.what = words[written++], .events = {"none came"}, .conditions = {}});
      }
    }
  }

  void add_step(const std::string& what, std::size_t written, std::uint16_t step) {
    auto& part = made_.parts.emplace_back();
    part.what = what;
    const cep::bound_event* last = nullptr;
    for (std::size_t i = 0; i < match_.events.size(); ++i) {
      if (match_.events[i].step != step) continue;
      part.events.push_back(event_words(i));
      last = &match_.events[i];
    }
    if (last == nullptr) {
      part.events.emplace_back("bound no event");
    } else {
      part.conditions = judge_.where(written, reading(match_.log[last->handle]));
    }
  }

  std::string event_words(std::size_t i) const {
    const auto view = match_.log[match_.events[i].handle];
    return fmt::format("{} at {}: {}", alert_.events[i].id, alert_.events[i].at,
                       fields_of(view, program_, match_.names));
  }

  void add_within() {
    const auto& within = cause_.pattern.body.within;
    if (!within) return;
    made_.limits.push_back({.text = fmt::format("within {}: {} from the first event to the last",
                                                stream::to_text(*within), stream::to_text(match_.span)),
                            .holds = match_.span <= *within});
  }

  const alert_record& alert_;
  const rules::rule& cause_;
  const rules::program& program_;
  const std::vector<rules::source_file>& files_;
  recalled_match& match_;
  condition_judge judge_;
  bound_events bound_;
  alert_explanation made_;
};

std::string shown_events(const std::vector<std::string>& events) {
  std::string text;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const bool hidden =
        events.size() > events_shown_max && i >= events_shown_max / 2 && i + events_shown_max / 2 < events.size();
    if (!hidden) {
      text += app::wrapped(events[i], width, "    ");
    } else if (i == events_shown_max / 2) {
      text += fmt::format("    … {} more\n", events.size() - events_shown_max);
    }
  }
  return text;
}

json to_json(const std::vector<judged_condition>& judged) {
  json written = json::array();
  for (const auto& j : judged) written.push_back({{"condition", j.text}, {"holds", j.holds}});
  return written;
}

}  // namespace

std::expected<alert_explanation, std::string> explain(const alert_record& alert, const rules::program& program,
                                                      const std::vector<rules::source_file>& files) {
  const auto cause = std::ranges::find(program.rules, alert.rule, &rules::rule::name);
  if (cause == program.rules.end()) {
    std::vector<std::string> names;
    for (const auto& r : program.rules) names.push_back(r.name);
    const auto near = rules::nearest(alert.rule, names);
    return std::unexpected(fmt::format("the alert is of the rule {}, which the rule files don't have{}", alert.rule,
                                       near.empty() ? "" : fmt::format("; they have {}", near)));
  }
  auto match = recall(alert, *cause, program);
  if (!match) return std::unexpected(match.error());
  return explaining(alert, *cause, program, files, **match).explain();
}

std::string as_text(const alert_explanation& e) {
  auto text = fmt::format("alert {}\n", e.id);
  text += fmt::format("  {} ({}){} at {}\n", e.rule, e.place, e.subject.empty() ? "" : ", " + e.subject, e.event_time);
  if (!e.reason.empty()) text += app::wrapped("\"" + e.reason + "\"", width, "  ");
  for (const auto& warning : e.warnings) text += app::wrapped("note: " + warning, width, "  ");
  text += '\n';
  for (const auto& part : e.parts) {
    text += "  " + part.what + '\n' + shown_events(part.events) + as_lines(part.conditions, "    ");
  }
  text += as_lines(e.limits, "  ") + as_lines(e.at_end, "  ");
  if (e.suppressed > 0) {
    text += fmt::format("  before it {} alert{} of this key {} held back\n", e.suppressed, e.suppressed == 1 ? "" : "s",
                        e.suppressed == 1 ? "was" : "were");
  }
  return text;
}

std::string as_json(const alert_explanation& e) {
  json parts = json::array();
  for (const auto& p : e.parts) {
    parts.push_back({{"what", p.what}, {"events", p.events}, {"conditions", to_json(p.conditions)}});
  }
  const json written{{"id", e.id},
                     {"rule", e.rule},
                     {"place", e.place},
                     {"subject", e.subject},
                     {"event_time", e.event_time},
                     {"reason", e.reason},
                     {"parts", parts},
                     {"limits", to_json(e.limits)},
                     {"at_end", to_json(e.at_end)},
                     {"suppressed", e.suppressed},
                     {"warnings", e.warnings}};
  return written.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace weir::explain
