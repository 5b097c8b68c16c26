#include "apps/weir/why_not/inquiry.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "apps/weir/explain/part_words.hpp"
#include "apps/weir/why_not/cut_rule.hpp"
#include "apps/weir/why_not/subject_stream.hpp"
#include "rules/text_position.hpp"

namespace weir::why_not {

namespace {

using explain::judged_condition;
using stream::event_handle;
using verdict = answer::verdict;

constexpr std::size_t matches_tried_max = 200;
constexpr std::size_t candidates_shown_max = 3;

/// How far a match came: the first `groups` groups, and what they bound.
struct progress {
  std::size_t groups = 0;
  found_match match;
};

/// An event that might have been the next, judged.
struct judged_event {
  event_handle event{};
  std::size_t written = 0;  // which step it was to be, counted with the absences
  std::vector<judged_condition> conditions;
  bool broken = false;  // by an event that must not come

  std::ptrdiff_t failures() const { return std::ranges::count(conditions, false, &judged_condition::holds); }
};

class inquiry {
 public:
  inquiry(const question& asked, stream::batch events)
      : asked_(asked),
        rule_(asked.rule),
        pattern_(asked.rule.pattern),
        steps_(cep::steps_of(pattern_)),
        words_(explain::body_words(rule_, asked.program)),
        judge_(rule_, asked.program, asked.files, asked.names),
        lookups_(asked.program.data, asked.names) {
    const auto& kept = log_.append(std::move(events));
    for (std::size_t place = 0; place < kept.size(); ++place) events_.push_back(log_.handle(place));
    run_cuts();
  }

  answer find() {
    describe();
    moment_ = moment();
    if (!tell_alert() && !tell_suppressed() && !tell_end() && !tell_waiting()) tell_next();
    note_moment();
    return std::move(made_);
  }

 private:
  // ---- what happened

  void run_cuts() {
    cuts_ = cuts_of(pattern_);
    std::vector<cep::pattern> patterns;
    for (const auto& cut : cuts_) patterns.push_back(cut.pattern);
    cep::engine engine(std::move(patterns), asked_.program.data, asked_.program.schema, asked_.names);
    found_.resize(cuts_.size());
    for (const auto& m : engine.advance(log_)) {
      if (!std::ranges::equal(m.subject, asked_.subject)) continue;
      found_[m.pattern].push_back({.at = m.at,
                                   .events = {m.events.begin(), m.events.end()},
                                   .aggregates = {m.aggregates.begin(), m.aggregates.end()},
                                   .answers = {m.answers.begin(), m.answers.end()}});
    }
  }

  /// Where an event is judged that did not come at the time asked, this is said.
  void note_moment() {
    const bool judged = made_.says == verdict::step_failed || made_.says == verdict::too_late ||
                        made_.says == verdict::broken || made_.says == verdict::end_failed;
    if (!judged || moment_ == asked_.at || !cep::last_absences(pattern_).empty()) return;
    made_.notes.insert(made_.notes.begin(),
                       "no event at that time could have ended a match: the last one before is judged, at " +
                           stream::to_rfc3339(moment_));
  }

  /// When it was judged: at the last event that could have ended the match, or at the moment asked.
  stream::timestamp moment() const {
    const auto last = last_steps();
    for (auto event = events_.rbegin(); event != events_.rend(); ++event) {
      if (std::ranges::any_of(last, [&](std::size_t written) { return is_for(*event, written); })) {
        return log_[*event].at();
      }
    }
    return asked_.at;
  }

  /// The steps a match may end with, counted with the absences.
  std::vector<std::size_t> last_steps() const {
    std::vector<std::size_t> last;
    for (auto group = groups_in(pattern_); group > 0; --group) {
      const auto [first, count] = steps_of_group(group);
      for (std::size_t i = 0; i < count; ++i) last.push_back(first + i);
      if (!group_at(group).optional) break;
    }
    return last;
  }

  const cep::step_group& group_at(std::size_t group) const {
    return std::get<cep::step_group>(pattern_.body.parts[end_of_group(pattern_, group) - 1]);
  }

