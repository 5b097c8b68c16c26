#include "rules/dstream/detect.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "rules/line_buffer.hpp"
#include "stream/block.hpp"

namespace weir::rules {

detect_node::detect_node(stream::node<stream::event_batch>& events, detector& rules)
    : node(events.room(), "detect", {&events}, events.slide()), events_(&events), rules_(&rules) {}

void detect_node::run(const stream::batch_info&) {
  rows_.clear();
  if (begun_) rules_->forget();
  begun_ = true;
  const auto& rows = events_->rows();
  if (rows.size() > 1) throw std::invalid_argument("a batch of events is one row: a detector takes one stream of them");
  for (const auto part : rows) {
    for (const auto& row : part) rows_.add(rules_->advance(taken_over(row, *events_)));
  }
}

stream::state_size detect_node::state() const {
  return {.rows = rules_->live_subjects(), .bytes = rules_->log_bytes()};
}

namespace {

constexpr std::size_t rows_at_a_time = 4096;

}  // namespace

record_rules::record_rules(const program& rules, const stream::source_options& described)
    : rules_(rules),
      names_(rules.schema),
      intake_(rules.schema, names_, {described}),
      writer_(rules, names_, {described.name}),
      detector_(rules, names_, writer_) {
  if (const auto remembered = detector_.remembered(); remembered != stream::duration::max()) {
    names_.recycle(stream::id_recycling{.retention = remembered});
  }
}

std::vector<alert> record_rules::advance(std::string_view lines, const stream::batch_info& now) {
  std::vector<alert> found;
  if (!lines.empty()) intake_.feed(source, stream::make_block(lines, bytes_, lines_ + 1));
  bytes_ += lines.size();
  lines_ += static_cast<std::uint64_t>(std::ranges::count(lines, '\n'));
  if (now.last) intake_.end(source);
  while (auto events = intake_.next(rows_at_a_time, aside_)) match(std::move(*events), now.time, found);
  if (const auto failure = intake_.failure()) throw std::runtime_error(failure->message);
  if (now.last) {
    stream::batch closing(rules_.schema);
    closing.set_watermark(stream::end_of_time);
    match(std::move(closing), now.time, found);
  }
  return found;
}

void record_rules::match(stream::batch events, stream::timestamp detected, std::vector<alert>& found) {
  const stream::timestamp watermark = events.watermark();
  line_buffer line;
  for (const cep::match& one : detector_.advance(std::move(events))) {
    const auto& log = detector_.log_of(one);
    line.clear();
    writer_.put_json(line, one, log, ++alerts_, detected);
    found.push_back({.rule = writer_.cause(one).name,
                     .subject = writer_.subject(one),
                     .at = one.at,
                     .json = std::string(line.text())});
  }
  detector_.forget();
  names_.pass(intake_.greatest_time(), watermark);
}

std::vector<stream::set_aside_record> record_rules::set_aside() { return std::exchange(aside_, {}); }

stream::state_size record_rules::state() const {
  return {.rows = detector_.live_subjects(), .bytes = detector_.log_bytes(), .late_rows = counters().late};
}

}  // namespace weir::rules
