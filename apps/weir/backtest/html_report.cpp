#include <algorithm>

#include <fmt/format.h>

#include "apps/weir/backtest/html_style.hpp"
#include "apps/weir/backtest/plots.hpp"
#include "apps/weir/backtest/report.hpp"
#include "apps/weir/summary.hpp"

namespace weir::backtest {

namespace {

using app::grouped;

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

std::string percent(std::optional<double> ratio) { return ratio ? fmt::format("{:.1f} %", 100 * *ratio) : "–"; }

std::string number(std::uint64_t n) { return "<td class=\"number\">" + grouped(n) + "</td>"; }

std::string named(const rule_report& rule) {
  const auto mark = rule.mode == "shadow" ? R"( <span class="mark">shadow</span>)" : "";
  return fmt::format(R"(<th scope="row">{}{}</th>)", escaped(rule.name), mark);
}

std::string section(std::string_view title, std::string_view words, const std::string& content) {
  return fmt::format("<section><h2>{}</h2>\n<p>{}</p>\n{}</section>\n", title, words, content);
}

std::string folded(std::string_view title, const std::string& content) {
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", title, content);
}

std::string files(std::string_view what, const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + escaped(name);
  return fmt::format("<dt>{}</dt><dd>{}</dd>", what, list);
}

// ---- the head -------------------------------------------------------------------------------------------------------

std::string tile(std::string_view what, const std::string& value, std::string_view beside = {}) {
  return fmt::format(R"(<div class="tile"><div class="value">{}</div><div>{}</div><div class="beside">{}</div></div>)",
                     value, what, beside);
}

std::string tiles(const report& r) {
  const auto& all = r.now.all;
  const auto was = [&](auto value_of) { return r.before ? "before: " + value_of(r.before->all) : std::string{}; };
  auto text = tile("events", grouped(r.input.events));
  text += tile("alerts", grouped(all.alerts), was([](const rule_report& rule) { return grouped(rule.alerts); }));
  if (const auto days = r.days()) {
    const auto a_day = [&](const rule_report& rule) {
      return fmt::format("{:.1f}", static_cast<double>(rule.alerts) / static_cast<double>(days->days()));
    };
    text += tile("alerts a day", a_day(all), was(a_day));
  }
  text += tile("subjects", grouped(all.subjects), was([](const rule_report& rule) { return grouped(rule.subjects); }));
  if (!all.scored) return text;
  const auto precision = [](const rule_report& rule) { return percent(rule.scored->precision()); };
  const auto recall = [](const rule_report& rule) { return percent(rule.scored->recall()); };
  return text + tile("precision", precision(all), was(precision)) + tile("recall", recall(all), was(recall));
}

std::string head(const report& r) {
  std::string span;
  if (r.input.first) {
    span = fmt::format(", {} to {}", to_text(day_of(*r.input.first)), to_text(day_of(r.input.last)));
  }
  auto text = fmt::format("<header><h1>Backtest</h1>\n<p>{} over {}{}</p>\n<dl>", counted(r.now.rules.size(), "rule"),
                          counted(r.input.events, "event"), span);
  text += files("rules", r.now.files);
  if (r.before) text += files("against", r.before->files);
  text += files("input", r.inputs);
  if (r.known) text += files("labels", r.known->files);
  if (r.input.bad + r.input.late > 0) {
    text += fmt::format("<dt>set aside</dt><dd>{} bad, {} late</dd>", grouped(r.input.bad), grouped(r.input.late));
  }
  return text + "</dl>\n<div class=\"tiles\">" + tiles(r) + "</div></header>\n";
}

// ---- alerts ---------------------------------------------------------------------------------------------------------

std::string alerts_row(const rule_report& rule, const std::optional<report::day_range>& days, bool all = false) {
  const auto mean = days ? static_cast<double>(rule.alerts) / static_cast<double>(days->days()) : 0.0;
  auto row = (all ? "<tr class=\"all\">" : "<tr>") + named(rule) + number(rule.alerts);
  row += fmt::format(R"(<td class="number">{:.1f}</td>)", mean) + number(rule.subjects) + number(rule.suppressed);
  return row + "<td>" + (days ? day_plot(rule, *days) : "") + "</td></tr>\n";
}

std::string alerts_table(const set_report& set, const std::optional<report::day_range>& days) {
  std::string table =
      "<div class=\"wide\"><table><thead><tr><th>rule</th><th class=\"number\">alerts</th><th class=\"number\">a "
      "day</th><th class=\"number\">subjects</th><th class=\"number\">suppressed</th><th>over time";
  if (days) table += day_axis(*days);
  table += "</th></tr></thead>\n<tbody>";
  for (const auto& rule : set.rules) table += alerts_row(rule, days);
  return table + alerts_row(set.all, days, true) + "</tbody></table></div>\n";
}

// ---- scores ---------------------------------------------------------------------------------------------------------

std::string score_row(const rule_report& rule, bool all = false) {
  const auto& s = *rule.scored;
  auto row = (all ? "<tr class=\"all\">" : "<tr>") + named(rule) + number(s.alerts) + number(s.true_alerts);
  row += "<td>" + ratio_bar(s.precision(), "precision") + "</td>";
  row += fmt::format(R"(<td class="number">{}{}</td>)", grouped(s.cases), s.own_cases ? "*" : "") + number(s.found);
  row += "<td>" + ratio_bar(s.recall(), "recall") + "</td><td>" + ratio_bar(s.f1(), "f1") + "</td></tr>\n";
  return row;
}

std::string score_table(const set_report& set) {
  std::string table =
      "<div class=\"wide\"><table><thead><tr><th>rule</th><th class=\"number\">alerts</th><th "
      "class=\"number\">true</th><th>precision</th><th class=\"number\">cases</th><th class=\"number\">found</th>"
      "<th>recall</th><th>F1</th></tr></thead>\n<tbody>";
  for (const auto& rule : set.rules) table += score_row(rule);
  return table + score_row(set.all, true) + "</tbody></table></div>\n";
}

std::string definition() {
  std::string list = "<details open><summary>What these numbers are</summary><ul>";
  for (const auto& sentence : score_definition()) list += "<li>" + escaped(sentence) + "</li>";
  return list + "</ul></details>\n";
}

std::string labels_words(const labels_report& known) {
  auto words = counted(known.events, "event");
  if (known.subjects > 0) words += " and " + counted(known.subjects, "subject");
  words += known.events + known.subjects == 1 ? " is labelled, in " : " are labelled, in ";
  words += counted(known.cases, "case") + ".";
  const auto absent = known.cases - known.cases_in_input;
  if (absent > 0) words += fmt::format(" {} left out: none of their events took part.", counted(absent, "case"));
  return words;
}

// ---- against --------------------------------------------------------------------------------------------------------

std::string example_rows(const rule_difference& d, bool old_ones) {
  std::string rows;
  for (const auto& e : old_ones ? d.examples_old : d.examples_new) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                        escaped(d.name), old_ones ? "only old" : "only new", escaped(e.subject),
                        stream::to_rfc3339(e.at), escaped(e.events));
  }
  return rows;
}