  /// The place of the group's first step among steps and absences as they are written, and how many it has.
  std::pair<std::size_t, std::size_t> steps_of_group(std::size_t group) const {
    const auto part = end_of_group(pattern_, group) - 1;
    return {written_before(part), std::get<cep::step_group>(pattern_.body.parts[part]).steps.size()};
  }

  std::size_t written_before(std::size_t part) const {
    std::size_t written = 0;
    for (std::size_t i = 0; i < part; ++i) {
      const auto* group = std::get_if<cep::step_group>(&pattern_.body.parts[i]);
      written += group != nullptr ? group->steps.size() : 1;
    }
    return written;
  }

  const cep::event_filter& filter(std::size_t written) const { return *explain::filters_of(pattern_)[written]; }

  bool is_for(event_handle event, std::size_t written) const {
    const auto view = log_[event];
    const auto& events = filter(written);
    return view.type == events.type && belongs(*view.rows, view.row, events, asked_.subject);
  }

  bool is_now(stream::timestamp at) const { return at >= moment_ && at <= asked_.at; }

  std::vector<const found_match*> matches(cut_pattern::part kept, std::size_t groups = 0) const {
    std::vector<const found_match*> all;
    for (std::size_t i = 0; i < cuts_.size(); ++i) {
      if (cuts_[i].kept != kept || cuts_[i].groups != groups) continue;
      for (const auto& m : found_[i]) all.push_back(&m);
    }
    return all;
  }

  const found_match* match_now(cut_pattern::part kept) const {
    const found_match* latest = nullptr;
    for (const auto* m : matches(kept)) {
      if (is_now(m->at)) latest = m;
    }
    return latest;
  }

  // ---- words

  void describe() {
    made_.rule = rule_.name;
    const auto& file = asked_.files[rule_.where.file];
    made_.place = fmt::format("{}:{}", file.path, rules::line_table(file.text).position_of(rule_.where.begin).line + 1);
    for (std::size_t i = 0; i < rule_.subject_names.size(); ++i) {
      made_.subject += fmt::format("{}{} {}", i > 0 ? ", " : "", rule_.subject_names[i],
                                   asked_.names.of(pattern_.subjects[i])[asked_.subject[i]]);
    }
    made_.asked = stream::to_rfc3339(asked_.at);
  }

  std::string event_words(event_handle event) const {
    const auto view = log_[event];
    return fmt::format("{} {} at {}: {}", asked_.program.schema[view.type].name, asked_.id_of(view),
                       stream::to_rfc3339(view.at()), explain::fields_of(view, asked_.program, asked_.names));
  }

  void tell_events(const found_match& m) {
    for (const auto& bound : m.events) {
      const auto& label = steps_[bound.step]->label;
      made_.reached.push_back((label.empty() ? "" : label + ": ") + event_words(bound.handle));
    }
  }

  bool say(verdict what, std::string because) {
    made_.says = what;
    made_.because = std::move(because);
    return true;
  }

  // ---- a match there was

  bool tell_alert() {
    const auto* alert = match_now(cut_pattern::part::whole);
    if (alert == nullptr) return false;
    tell_events(*alert);
    return say(verdict::alerted, fmt::format("It raised an alert at {}.", stream::to_rfc3339(alert->at)));
  }

  bool tell_suppressed() {
    const auto* match = match_now(cut_pattern::part::unsilenced);
    if (match == nullptr) return false;
    tell_events(*match);
    const auto* before = silencer_of(*match);
    const auto at = stream::to_rfc3339(match->at);
    if (before == nullptr) return say(verdict::suppressed, fmt::format("A match ended at {}, and was held back.", at));
    const bool suppress =
        pattern_.suppress && match->at <= stream::saturating_add(before->at, pattern_.suppress->length);
    const auto length = suppress ? pattern_.suppress->length : *pattern_.body.within;
    return say(
        verdict::suppressed,
        fmt::format("A match ended at {}, but the alert at {} keeps this {} silent until {}, for {} ({}).", at,
                    stream::to_rfc3339(before->at), suppress && !pattern_.suppress->by.empty() ? "key" : "subject",
                    stream::to_rfc3339(stream::saturating_add(before->at, length)), stream::to_text(length),
                    suppress ? "suppress" : "emit first"));
  }

