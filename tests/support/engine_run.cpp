#include "tests/support/engine_run.hpp"

#include <algorithm>
#include <deque>
#include <stdexcept>

#include <fmt/format.h>

#include "rules/successor.hpp"

namespace weir::testing {
namespace {

naive_value plain_value_of(const cep::value& v, const cep::value_type& type, const stream::symbols& names) {
  if (!v.present) return {};
  switch (type.kind) {
    case cep::value_kind::boolean: return v.boolean;
    case cep::value_kind::exact: return v.exact;
    case cep::value_kind::real: return v.real;
    case cep::value_kind::text: return std::string(names.texts()[v.id]);
    case cep::value_kind::entity: return std::string(names.entities(type.entity)[v.id]);
    case cep::value_kind::ip: return v.ip;
  }
  return {};
}

}  // namespace

cep::threading with_threads(std::size_t threads) {
  static std::deque<stream::worker_pool> pools;  // the first of one thread, and so on
  while (pools.size() < threads) pools.emplace_back(pools.size() + 1);
  return {.workers = &pools.at(threads - 1), .rows_least = 0};
}

engine_session::engine_session(const rules::program& program, std::span<const plain_event> events,
                               cep::threading threads)
    : program_(program),
      patterns_(program.patterns()),
      names_(program.schema),
      writer_(program_, names_, {"first", "second", "third"}),
      detector_(program_, names_, writer_, threads) {
  for (const rules::rule* r : program_.active()) numbers_.push_back(number_of(r->name));
  for (std::size_t i = 0; i < events.size(); ++i) places_.emplace_back(events[i].from, i);
  std::ranges::sort(places_);
}

std::uint32_t engine_session::number_of(const std::string& rule) {
  const auto known = std::ranges::find(names_of_rules_, rule);
  const auto number = static_cast<std::uint32_t>(known - names_of_rules_.begin());
  if (known == names_of_rules_.end()) names_of_rules_.push_back(rule);
  return number;
}

std::vector<std::string> engine_session::replace(rules::program fresh) {
  auto next = rules::succeed(program_, std::move(fresh), {});
  if (!next) throw std::logic_error(next.error().front());
  program_ = std::move(next->rules);
  patterns_ = program_.patterns();
  numbers_.clear();
  for (const rules::rule* r : program_.active()) numbers_.push_back(number_of(r->name));
  detector_.replace(next->kept);
  writer_.replace();
  detector_.update(next->changed);
  writer_.update(next->changed);
  return std::move(next->begun_again);
}

void engine_session::recycle_ids() {
  const auto remembered = detector_.remembered();
  if (remembered == stream::duration::max()) return;
  names_.recycle(stream::id_recycling{
      .retention = remembered, .epochs = 1'000'000, .handed_back_least = 1, .slots_swept = 1'000'000});
}

void engine_session::take(stream::batch batch) {
  if (detector_.stopped()) return;
  const stream::timestamp watermark = batch.watermark();
  if (batch.size() > 0) greatest_ = batch.at(batch.order().back());
  for (const cep::match& m : detector_.advance(std::move(batch))) {
    run_.alerts.push_back(read(m));
    run_.ids.push_back(writer_.id(m, detector_.log_of(m)));
  }
  detector_.forget();  // what no rule reads any more goes, so that a retention that is too short shows
  names_.pass(greatest_, watermark);
}

plain_alert engine_session::read(const cep::match& m) const {
  const cep::pattern& pattern = patterns_.at(m.pattern);
  const stream::event_log& log = detector_.log_of(m);
  plain_alert alert{.pattern = numbers_.at(m.pattern), .at = m.at, .suppressed = m.suppressed};
  for (std::size_t i = 0; i < pattern.subjects.size(); ++i) {
    alert.subject.emplace_back(names_.of(pattern.subjects[i])[m.subject[i]]);
  }
  for (const auto& [handle, step] : m.events) alert.events.push_back({place_of(log[handle].from()), step});
  for (std::size_t i = 0; i < m.aggregates.size(); ++i) {
    alert.aggregates.push_back(plain_value_of(m.aggregates[i], pattern.aggregates.at(i).type, names_));
  }
  for (std::size_t i = 0; i < m.answers.size(); ++i) {
    alert.aggregates.push_back(plain_value_of(m.answers[i], pattern.graph_calls.at(i).type, names_));
  }
  return alert;
}

std::size_t engine_session::place_of(const stream::origin& from) const {
  if (from.source == rules::raised_source) {
    // It bears the first half of its alert's id.
    const std::string id = fmt::format("{:016x}", from.position);
    const auto raised = std::ranges::find(run_.ids, id, [](const std::string& other) { return other.substr(0, 16); });
    if (raised == run_.ids.end()) throw std::logic_error("a match binds an event that no alert has raised");
    return places_.size() + static_cast<std::size_t>(raised - run_.ids.begin());
  }
  const auto it = std::ranges::lower_bound(places_, from, {}, &decltype(places_)::value_type::first);
  if (it == places_.end() || it->first != from) throw std::logic_error("a match binds no known event");
  return it->second;
}

namespace {

void take_all(engine_session& session, const rules::program& program, std::span<const plain_event> events,
              std::span<const batch_cut> cuts) {
  std::size_t taken = 0;
  for (const batch_cut& cut : cuts) {
    session.take(make_batch(events.subspan(taken, cut.events), cut.watermark, program.schema, session.names()));
    taken += cut.events;
  }
}

}  // namespace

engine_run run_engine(const rules::program& program, std::span<const plain_event> events,
                      std::span<const batch_cut> cuts, cep::threading threads) {
  engine_session session(program, events, threads);
  take_all(session, program, events, cuts);
  return std::move(session).run();
}

std::pair<engine_run, bool> run_engine_recycling(const rules::program& program, std::span<const plain_event> events,
                                                 std::span<const batch_cut> cuts, cep::threading threads) {
  engine_session session(program, events, threads);
  session.recycle_ids();
  take_all(session, program, events, cuts);
  const bool any = session.names().any_handed_out_again();
  return {std::move(session).run(), any};
}

}  // namespace weir::testing
