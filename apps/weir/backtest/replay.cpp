#include "apps/weir/backtest/replay.hpp"

#include <utility>

namespace weir::backtest {

namespace {

constexpr std::size_t examples_aside_max = 3;

std::vector<std::string> names_of(const std::vector<stream::source_options>& sources) {
  std::vector<std::string> names;
  for (const auto& source : sources) names.push_back(source.name);
  return names;
}

}  // namespace

replay::replay(const rules::program& rules, options chosen)
    : rules_(rules),
      options_(std::move(chosen)),
      names_(rules.schema),
      intake_(rules.schema, names_, options_.sources),
      writer_(rules, names_, names_of(options_.sources)),
      detector_(rules, names_, writer_),
      tally_(rules, writer_, options_.known, {.keeps_ids = options_.keeps_ids}) {}

void replay::take_all() {
  while (auto arrived = intake_.next(options_.batch_rows, aside_)) take(std::move(*arrived));
  keep_examples();
}

void replay::finish() {
  take_all();
  stream::batch closing(rules_.schema);
  closing.set_watermark(stream::end_of_time);
  take(std::move(closing));
}

void replay::take(stream::batch arrived) {
  if (arrived.size() > 0) {
    if (!first_) first_ = arrived.at(arrived.order().front());
    last_ = arrived.at(arrived.order().back());
  }
  if (options_.known != nullptr) note_labelled_events(arrived);
  for (const auto& found : detector_.advance(std::move(arrived))) tally_.add(found, detector_.log_of(found));
  detector_.forget();
}

void replay::note_labelled_events(const stream::batch& arrived) {
  for (std::size_t i = 0; i < rules_.schema.events().size(); ++i) {
    const auto type = static_cast<stream::event_type_id>(i);
    const auto& rows = arrived[type];
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      options_.known->note_event(rules_.schema[type].name, writer_.event_id({.type = type, .rows = &rows, .row = row}));
    }
  }
}

void replay::keep_examples() {
  for (auto& record : aside_) {
    if (examples_aside_.size() < examples_aside_max) examples_aside_.push_back(std::move(record));
  }
  aside_.clear();
}

input_count replay::input() const {
  input_count sum{.first = first_, .last = last_};
  for (std::size_t i = 0; i < intake_.sources().size(); ++i) {
    const auto& counted = intake_.counters(static_cast<stream::source_id>(i));
    sum.events += counted.events;
    sum.late += counted.late;
    sum.bad += counted.bad;
  }
  return sum;
}

std::vector<std::uint64_t> replay::suppressed() const {
  std::vector<std::uint64_t> counts;
  for (const auto& counted : detector_.counters()) counts.push_back(counted.suppressed);
  return counts;
}

}  // namespace weir::backtest