  /// The last alert that silences a match.
  const found_match* silencer_of(const found_match& m) const {
    const found_match* found = nullptr;
    for (const auto* alert : matches(cut_pattern::part::whole)) {
      if (alert->at > m.at) break;
      if (silences(*alert, m)) found = alert;
    }
    return found;
  }

  bool silences(const found_match& alert, const found_match& m) const {
    if (pattern_.emit == cep::emission::first && m.at <= stream::saturating_add(alert.at, *pattern_.body.within)) {
      return true;
    }
    return pattern_.suppress && m.at <= stream::saturating_add(alert.at, pattern_.suppress->length) &&
           keys_of(alert) == keys_of(m);
  }

  std::vector<std::string> keys_of(const found_match& m) const {
    std::vector<std::string> keys;
    const explain::bound_events bound(m.events, steps_.size());
    for (const auto& by : pattern_.suppress->by) {
      keys.push_back(
          cep::to_text(cep::evaluator(by, asked_.names, lookups_)(reading(m, bound, {})), by.type, asked_.names));
    }
    return keys;
  }

  bool tell_end() {
    const auto* match = match_now(cut_pattern::part::unconditioned);
    if (match == nullptr) return false;
    const explain::bound_events bound(match->events, steps_.size());
    auto judged = judge_.at_end(reading(*match, bound, {}));
    if (explain::all_hold(judged)) judged.push_back({.text = "the path's vertices differ as it asks", .holds = false});
    tell_events(*match);
    made_.next = "the end of the match";
    made_.candidates.push_back(
        {.event = "judged at " + stream::to_rfc3339(match->at), .conditions = std::move(judged)});
    return say(verdict::end_failed, "The events were there; what is judged where the match ends did not hold.");
  }

  cep::bindings reading(const found_match& m, const explain::bound_events& bound,
                        const stream::event_view& event) const {
    stream::duration span{};
    if (!m.events.empty()) {
      const auto [first, last] = std::ranges::minmax(m.events, {}, &cep::bound_event::handle);
      span = log_[last.handle].at() - log_[first.handle].at();
    }
    return {.event = event,
            .bound = bound.steps(),
            .log = &log_,
            .subject = asked_.subject,
            .aggregates = m.aggregates,
            .answers = m.answers,
            .span = span};
  }

  // ---- absences

  struct absence_place {
    const cep::absence* absence;
    std::size_t written;
  };

  /// The absences that stand between a group (0: the beginning) and the next.
  std::vector<absence_place> absences_after(std::size_t group) const {
    std::vector<absence_place> found;
    for (auto part = end_of_group(pattern_, group); part < pattern_.body.parts.size(); ++part) {
      const auto* absence = std::get_if<cep::absence>(&pattern_.body.parts[part]);
      if (absence == nullptr) break;
      found.push_back({absence, written_before(part)});
    }
    return found;
  }

  static event_handle last_of(const found_match& m) {
    return std::ranges::max(m.events, {}, &cep::bound_event::handle).handle;
  }

  bool holds_for(std::size_t written, event_handle event, const found_match& m) const {
    const explain::bound_events bound(m.events, steps_.size());
    return cep::evaluator(filter(written).where, asked_.names, lookups_).holds(reading(m, bound, log_[event]));
  }

  /// Up to when no such event may come; the moment itself where nothing limits it.
  stream::timestamp limit_of(const cep::absence& a, const found_match& m) const {
    if (!a.within) return asked_.at;
    auto base = m.events.empty() ? stream::no_event : last_of(m);
    for (const auto& bound : m.events) {
      if (a.of && bound.step == *a.of) base = bound.handle;
    }
    return stream::saturating_add(log_[base].at(), *a.within);
  }

  /// The first event that breaks an absence after the match's last event and before `end` (none: up to its limit).
  std::optional<event_handle> breaker(const absence_place& place, const found_match& m,
                                      std::optional<event_handle> end) const {
    const auto limit = limit_of(*place.absence, m);
    for (const auto event : events_) {
      if (event <= last_of(m) || (end && event >= *end) || log_[event].at() > limit) continue;
      if (is_for(event, place.written) && holds_for(place.written, event, m)) return event;
    }
    return std::nullopt;
  }

