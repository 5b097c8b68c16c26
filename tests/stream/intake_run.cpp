#include "intake_run.hpp"

#include <stdexcept>

namespace weir::testing {

using namespace weir::stream;

intake_run::intake_run(std::vector<source_options> sources) : intake_(types_, names_, std::move(sources)) {
  for (const auto& source : intake_.sources()) {
    framers_.emplace_back(source.format.syntax, static_cast<source_id>(framers_.size()));
  }
}

void intake_run::feed(unsigned source, std::string_view bytes) {
  auto framed = framers_[source].push(bytes, aside_);
  if (framed) intake_.feed(static_cast<source_id>(source), std::move(*framed));
}

void intake_run::end(unsigned source) {
  auto framed = framers_[source].finish();
  if (framed) intake_.feed(static_cast<source_id>(source), std::move(*framed));
  intake_.end(static_cast<source_id>(source));
}

bool intake_run::next(std::size_t rows_max) {
  const auto given = intake_.next(rows_max, aside_);
  if (!given) return false;
  if (given->size() > rows_max) throw std::logic_error("the batch is too large");
  for (const row_ref row : given->order()) rows.push_back(describe(*given, row, types_, names_));
  watermarks.push_back(given->watermark());
  batch_rows.push_back(given->size());
  return true;
}

void intake_run::drain(std::size_t rows_max) {
  while (next(rows_max)) {
  }
}

std::vector<std::string> intake_run::aside() const {
  std::vector<std::string> lines;
  for (const auto& record : aside_) {
    const std::string kind = record.kind == set_aside_kind::late ? "late " : "bad ";
    lines.push_back(kind + std::to_string(record.line) + '@' + std::to_string(record.byte) + ' ' + record.reason);
  }
  return lines;
}

source_options source_of(std::string_view event, record_syntax syntax, std::optional<duration> lateness) {
  source_options options{.name = event.empty() ? "all" : std::string{event}, .format = {}, .lateness = lateness};
  options.format.syntax = syntax;
  if (!event.empty()) options.format.event = sample_schema().find(event);
  return options;
}

std::vector<std::string> decoded(std::string_view text, std::string_view event, record_syntax syntax) {
  intake_run run({source_of(event, syntax, std::nullopt)});
  run.feed(0, text);
  run.end(0);
  run.drain();
  std::vector<std::string> lines;
  for (const std::string& row : run.rows) {
    const std::size_t from = row.find(" s0@");
    const std::size_t end = row.find(' ', from + 1);
    lines.push_back(row.substr(0, from) + (end == std::string::npos ? "" : row.substr(end)));
  }
  for (const std::string& line : run.aside()) lines.push_back(line);
  return lines;
}

std::string reason_of(std::string_view text, std::string_view event, record_syntax syntax) {
  intake_run run({source_of(event, syntax, std::nullopt)});
  run.feed(0, text);
  run.end(0);
  run.drain();
  return run.aside_records().empty() ? "" : run.aside_records().back().reason;
}

}  // namespace weir::testing
