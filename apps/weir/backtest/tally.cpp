#include "apps/weir/backtest/tally.hpp"

#include <chrono>

#include <fmt/format.h>
#include <boost/container_hash/hash.hpp>

namespace weir::backtest {

day_number day_of(stream::timestamp at) {
  return static_cast<day_number>(std::chrono::floor<std::chrono::days>(at).time_since_epoch().count());
}

std::string to_text(day_number day) {
  return stream::to_rfc3339(stream::timestamp{std::chrono::days{day}}).substr(0, 10);
}

namespace {

/// Handles of one event differ between the logs of several strata; its type and its place in a source do not.
std::uint64_t number_of(const stream::event_view& event) {
  std::size_t number = static_cast<std::size_t>(event.type);
  boost::hash_combine(number, static_cast<std::size_t>(event.from().source));
  boost::hash_combine(number, event.from().position);
  boost::hash_combine(number, event.at().time_since_epoch().count());
  return number;
}

}  // namespace

tally::tally(const rules::program& rules, const rules::alert_writer& writer, const labels* known, options chosen)
    : rules_(rules), writer_(writer), known_(known), chosen_(chosen) {
  touched_.resize(rules.active().size());
  if (known == nullptr) return;
  for (auto& cases : touched_) cases.resize(known->cases().size());
}

void tally::add(const cep::match& m, const stream::event_log& log) {
  kept_alert kept{.rule = m.pattern,
                  .subject = subject_number(m),
                  .at = m.at,
                  .first_event = static_cast<std::uint32_t>(events_.size()),
                  .event_count = static_cast<std::uint32_t>(m.events.size())};
  for (const auto& event : m.events) events_.push_back(number_of(log[event.handle]));
  if (known_ != nullptr) note_labels(kept, m, log);
  alerts_.push_back(kept);
  if (!chosen_.keeps_ids) return;
  auto& ids = ids_.emplace_back();
  for (const auto& event : m.events) {
    if (!ids.empty()) ids += ", ";
    ids += writer_.event_id(log[event.handle]);
  }
}

std::span<const std::uint64_t> tally::events_of(const kept_alert& a) const {
  return std::span{events_}.subspan(a.first_event, a.event_count);
}

/// An account and a card of one name are two subjects.
std::uint32_t tally::subject_number(const cep::match& m) {
  std::string key;
  for (const auto& type : writer_.cause(m).pattern.subjects) key += stream::to_text(type, rules_.schema) + '\n';
  auto subject = writer_.subject(m);
  key += subject;
  const auto [found, is_new] =
      subject_numbers_.try_emplace(std::move(key), static_cast<std::uint32_t>(subjects_.size()));
  if (is_new) subjects_.push_back(std::move(subject));
  return found->second;
}

void tally::note_labels(kept_alert& kept, const cep::match& m, const stream::event_log& log) {
  found_.clear();
  known_->of_subject(subjects_[kept.subject], found_);
  for (const auto& event : m.events) {
    const auto view = log[event.handle];
    known_->of_event(rules_.schema[view.type].name, writer_.event_id(view), found_);
  }
  kept.labelled = !found_.empty();
  for (const auto touched : found_) touched_[kept.rule][static_cast<std::size_t>(touched)] = true;
}

}  // namespace weir::backtest