  /// The same for an absence before the first event of the match.
  std::optional<event_handle> leading_breaker(const absence_place& place, event_handle first) const {
    const auto earliest = stream::saturating_add(log_[first].at(), -*place.absence->within);
    for (const auto event : events_) {
      if (event >= first || log_[event].at() < earliest) continue;
      if (is_for(event, place.written) && holds_for(place.written, event, {})) return event;
    }
    return std::nullopt;
  }

  /// All steps came, and the rule waits for what must not. Of several such matches the one whose deadline is asked
  /// about, else the last.
  bool tell_waiting() {
    const auto groups = groups_in(pattern_);
    if (absences_after(groups).empty()) return false;
    const auto whole = matches(cut_pattern::part::prefix, groups);
    if (whole.empty()) return false;
    const auto asked =
        std::ranges::find(whole, asked_.at, [&](const found_match* match) { return deadline_of(*match); });
    const auto& m = asked == whole.end() ? *whole.back() : **asked;
    tell_events(m);
    return tell_broken(m) || tell_deadline(m);
  }

  stream::timestamp deadline_of(const found_match& m) const {
    auto deadline = stream::start_of_time;
    for (const auto& place : absences_after(groups_in(pattern_))) {
      deadline = std::max(deadline, limit_of(*place.absence, m));
    }
    return deadline;
  }

  bool tell_broken(const found_match& m) {
    for (const auto& place : absences_after(groups_in(pattern_))) {
      made_.next = words_[place.written];
      const auto broken = breaker(place, m, std::nullopt);
      if (!broken) continue;
      made_.candidates.push_back({event_words(*broken), where_of(place.written, *broken, m)});
      return say(verdict::broken, fmt::format("All steps came, but so did what must not: {}.", words_[place.written]));
    }
    return false;
  }

  bool tell_deadline(const found_match& m) {
    return say(verdict::waiting, fmt::format("All steps came; the deadline is {}, and has not passed yet.",
                                             stream::to_rfc3339(deadline_of(m))));
  }

  std::vector<judged_condition> where_of(std::size_t written, event_handle event, const found_match& m) const {
    const explain::bound_events bound(m.events, steps_.size());
    return judge_.where(written, reading(m, bound, log_[event]));
  }

  /// The path's own `where`, as far as it reads this event and those before.
  std::vector<judged_condition> path_of(std::size_t written, event_handle event, const found_match& m) const {
    auto extended = m;
    const auto step = static_cast<std::uint16_t>(std::ranges::find(steps_, step_written(written)) - steps_.begin());
    extended.events.push_back({.handle = event, .step = step});
    const explain::bound_events bound(extended.events, steps_.size());
    return judge_.path(step, reading(extended, bound, log_[event]));
  }

  // ---- the next step

  /// The longest prefix of the rule that is still open at the moment; nothing where no first step came.
  std::vector<progress> furthest() const {
    for (const auto& cut : cuts_) {
      if (cut.kept != cut_pattern::part::prefix || cut.groups == groups_in(pattern_)) continue;
      std::vector<progress> open;
      for (const auto* m : matches(cut_pattern::part::prefix, cut.groups)) {
        if (!is_over(*m)) open.push_back({.groups = cut.groups, .match = *m});
      }
      if (!open.empty()) return open;
    }
    return {};
  }

  bool is_over(const found_match& m) const { return pattern_.body.within && age(m) > *pattern_.body.within; }

  stream::duration age(const found_match& m) const {
    return moment_ - log_[std::ranges::min(m.events, {}, &cep::bound_event::handle).handle].at();
  }

  /// A prefix that had come further, but whose window has passed.
  std::optional<progress> expired(std::size_t groups) const {
    for (const auto& cut : cuts_) {
      if (cut.kept != cut_pattern::part::prefix || cut.groups <= groups || cut.groups == groups_in(pattern_)) continue;
      const auto all = matches(cut_pattern::part::prefix, cut.groups);
      if (!all.empty()) return progress{.groups = cut.groups, .match = *all.back()};
    }
    return std::nullopt;
  }