std::string differences(const report& r) {
  std::uint64_t most = 0;
  for (const auto& d : r.differences) most = std::max(most, d.only_old + d.both + d.only_new);
  std::string table =
      "<div class=\"wide\"><table><thead><tr><th>rule</th><th class=\"number\">only old</th><th "
      "class=\"number\">both</th><th class=\"number\">only new</th><th><span class=\"legend only-old\">only old</span> "
      "<span class=\"legend both\">both</span> <span class=\"legend only-new\">only "
      "new</span></th></tr></thead>\n<tbody>";
  std::string rows;
  for (const auto& d : r.differences) {
    const auto mark = !d.in_old   ? R"( <span class="mark">new</span>)"
                      : !d.in_new ? R"( <span class="mark">gone</span>)"
                                  : "";
    table += fmt::format(R"(<tr><th scope="row">{}{}</th>)", escaped(d.name), mark) + number(d.only_old) +
             number(d.both) + number(d.only_new) + "<td>" + difference_bar(d, most) + "</td></tr>\n";
    rows += example_rows(d, true) + example_rows(d, false);
  }
  table += "</tbody></table></div>\n";
  if (rows.empty()) return table;
  return table +
         "<details open><summary>Examples, the earliest of each</summary><div class=\"wide\"><table><thead><tr>"
         "<th>rule</th><th></th><th>subject</th><th>time</th><th>events</th></tr></thead>\n<tbody>" +
         rows + "</tbody></table></div></details>\n";
}

std::string body(const report& r) {
  const auto days = r.days();
  auto text = head(r);
  auto alerts = alerts_table(r.now, days);
  if (r.before) alerts += folded("Before", alerts_table(*r.before, days));
  text += section("Alerts", "Days are those of event time, in UTC. Every row has a scale of its own.", alerts);
  if (r.known) {
    auto scores = score_table(r.now);
    if (r.before) scores += folded("Before", score_table(*r.before));
    text += section("Against the labels", labels_words(*r.known), scores + definition());
  }
  if (r.before) {
    text += section("Old and new",
                    "The same alert has the rule's name, subject, time and event ids; version and reason play no part.",
                    differences(r));
  }
  if (r.now.rules.size() < 2) return text;
  return text + section("Overlap",
                        "What two rules both alerted on, as a part of what at least one of them did (the Jaccard "
                        "index). Above the diagonal: the same events. Below it: the same subject on the same day.",
                        "<div class=\"wide\">" + overlap_matrix(r.now) + "</div>\n");
}

}  // namespace

std::string as_html(const report& r) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>Weir backtest</title>\n<style>{}</style>\n</head>\n"
      "<body>\n<main>\n{}</main>\n</body>\n</html>\n",
      html_style, body(r));
}

}  // namespace weir::backtest
