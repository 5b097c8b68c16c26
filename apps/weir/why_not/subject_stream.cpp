#include "apps/weir/why_not/subject_stream.hpp"

#include <algorithm>
#include <utility>

#include "apps/weir/explain/condition_text.hpp"

namespace weir::why_not {

subject_stream::subject_stream(const cep::pattern& pattern, std::vector<stream::symbol> subject,
                               stream::timestamp until, const rules::program& program)
    : filters_(explain::filters_of(pattern)), subject_(std::move(subject)), until_(until), kept_(program.schema) {
  for (const auto& asked : cep::questions_of(pattern)) edges_.push_back(program.graphs[asked.graph].event);
  for (const auto& a : pattern.aggregates) filters_.push_back(&a.events);
}

void subject_stream::take(const stream::batch& next) {
  for (const auto row : next.order()) {
    if (next.at(row) > until_) return;
    if (!wants(next, row)) continue;
    auto& table = kept_[row.type];
    table.push_from(next[row.type], row.row);
    kept_.append_to_order({.type = row.type, .row = static_cast<std::uint32_t>(table.size() - 1)});
  }
}

bool subject_stream::wants(const stream::batch& from, stream::row_ref row) const {
  if (std::ranges::find(edges_, row.type) != edges_.end()) return true;
  return std::ranges::any_of(filters_, [&](const cep::event_filter* events) {
    return events->type == row.type && belongs(from[row.type], row.row, *events, subject_);
  });
}

stream::batch subject_stream::finish() {
  kept_.set_watermark(stream::saturating_add(until_, stream::duration{1}));
  return std::move(kept_);
}

bool belongs(const stream::table& rows, std::uint32_t row, const cep::event_filter& events,
             std::span<const stream::symbol> subject) {
  for (std::size_t i = 0; i < events.keys.size(); ++i) {
    const auto& column = rows[events.keys[i]];
    if (!column.present(row) || column.id(row) != subject[i]) return false;
  }
  return true;
}

}  // namespace weir::why_not