  /// An event that begins a match anew may be the one that was to end an older one, had that not been too old.
  std::optional<progress> just_missed(const std::vector<progress>& open) {
    const auto groups = groups_in(pattern_) - 1;
    const auto is_older = [&](const progress& p) { return log_[last_of(p.match)].at() < moment_; };
    if (open.empty() || open.front().groups != groups || std::ranges::any_of(open, is_older)) return std::nullopt;
    const auto all = matches(cut_pattern::part::prefix, groups);
    const auto last = std::ranges::find_if(all.rbegin(), all.rend(), [&](const auto* m) { return is_over(*m); });
    if (last == all.rend()) return std::nullopt;
    progress old{.groups = groups, .match = **last};
    const auto only_late = [&](const judged_event& e) {
      return log_[e.event].at() >= moment_ && e.failures() == 1 && holds_for(e.written, e.event, old.match);
    };
    if (std::ranges::none_of(judged_after(old), only_late)) return std::nullopt;
    return old;
  }

  void tell_next() {
    auto open = furthest();
    const auto groups = open.empty() ? 0 : open.front().groups;
    if (const auto old = expired(groups)) return tell_expired(*old);
    if (const auto old = just_missed(open)) return tell_expired(*old);
    if (open.empty()) open.emplace_back();
    tell_step(open);
  }

  void tell_expired(const progress& old) {
    tell_events(old.match);
    made_.next = next_words(old.groups);
    add_candidates(judged_after({old}));
    const auto& first = *std::ranges::min_element(old.match.events, {}, &cep::bound_event::handle);
    say(verdict::too_late,
        fmt::format("The window had passed: the match began at {}, and has to end within {}, by {}.",
                    stream::to_rfc3339(log_[first.handle].at()), stream::to_text(*pattern_.body.within),
                    stream::to_rfc3339(stream::saturating_add(log_[first.handle].at(), *pattern_.body.within))));
  }

  std::string next_words(std::size_t groups) const {
    if (groups == groups_in(pattern_)) return {};
    return explain::group_words(group_at(groups + 1), rule_, asked_.program);
  }

  void tell_step(const std::vector<progress>& open) {
    const auto groups = open.front().groups;
    made_.next = next_words(groups);
    auto judged = judged_after(open);
    if (judged.empty()) {
      if (groups > 0) tell_events(open.back().match);
      say(verdict::no_event, no_event_words(groups));
      return;
    }
    if (groups > 0) tell_events(open[best_].match);
    say_nearest(groups, judged);
    add_candidates(std::move(judged));
  }

  void say_nearest(std::size_t groups, const std::vector<judged_event>& judged) {
    const auto& nearest = judged.front();
    if (nearest.failures() == 0) {
      say(verdict::step_failed, together_words(groups + 1, judged));
    } else if (nearest.broken && nearest.failures() == 1) {
      say(verdict::broken, groups == 0 ? "The event came, but so did what must not come before it."
                                       : "What was to follow came, but so did what must not.");
    } else {
      say(nearest.broken ? verdict::broken : verdict::step_failed, step_failed_words(groups));
    }
  }

  std::string no_event_words(std::size_t groups) const {
    const auto after = groups == 0 ? "up to then" : "after the events that were there";
    const auto [first, count] = steps_of_group(groups + 1);
    std::string types;
    for (std::size_t i = 0; i < count; ++i) {
      types += (i > 0 ? " or " : "") + asked_.program.schema[filter(first + i).type].name;
    }
    return fmt::format("No {}{} came {}.", types, made_.subject.empty() ? "" : " of this subject", after);
  }

  std::string step_failed_words(std::size_t groups) const {
    if (groups == 0 && groups_in(pattern_) == 1) {
      return "The event did not fulfil the condition of the rule.";
    }
    if (groups == 0) return "No event fulfilled the first step.";
    return "A match came as far as is shown; no event fulfilled what was to follow.";
  }

  /// Every part holds for some event, and yet there is no match: runs, `all of`, neighbours.
  std::string together_words(std::size_t group, const std::vector<judged_event>& judged) const {
    const auto fits = std::ranges::count(judged, 0, &judged_event::failures);
    const auto& next = group_at(group);
    const auto least = next.steps.front().count.least;
    if (next.steps.size() == 1 && least > 1) {
      return fmt::format("The step asks for {} events in a row; {} fulfilled it.", least, fits);
    }
    if (next.steps.size() > 1) return missing_words(group, judged);
    if (next.next) {
      return "Every condition holds, but another event of this subject came directly before: the step asks for the "
             "very "
             "next.";
    }
    const auto& places = pattern_.body.within_events;
    if (places) return fmt::format("Every condition holds, but the match would not lie within {} events.", *places);
    return "Every condition holds by itself, but the events do not stand as the match asks.";
  }

  /// Of a group with several members: those that no event fulfilled.
  std::string missing_words(std::size_t group, const std::vector<judged_event>& judged) const {
    const auto [first, count] = steps_of_group(group);
    std::string missing;
    for (std::size_t i = first; i < first + count; ++i) {
      const auto fulfils = [&](const judged_event& e) { return e.written == i && e.failures() == 0; };
      if (std::ranges::any_of(judged, fulfils)) continue;
      missing += (missing.empty() ? "" : ", ") + explain::step_words(*step_written(i), rule_, asked_.program);
    }
    if (missing.empty()) return "Every member has an event, but the events do not stand as the match asks.";
    return fmt::format("Not all members of the step came: there was no {}.", missing);
  }

  /// All events that might have come next, the nearest first: with the fewest parts that do not hold, then the latest.
  std::vector<judged_event> judged_after(const std::vector<progress>& open) {
    std::vector<judged_event> best;
    const auto first = open.size() - std::min(open.size(), matches_tried_max);
    for (std::size_t i = open.size(); i > first; --i) {
      auto judged = judged_after(open[i - 1]);
      if (judged.empty()) continue;
      if (!best.empty() && best.front().failures() <= judged.front().failures()) continue;
      best = std::move(judged);
      best_ = i - 1;
    }
    return best;
  }

  std::vector<judged_event> judged_after(const progress& p) {
    std::vector<judged_event> judged;
    if (p.groups == groups_in(pattern_)) return judged;
    const auto [first, count] = steps_of_group(p.groups + 1);
    for (const auto event : events_) {
      if (!p.match.events.empty() && event <= last_of(p.match)) continue;
      for (std::size_t i = first; i < first + count; ++i) {
        if (is_for(event, i)) judged.push_back(judge(event, i, p));
      }
    }
    const bool one_event = groups_in(pattern_) == 1 && group_at(1).steps.front().count.single();
    // What ended a match before the moment is no answer to why none ended there.
    const auto& next = group_at(p.groups + 1);
    if (p.groups + 1 == groups_in(pattern_) && next.steps.size() == 1 && next.steps.front().count.least == 1) {
      std::erase_if(judged, [&](const judged_event& e) { return e.failures() == 0 && log_[e.event].at() < moment_; });
    }
    std::ranges::sort(judged, [&](const judged_event& a, const judged_event& b) {
      // A rule about one event is asked about the event at the moment.
      if (one_event && a.event != b.event) return a.event > b.event;
      return std::pair{a.failures(), b.event} < std::pair{b.failures(), a.event};
    });
    return judged;
  }

  judged_event judge(event_handle event, std::size_t written, const progress& p) {
    judged_event made;
    made.event = event;
    made.written = written;
    made.conditions = where_of(written, event, p.match);
    std::ranges::move(path_of(written, event, p.match), std::back_inserter(made.conditions));
    const bool holds = holds_for(written, event, p.match);
    if (!holds && explain::all_hold(made.conditions)) add_path_joins(made, p.match);
    judge_windows(made, p);
    judge_absences(made, p);
    return made;
  }

  /// What a path asks without a word: where an edge begins and ends.
  void add_path_joins(judged_event& made, const found_match& m) {
    const explain::bound_events bound(m.events, steps_.size());
    const auto from = reading(m, bound, log_[made.event]);
    for (const auto& part : cep::conjuncts(filter(made.written).where)) {
      if (cep::evaluator(part, asked_.names, lookups_).holds(from)) continue;
      const bool join = (part.op == cep::operation::equal || part.op == cep::operation::not_equal) &&
                        reads_edge(part.args[0]) && reads_edge(part.args[1]);
      made.conditions.push_back({.text = join ? "in the path: " + join_words(part, made.written, from)
                                              : "joined to the events before as the path asks",
                                 .holds = false});
    }
  }

  static bool reads_edge(const cep::expression& e) {
    return e.op == cep::operation::field || e.op == cep::operation::bound_field || e.op == cep::operation::subject;
  }

  /// "from (C) = x.to (B)"
  std::string join_words(const cep::expression& join, std::size_t written, const cep::bindings& from) {
    const auto side = [&](const cep::expression& e) {
      return fmt::format("{} ({})", read_words(e, written),
                         explain::shown(cep::evaluator(e, asked_.names, lookups_)(from), e.type, asked_.names));
    };
    return fmt::format("{} {} {}", side(join.args[0]),
                       join.op == cep::operation::equal ? "=" : "!=", side(join.args[1]));
  }

  std::string read_words(const cep::expression& e, std::size_t written) const {
    if (e.op == cep::operation::subject) return rule_.subject_names[e.index];
    const auto& step = e.op == cep::operation::field ? *step_written(written) : *steps_[e.index];
    return fmt::format("{}.{}", explain::name_of(step, asked_.program),
                       asked_.program.schema[step.events.type][e.field].name);
  }

  void judge_windows(judged_event& made, const progress& p) const {
    if (p.match.events.empty()) return;
    const auto at = log_[made.event].at();
    const auto& within = pattern_.body.within;
    const auto start = log_[std::ranges::min(p.match.events, {}, &cep::bound_event::handle).handle].at();
    if (within) {
      made.conditions.push_back({.text = fmt::format("within {}: {} after the first event", stream::to_text(*within),
                                                     stream::to_text(at - start)),
                                 .holds = at - start <= *within});
    }
    const auto& step = *step_written(made.written);
    if (!step.within) return;
    for (const auto& bound : p.match.events) {
      if (bound.step != step.within->step) continue;
      const auto since = at - log_[bound.handle].at();
      made.conditions.push_back(
          {.text = fmt::format("within {} of {}: {}", stream::to_text(step.within->length),
                               explain::name_of(*steps_[bound.step], asked_.program), stream::to_text(since)),
           .holds = since <= step.within->length});
    }
  }

  const cep::step* step_written(std::size_t written) const {
    std::size_t seen = 0;
    for (const auto& part : pattern_.body.parts) {
      const auto* group = std::get_if<cep::step_group>(&part);
      const auto count = group != nullptr ? group->steps.size() : 1;
      if (group != nullptr && written < seen + count) return &group->steps[written - seen];
      seen += count;
    }
    return nullptr;
  }

  void judge_absences(judged_event& made, const progress& p) const {
    for (const auto& place : absences_after(p.groups)) {
      const auto broken =
          p.match.events.empty() ? leading_breaker(place, made.event) : breaker(place, p.match, made.event);
      made.broken = made.broken || broken;
      made.conditions.push_back(
          {.text = words_[place.written] + (broken ? ": there was " + event_words(*broken) : ": none came"),
           .holds = !broken});
    }
  }

  void add_candidates(std::vector<judged_event> judged) {
    for (std::size_t i = 0; i < std::min(judged.size(), candidates_shown_max); ++i) {
      made_.candidates.push_back({event_words(judged[i].event), std::move(judged[i].conditions)});
    }
    if (judged.size() > candidates_shown_max) {
      made_.notes.push_back(fmt::format("{} more events of the kind came and fulfilled it no better",
                                        judged.size() - candidates_shown_max));
    }
  }

  const question& asked_;
  const rules::rule& rule_;
  const cep::pattern& pattern_;
  std::vector<const cep::step*> steps_;
  std::vector<std::string> words_;
  explain::condition_judge judge_;
  cep::references lookups_;
  stream::event_log log_;
  std::vector<event_handle> events_;
  std::vector<cut_pattern> cuts_;
  std::vector<std::vector<found_match>> found_;  // by cut
  stream::timestamp moment_;
  std::size_t best_ = 0;  // of the prefixes: the one that the nearest candidates follow
  answer made_;
};

}  // namespace

answer why_not(const question& asked, stream::batch events) { return inquiry(asked, std::move(events)).find(); }

}  // namespace weir::why_not
